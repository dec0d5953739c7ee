using System.Buffers;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Commands.Reconciliation;

/// <summary>Asks one origin for documents, with nothing but the header lines that it is given. Redirects are not followed.</summary>
internal sealed class AdminOrigin(UpstreamOrigin origin, TimeProvider time) : IDisposable
{
    private const int MostBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConnectionPool pool = new(origin, new TcpConnector(TimeSpan.FromSeconds(10), time), time);

    /// <summary>Status and body, or in words why there is no answer.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body, string? Problem)> GetAsync(string target, IReadOnlyList<(string Name, string Value)> lines, CancellationToken cancellation)
    {
        var (connection, fault) = await pool.RentAsync(cancellation);
        if (connection is null)
        {
            return (0, default, $"{origin} cannot be reached: {fault!.Detail}.");
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await using var abort = either.Token.UnsafeRegister(static open => ((UpstreamConnection)open!).Abort(), connection);
        var head = new RequestHead("GET", origin.PathPrefix + target, origin.Authority);
        try
        {
            head.Add("User-Agent", ProductVersion.UserAgent);
            foreach (var (name, value) in lines)
            {
                head.Add(name, value);
            }

            head.End();
            fault = await connection.ExchangeAsync(head.Bytes, null, isHeadRequest: false);
            return fault is not null ? (0, default, $"{origin} gave no answer: {fault.Detail}.")
                : await TryReadAsync(connection) is { } body ? (connection.Head.Status, body, null)
                : (0, default, $"the answer of {origin} broke off.");
        }
        finally
        {
            head.Dispose();
            await connection.StopSendingAsync();
            pool.Return(connection);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pool.Dispose();

    private static async Task<ReadOnlyMemory<byte>?> TryReadAsync(UpstreamConnection connection)
    {
        var body = new ArrayBufferWriter<byte>(16 * 1024);
        while (true)
        {
            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                if (body.WrittenCount + payload.Length > MostBytes)
                {
                    return null;
                }

                body.Write(payload);
            }

            if (step != BodyStep.NeedsMore)
            {
                return step == BodyStep.End ? body.WrittenMemory : null;
            }

            try
            {
                connection.Received(await connection.ReceiveAsync());
            }
            catch (Exception e) when (UpstreamConnection.IsTransportFailure(e))
            {
                connection.ReceiveFailed(e);
            }
        }
    }
}
