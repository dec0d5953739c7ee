using Tuppence.Accounting;
using Tuppence.Exchange;
using Tuppence.Messages.Usage;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Caching;

/// <summary>Sends pings, with the upstream's own credential as it is at that moment.</summary>
internal sealed class PingSender(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Sends one. Gives the usage, or why there is none; <paramref name="record"/> hears of the answer.</summary>
    public async Task<(TokenUsage? Usage, string? Problem)> SendAsync(Ping ping, Upstream upstream, RequestRecord? record, CancellationToken stop)
    {
        var headers = new HeaderPlan();
        foreach (var (name, value) in ping.Lines)
        {
            headers.Add(name, value);
        }

        var (_, error) = await Authorization.AddAsync(upstream, default, isAtHome: true, new HeaderDictionary(), headers, stop);
        if (error is not null)
        {
            return (null, error.Message);
        }

        var (connection, fault) = await upstream.Connections.RentAsync(stop);
        if (connection is null)
        {
            return (null, fault!.Detail);
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        await using var abort = either.Token.UnsafeRegister(static open => ((UpstreamConnection)open!).Abort(), connection);
        var head = new RequestHead("POST", ping.Target, upstream.Origin.Authority);
        try
        {
            RequestHeaders.Copy(new HeaderDictionary(), headers, ref head);
            head.AddContentLength(ping.Body.Length);
            headers.Signer?.Sign(new SignedRequest("POST", ping.Target, upstream.Origin.Authority, ping.Body, isBodyAtHand: true), ref head);
            head.End();
            fault = await connection.ExchangeAsync(head.Bytes, stream => stream.WriteAsync(ping.Body).AsTask(), isHeadRequest: false);
            if (fault is not null)
            {
                return (null, fault.Detail);
            }

            var usage = new UsageReader(isStream: false);
            if (record is not null)
            {
                (record.Status, record.Usage, record.ProviderId) = (connection.Head.Status, usage, connection.Head.Find("request-id"));
            }

            var isWhole = await ReadAsync(connection, usage);
            return connection.Head.Status is < 200 or >= 300 ? (null, $"status {connection.Head.Status}")
                : isWhole && usage.HasInput ? (usage.Usage, null)
                : (null, "the answer tells no usage");
        }
        finally
        {
            head.Dispose();
            await connection.StopSendingAsync();
            upstream.Connections.Return(connection);
        }
    }

    private static async Task<bool> ReadAsync(UpstreamConnection connection, UsageReader usage)
    {
        while (true)
        {
            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                usage.Feed(payload);
            }

            if (step != BodyStep.NeedsMore)
            {
                return step == BodyStep.End;
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
