using System.Diagnostics;
using Tuppence.Accounting;

namespace Tuppence.Telemetry;

/// <summary>The spans of one request: the gateway's own, and below it the one of the model's answer, which begins when the request is about to be sent.</summary>
internal sealed class RequestTrace(ActivitySource source, Activity? server, OpenRequest request)
{
    private Activity? chat;

    /// <summary>The gateway's span; null for requests of its own.</summary>
    public Activity? Server => server;

    /// <summary>The span of the answer, begun now where it is not under way yet; null where the request is not traced, or is none to a model.</summary>
    public Activity? Chat()
    {
        if (chat is null && GenAi.IsChat(request.Kind) && (server is { Recorded: true } || server is null))
        {
            chat = source.CreateActivity("chat", ActivityKind.Client, server?.Context ?? default, idFormat: ActivityIdFormat.W3C)?.Start();
        }

        return chat;
    }

    /// <summary>What an upstream would be told as <c>traceparent</c> (https://www.w3.org/TR/trace-context), or null.</summary>
    public string? ForUpstream() => Chat() is { IdFormat: ActivityIdFormat.W3C } span ? span.Id : null;
}
