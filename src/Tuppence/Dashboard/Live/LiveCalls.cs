using System.Buffers;
using System.Text.Json;
using Tuppence.Accounting;
using Tuppence.Dashboard.Access;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;
using Tuppence.Spending;

namespace Tuppence.Dashboard.Live;

/// <summary>
/// <c>GET /tuppence/api/live</c>: server-sent events. First <c>hello</c> with all open requests, then each change; twice a second how far
/// the streaming ones are; <c>budgets</c> where they changed; a comment every 15 seconds. It ends when the gateway begins to stop, or the session ends.
/// </summary>
internal sealed class LiveCalls(GatewayState state, DashboardState dashboard, DashboardAccess access)
{
    private const int TicksPerPing = 30;
    private const int TicksPerBudgets = 4;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers.</summary>
    public async Task RunAsync(ApiCall call)
    {
        if (dashboard.Live.Join() is not { } feed)
        {
            await Answers.ErrorAsync(call.Context, ErrorKind.Overloaded, $"{LiveRequests.MostFeeds} pages are already told of requests as they come. Close some of them.");
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, state.Stopping);
        try
        {
            Answers.Protect(call.Context.Response, "text/event-stream");
            // Not to be held back by a proxy between (nginx).
            call.Context.Response.Headers["X-Accel-Buffering"] = "no";
            await TellAsync(call, feed, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The page left, or the gateway stops: an answer that ends in order.
        }
        finally
        {
            dashboard.Live.Leave(feed);
        }
    }

    private async Task TellAsync(ApiCall call, LiveFeed feed, CancellationToken end)
    {
        var output = call.Context.Response.BodyWriter;
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        var budgets = Budgets();
        using var timer = new PeriodicTimer(Tick, state.Time);
        var (tick, ready) = (timer.WaitForNextTickAsync(end).AsTask(), feed.WaitAsync(end).AsTask());
        Greet(output, told);
        await output.FlushAsync(end);
        for (var ticks = 1; ;)
        {
            await Task.WhenAny(tick, ready);
            end.ThrowIfCancellationRequested();
            if (feed.TakeBehind())
            {
                Greet(output, told);
            }

            while (feed.TryTake(out var next))
            {
                output.Write(next.Span);
            }

            if (tick.IsCompleted)
            {
                if (!access.IsSignedIn(call.Context.Request, state.Current))
                {
                    return;
                }

                Progress(output, told);
                if (ticks % TicksPerBudgets == 0 && Budgets() is var now && !now.Span.SequenceEqual(budgets.Span))
                {
                    output.Write(now.Span);
                    budgets = now;
                }

                if (ticks++ % TicksPerPing == 0)
                {
                    output.Write(": ping\n\n"u8);
                }

                tick = timer.WaitForNextTickAsync(end).AsTask();
            }

            if (ready.IsCompleted)
            {
                ready = feed.WaitAsync(end).AsTask();
            }

            await output.FlushAsync(end);
        }
    }

    private void Greet(IBufferWriter<byte> output, Dictionary<string, long> told)
    {
        told.Clear();
        output.Write(LiveRequests.EventOf("hello"u8, dashboard.Live.Open, static (json, open) =>
        {
            json.WriteStartArray();
            foreach (var request in open)
            {
                LedgerJson.Write(json, request);
            }

            json.WriteEndArray();
        }).Span);
    }

    private ReadOnlyMemory<byte> Budgets() => LiveRequests.EventOf("budgets"u8, state.Budgets.States(state.Time.GetUtcNow()), static (json, budgets) =>
    {
        json.WriteStartArray();
        foreach (var budget in budgets)
        {
            BudgetJson.Write(json, budget);
        }

        json.WriteEndArray();
    });

    /// <summary>The streaming requests that have come further.</summary>
    private void Progress(IBufferWriter<byte> output, Dictionary<string, long> told)
    {
        var open = dashboard.Live.Open;
        foreach (var request in open)
        {
            if (request.IsAnswering && told.GetValueOrDefault(request.Id) != request.ResponseBytes)
            {
                told[request.Id] = request.ResponseBytes;
                output.Write(LiveRequests.EventOf("advanced"u8, request, static (Utf8JsonWriter json, OpenRequest it) => LedgerJson.Write(json, it)).Span);
            }
        }

        if (told.Count > open.Count + 64)
        {
            told.Clear();
        }
    }
}
