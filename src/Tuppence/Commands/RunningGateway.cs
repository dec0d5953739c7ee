using System.Buffers;
using System.Net;
using Tuppence.Configuration;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Commands;

/// <summary>The gateway of a configuration, on this machine, as a command asks it.</summary>
internal sealed class RunningGateway(GatewayConfig config, TimeProvider time)
{
    private const int MostBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly UpstreamOrigin origin = OriginOf(config.Host, config.Port);

    /// <summary>Asks for a page of ours. Gives status and body, or in words why there is no answer.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body, string? Problem)> GetAsync(string path, CancellationToken stop)
    {
        using var pool = new ConnectionPool(origin, new TcpConnector(Limit, time), time);
        var (connection, fault) = await pool.RentAsync(stop);
        if (connection is null)
        {
            return (0, default, $"no gateway answers on {origin}: {fault!.Detail}");
        }

        using (connection)
        using (var timer = new CancellationTokenSource(Limit, time))
        using (timer.Token.UnsafeRegister(static open => ((UpstreamConnection)open!).Abort(), connection))
        using (var head = new RequestHead("GET", path, origin.Authority))
        {
            head.Add("User-Agent", ProductVersion.UserAgent);
            if (config.GatewayKeys.Count > 0)
            {
                head.Add("x-api-key", config.GatewayKeys[0].Reveal());
            }

            head.End();
            fault = await connection.ExchangeAsync(head.Bytes, null, isHeadRequest: false);
            if (fault is not null)
            {
                return (0, default, $"the gateway on {origin} gave no answer: {fault.Detail}");
            }

            return await TryReadAsync(connection) is { } body
                ? (connection.Head.Status, body, connection.Head.Status == 200 ? null : $"the gateway on {origin} answers {connection.Head.Status}")
                : (0, default, $"the answer of the gateway on {origin} broke off");
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> TryReadAsync(UpstreamConnection connection)
    {
        var body = new ArrayBufferWriter<byte>(4096);
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

    /// <summary>A gateway that listens on all addresses is asked on loopback.</summary>
    private static UpstreamOrigin OriginOf(string host, int port)
    {
        var name = IPAddress.TryParse(host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? host.Trim('[', ']') : "127.0.0.1";
        return new UpstreamOrigin { IsSecure = false, Host = name, Port = port, Authority = $"localhost:{port}" };
    }
}
