using System.Buffers;
using Tuppence.Messages.Models;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>
/// Answers <c>GET /v1/models</c> where requests can go to several upstreams: one list of all models that a request would find, each
/// from the first upstream that lists it, and the aliases. An upstream that does not answer is left out; <c>x-tuppence-models</c> says so.
/// </summary>
/// <param name="gateway">Upstreams, rules, aliases.</param>
/// <param name="state">Clock.</param>
/// <param name="context">The client's side.</param>
/// <param name="facts">The request, as the rules see it.</param>
internal sealed class MergedModels(Gateway gateway, GatewayState state, HttpContext context, ChoiceFacts facts)
{
    private const string Path = "/v1/models";
    private const int MostBytes = 4 * 1024 * 1024;

    // Claude Code waits 3 s for the list (https://code.claude.com/docs/en/llm-gateway-protocol, 2026-08-22).
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2.5);

    /// <summary>True for the list itself, however it is paged: it comes in one page.</summary>
    public static bool IsAskedFor(string method, in Route route) =>
        route.Surface == Surface.Relay && HttpMethods.IsGet(method) && route.Target.StartsWith(Path, StringComparison.Ordinal)
        && (route.Target.Length == Path.Length || route.Target[Path.Length] == '?');

    /// <summary>The model that a request for one model's entry names, or null.</summary>
    public static string? IdOf(in Route route)
    {
        if (route.Surface != Surface.Relay || !route.Target.StartsWith(Path + "/", StringComparison.Ordinal))
        {
            return null;
        }

        var id = route.Target[(Path.Length + 1)..];
        return Uri.UnescapeDataString(id.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? id[..query] : id);
    }

    /// <summary>Asks all at once and answers.</summary>
    public async Task AnswerAsync(IReadOnlyList<Upstream> upstreams)
    {
        var home = gateway.Choice.TryFor(facts with { Model = null }, out var order, out _) ? order[0] : upstreams[0];
        var lists = await Task.WhenAll(upstreams.Select(upstream => ListAsync(upstream, home)));
        var merged = new Dictionary<string, ModelListingEntry>(StringComparer.Ordinal);
        for (var i = 0; i < lists.Length; i++)
        {
            foreach (var entry in lists[i].Entries)
            {
                if (Leads(entry.Id, upstreams[i]))
                {
                    merged.TryAdd(entry.Id, entry);
                }
            }
        }

        foreach (var (alias, target) in gateway.Config.ModelAliases)
        {
            merged.TryAdd(alias, ModelListing.Alias(alias, target, merged.GetValueOrDefault(target)));
        }

        var response = context.Response;
        var body = ModelListing.Write([.. merged.Values]);
        response.Headers["x-tuppence-models"] = string.Join(", ", upstreams.Select((upstream, i) => $"{upstream.Name}={lists[i].Outcome}"));
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }

    /// <summary>True where a request for that model would come to the upstream.</summary>
    private bool Leads(string model, Upstream upstream) =>
        gateway.Choice.TryFor(facts with { Model = model }, out var order, out _) && order.Contains(upstream);

    /// <summary>An upstream's list, or none; the outcome is the number of entries, or what went wrong in a word or number.</summary>
    private async Task<(IReadOnlyList<ModelListingEntry> Entries, string Outcome)> ListAsync(Upstream upstream, Upstream home)
    {
        var headers = new HeaderPlan();
        headers.Drop("accept-encoding");
        headers.Drop("if-none-match");
        var (_, error) = await Authorization.AddAsync(
            upstream, facts.Client, UpstreamChoice.IsAtHome(upstream, home, facts.Client), context.Request.Headers, headers, context.RequestAborted);
        if (error is not null)
        {
            return ([], "no-credential");
        }

        var (body, outcome) = await FetchAsync(upstream, headers);
        return outcome != "200" ? ([], outcome)
            : ModelListing.TryRead(body, out var entries) ? (entries, $"{entries.Count}")
            : ([], "no-list");
    }

    /// <summary>The body of the answer, and its status or what went wrong.</summary>
    private async Task<(ReadOnlyMemory<byte> Body, string Outcome)> FetchAsync(Upstream upstream, HeaderPlan headers)
    {
        using var limit = new CancellationTokenSource(MaxWait, state.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        UpstreamConnection? connection = null;
        var head = new RequestHead("GET", $"{upstream.Origin.PathPrefix}{Path}?limit=1000", upstream.Origin.Authority);
        try
        {
            RequestHeaders.Copy(context.Request.Headers, headers, ref head);
            head.End();
            (connection, var fault) = await upstream.Connections.RentAsync(either.Token);
            if (connection is null)
            {
                return (default, fault!.Kind == FaultKind.ConnectTimeout ? "timeout" : "unreachable");
            }

            using var stop = either.Token.UnsafeRegister(static open => ((UpstreamConnection)open!).Abort(), connection);
            fault = await connection.ExchangeAsync(head.Bytes, null, isHeadRequest: false);
            if (fault is not null)
            {
                return (default, limit.IsCancellationRequested ? "timeout" : "no-answer");
            }

            var body = await ReadAsync(connection);
            return (body ?? default, body is null ? limit.IsCancellationRequested ? "timeout" : "no-answer" : $"{connection.Head.Status}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return (default, "timeout");
        }
        finally
        {
            if (connection is not null)
            {
                await connection.StopSendingAsync();
                upstream.Connections.Return(connection);
            }

            head.Dispose();
        }
    }

    /// <summary>A whole body, or null where it breaks off or is too large to be a list.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(UpstreamConnection connection)
    {
        var body = new ArrayBufferWriter<byte>(16 * 1024);
        while (body.WrittenCount <= MostBytes)
        {
            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                body.Write(payload);
            }

            if (step != BodyStep.NeedsMore)
            {
                return step == BodyStep.End ? body.WrittenMemory : (ReadOnlyMemory<byte>?)null;
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

        return null;
    }
}
