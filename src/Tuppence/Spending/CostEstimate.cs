using System.Buffers.Text;
using Tuppence.Caching;
using Tuppence.Messages.Models;
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
    public static long? Of(ReadOnlyMemory<byte> body, PlannedRequest? plan)
    {
        var prompt = new Prompt();
        if (!Reader.TryRead(body, prompt) || !ModelTable.Default.TryFind(prompt.Model, out var model))
        {
            return null;
        }

        var prices = model.LongContextPrices is { } larger && prompt.Tokens > model.LongContextThreshold ? larger : model.Prices;
        var input = plan is { Turn: { } turn } ? turn.Context.CostOf(turn.Forecast) : prompt.Tokens * prices.Input;
        return input + (MostOutput(prompt.Body, body.Span, model) * prices.Output);
    }

    private static long MostOutput(MessageBody body, ReadOnlySpan<byte> json, Model model) =>
        body.TryFind("max_tokens"u8, out var member) && Utf8Parser.TryParse(member.Value.Of(json), out long most, out var read) && read == member.Value.Of(json).Length && most >= 0
            ? model.MaxOutput > 0 ? Math.Min(most, model.MaxOutput) : Math.Min(most, int.MaxValue)
            : model.MaxOutput;
}
