using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Tuppence.Accounting;
using Tuppence.Caching;
using Tuppence.Exchange;
using Tuppence.Messages.Pricing;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Trials;

/// <summary>
/// One small request of Tuppence's own to one upstream, to see whether everything between here and there works. It goes the way of every request, with
/// the upstream's configured credential and nothing else, and leaves a row of kind <see cref="RequestKind.Test"/>.
/// </summary>
internal sealed class TestCall(GatewayState state, Gateway gateway, string upstream, string model)
{
    private const int MaxTokens = 16;

    // What its input comes to, with room: some models count half as much again.
    private const int MostInput = 64;

    /// <summary>Most that it costs in nano-dollars; null where the price is not known.</summary>
    public static long? MostOf(Upstream upstream, string model, DateTimeOffset at) => PriceList.Default.Of(
        model,
        new BilledUsage { Input = MostInput, Output = MaxTokens, Platform = upstream.Platform, IsRegional = upstream.IsRegional(model) },
        DateOnly.FromDateTime(at.UtcDateTime))?.Total;

    /// <summary>Makes it. Gives the row, and the answer's body.</summary>
    public async Task<(LedgerEntry? Entry, byte[] Answer)> RunAsync(CancellationToken cancellation)
    {
        var context = Context(cancellation);
        var id = state.RequestIds.Next();
        var kept = new KeptEntry(id);
        state.Sinks.Add(kept);
        try
        {
            var record = new RequestRecord(state, new OpenRequest(id, state.Time.GetUtcNow(), RequestKind.Test) { Client = ProductVersion.UserAgent });
            try
            {
                await new Exchange.Exchange(gateway, context, state, record).RunAsync(new Route(Surface.Messages, "/v1/messages"));
            }
            finally
            {
                record.End(context);
            }

            await context.Response.BodyWriter.FlushAsync(cancellation);
            return (kept.Entry, ((MemoryStream)context.Response.Body).ToArray());
        }
        finally
        {
            state.Sinks.Remove(kept);
        }
    }

    private DefaultHttpContext Context(CancellationToken cancellation)
    {
        var body = Body();
        var context = new DefaultHttpContext { RequestAborted = cancellation };
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/v1/messages";
        var request = context.Request;
        (request.Method, request.Path, request.Protocol) = ("POST", "/v1/messages", "HTTP/1.1");
        request.Headers.Host = "localhost";
        request.Headers.ContentType = "application/json";
        request.Headers.ContentLength = body.Length;
        request.Headers.UserAgent = ProductVersion.UserAgent;
        request.Headers["anthropic-version"] = "2023-06-01";
        request.Headers["x-tuppence-upstream"] = upstream;
        request.Headers[LevelChoice.Header] = "off";
        request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        return context;
    }

    private byte[] Body()
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteNumber("max_tokens"u8, MaxTokens);
            json.WriteStartArray("messages"u8);
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WriteString("content"u8, "Reply with the word: pong"u8);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.ToArray();
    }

    /// <summary>Waits for the row of one request.</summary>
    private sealed class KeptEntry(string id) : IRequestSink
    {
        public LedgerEntry? Entry { get; private set; }

        public void Began(OpenRequest request)
        {
            // Only its end matters.
        }

        public void Advanced(OpenRequest request)
        {
            // Only its end matters.
        }

        public void Ended(OpenRequest request, LedgerEntry entry) => Entry = request.Id == id ? entry : Entry;
    }
}
