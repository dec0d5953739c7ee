using System.Buffers.Text;
using Tuppence.Caching;
using Tuppence.Exchange;
using Tuppence.Messages.Models;
using Tuppence.Messages.Pricing;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Spending;

/// <summary>What a request may cost, before it is sent.</summary>
internal static class CostEstimate
{
    private static readonly PromptReader Reader = new(ScriptTokenCounter.Instance, ModelTable.Default);

    /// <summary>
    /// Nano-dollars: the input as the planner expects it to be billed, or without a plan all of it at the price of uncached input; and as
    /// much output as <c>max_tokens</c> allows. Null where the model's price is not known.
    /// </summary>
    /// <remarks>Tools that the provider runs are not in it: nobody knows before how often they will be.</remarks>
    /// <param name="body">The body as it would go to the Messages API.</param>
    /// <param name="plan">Its plan, or null.</param>
    /// <param name="upstream">Where it goes, which has a say in prices.</param>
    /// <param name="at">When it arrived.</param>
    public static long? Of(ReadOnlyMemory<byte> body, PlannedRequest? plan, Upstream upstream, DateTimeOffset at)
    {
        var prompt = new Prompt();
        if (!Reader.TryRead(body, prompt) || !ModelTable.Default.TryFind(prompt.Model, out var model))
        {
            return null;
        }

        var usage = new BilledUsage
        {
            Input = prompt.Tokens,
            Output = MostOutput(prompt.Body, body.Span, model),
            Platform = upstream.Platform,
            IsRegional = upstream.IsRegional(prompt.Model),
        };
        if (plan is { Turn.Forecast: var forecast })
        {
            usage = usage with { Input = forecast.Uncached, CacheRead = forecast.Read, CacheWrite5m = forecast.Write5m, CacheWrite1h = forecast.Write1h };
        }

        return PriceList.Default.Of(prompt.Model, usage, DateOnly.FromDateTime(at.UtcDateTime))?.Total;
    }

    private static long MostOutput(MessageBody body, ReadOnlySpan<byte> json, Model model) =>
        body.TryFind("max_tokens"u8, out var member) && Utf8Parser.TryParse(member.Value.Of(json), out int most, out var read) && read == member.Value.Of(json).Length && most >= 0
            ? model.MaxOutput > 0 ? Math.Min(most, model.MaxOutput) : most
            : model.MaxOutput;
}
