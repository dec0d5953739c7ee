using System.Diagnostics;
using Tuppence.Accounting;
using Tuppence.Exchange;
using Tuppence.State.Ledger;

namespace Tuppence.Telemetry;

/// <summary>Makes two spans of each request: the gateway's, below the client's where that sent a <c>traceparent</c>, and <c>chat MODEL</c> below it.</summary>
/// <param name="source">Where spans come from.</param>
/// <param name="upstreams">The upstreams in force.</param>
internal sealed class TraceSink(ActivitySource source, Func<IReadOnlyList<Upstream>> upstreams) : IRequestSink
{
    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
        if (request.Kind is RequestKind.KeepAlive or RequestKind.Test)
        {
            request.Trace = new RequestTrace(source, null, request);
            return;
        }

        // What cannot be read is none: the trace begins here.
        var parent = ActivityContext.TryParse(request.TraceParent, request.TraceState, isRemote: true, out var sent) ? sent : default;

        var route = request.Kind switch { RequestKind.Message => "/v1/messages", RequestKind.CountTokens => "/v1/messages/count_tokens", _ => null };
        // Without a parent of its own it would go below whatever span the thread is in.
        var span = source.CreateActivity(route is null ? request.Method : $"{request.Method} {route}", ActivityKind.Server, parent, idFormat: ActivityIdFormat.W3C);
        if (span is null)
        {
            return;
        }

        Activity.Current = null;
        span.Start();
        Activity.Current = null;
        span.SetTag("http.request.method", request.Method);
        span.SetTag("http.route", route);
        span.SetTag("tuppence.request.id", request.Id);
        request.Trace = new RequestTrace(source, span, request);
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
        if (request.Upstream is not null)
        {
            request.Trace?.Chat();
            Activity.Current = null;
        }
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        if (request.Trace is not { } trace)
        {
            return;
        }

        var error = GenAi.ErrorOf(entry);
        if (entry.Upstream is not null && trace.Chat() is { } chat)
        {
            Describe(chat, request, entry);
            End(chat, error);
        }

        if (trace.Server is { } server)
        {
            server.SetTag("http.response.status_code", entry.Status);
            server.SetTag("user_agent.original", entry.Client);
            server.SetTag("tuppence.outcome", GenAi.OutcomeOf(entry.Outcome));
            server.SetTag("tuppence.preset", entry.Upstream is null ? null : entry.Preset);
            server.SetTag("tuppence.key", entry.Key);
            server.SetTag("tuppence.upstream", entry.Upstream);
            server.SetTag("tuppence.retries", entry.Retries == 0 ? null : entry.Retries);
            server.SetTag("tuppence.overhead_us", entry.Times.Own);
            server.SetTag("tuppence.queue_us", entry.Times.Queue == 0 ? null : entry.Times.Queue);
            End(server, entry.Status is >= 500 || entry.Status is null || entry.Outcome == RequestOutcome.Broken ? error : null);
        }
    }

    private void Describe(Activity chat, OpenRequest request, LedgerEntry entry)
    {
        var asked = request.Model ?? entry.Model;
        chat.DisplayName = asked is null ? "chat" : $"chat {asked}";
        chat.SetTag(GenAi.Operation, "chat");
        chat.SetTag(GenAi.Provider, GenAi.ProviderOf(entry.Platform));
        chat.SetTag(GenAi.RequestModel, asked);
        chat.SetTag(GenAi.ResponseModel, entry.Usage is null ? null : entry.Model);
        chat.SetTag(GenAi.ResponseId, request.MessageId);
        chat.SetTag(GenAi.RequestStream, entry.IsStream ? true : null);
        chat.SetTag(GenAi.Conversation, entry.Conversation);
        chat.SetTag(GenAi.FinishReasons, entry.StopReason is { } reason ? new[] { reason } : null);
        if (entry is { IsStream: true, Times.FirstByte: { } first })
        {
            chat.SetTag(GenAi.FirstChunk, first / 1e6);
        }

        if (entry.Usage is { } usage)
        {
            // Tokens of the prompt, cached ones included, as the conventions have it for Anthropic.
            chat.SetTag(GenAi.InputTokens, usage.AllInput);
            chat.SetTag(GenAi.OutputTokens, usage.Output);
            chat.SetTag(GenAi.CacheReadTokens, usage.CacheRead);
            chat.SetTag(GenAi.CacheCreationTokens, usage.CacheWrite5m + usage.CacheWrite1h);
            chat.SetTag(GenAi.ReasoningTokens, usage.Thinking);
        }

        if (entry.Cost is { } cost)
        {
            chat.SetTag("tuppence.cost_usd", cost.Total / 1e9);
        }

        if (upstreams().FirstOrDefault(upstream => upstream.Name == entry.Upstream) is { IsBuiltIn: false } upstream)
        {
            chat.SetTag(GenAi.ServerAddress, upstream.Origin.Host);
            chat.SetTag(GenAi.ServerPort, upstream.Origin.Port);
        }
    }

    private static void End(Activity span, string? error)
    {
        if (error is not null)
        {
            span.SetTag(GenAi.ErrorType, error);
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
        Activity.Current = null;
    }
}
