using System.Globalization;
using System.Text;
using System.Text.Json;
using Tuppence.Caching;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;
using Tuppence.Texts;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Commands;

/// <summary>What would be done to a request, and what it would cost.</summary>
internal sealed class ExplainedRequest
{
    private readonly byte[] before;
    private readonly byte[] after;
    private readonly IReadOnlyList<AppliedEdit> edits;
    private readonly PlannedTurn turn;
    private readonly (Breakpoint Breakpoint, PromptBlock Block)[] breakpoints;
    private readonly int blocks;

    private ExplainedRequest(byte[] before, CachePlan plan, PlannedTurn turn)
    {
        (this.before, this.turn, edits) = (before, turn, [.. plan.Edits]);
        after = new byte[plan.Length];
        plan.CopyTo(after);
        blocks = plan.Prompt.Blocks.Length;
        var found = new List<(Breakpoint, PromptBlock)>();
        foreach (var breakpoint in turn.Breakpoints)
        {
            found.Add((breakpoint, plan.Prompt.Blocks[breakpoint.Block]));
        }

        breakpoints = [.. found];
    }

    /// <summary>Plans the requests in their order, a minute apart, as a gateway that has just started would; gives the last. Null where it cannot be planned.</summary>
    public static ExplainedRequest? Of(IReadOnlyList<byte[]> bodies, CacheLevel level, TimeProvider time)
    {
        var planner = Planners.Create(new CacheConfig());
        var at = time.GetUtcNow();
        ExplainedRequest? last = null;
        foreach (var body in bodies)
        {
            var model = BodyPeek.TryFirstModel(body, out var name) && ModelTable.Default.TryFind(name, out var known) ? known : null;
            var context = UpstreamCaching.Of(new UpstreamConfig()).ContextOf(model, "file", level, at);
            using var plan = planner.Plan(body, context);
            last = plan.Turn is { } turn ? new ExplainedRequest(body, plan, turn) : null;
            if (plan.Turn is { } planned)
            {
                planner.Settle(planned, planned.Forecast);
            }

            at += TimeSpan.FromMinutes(1);
        }

        return last;
    }

    /// <summary>For people.</summary>
    public string ToText(Terminal terminal)
    {
        var text = new StringBuilder();
        var bill = turn.Forecast;
        var prices = turn.Context.PricesFor(bill.Tokens);
        text.Append(CultureInfo.InvariantCulture, $"{bill.Tokens} tokens of input in {blocks} blocks; a prefix is cached from {turn.Context.MinTokens} tokens on.").AppendLine();
        text.AppendLine(terminal.Strong("Breakpoints"));
        foreach (var (breakpoint, block) in breakpoints)
        {
            text.Append(CultureInfo.InvariantCulture, $"  block {breakpoint.Block} ({Place(block)}), {Name(breakpoint.Ttl)}: the {block.EndTokens} tokens up to here").AppendLine();
        }

        if (breakpoints.Length == 0)
        {
            text.AppendLine("  none: as far as is known, writing to the cache would not pay.");
        }

        text.AppendLine(terminal.Strong("Forecast"));
        text.Append(CultureInfo.InvariantCulture, $"  {Money.Format(bill.Cost(prices))}: {bill.Read} read, {bill.Write1h} written for an hour, {bill.Write5m} for five minutes, {bill.Uncached} neither; without caching {Money.Format(bill.Tokens * prices.Input)}").AppendLine();
        text.AppendLine(terminal.Strong("Edits"));
        foreach (var edit in edits)
        {
            text.Append("  ").Append(edit.Name).AppendLine(edit.Detail.Length == 0 ? "" : ": " + edit.Detail);
        }

        if (edits.Count == 0)
        {
            text.AppendLine("  none");
        }

        var difference = LineDiff.Of(RequestLines.Of(before), RequestLines.Of(after));
        if (difference.Count > 0)
        {
            text.AppendLine(terminal.Strong("Before (-) and after (+)"));
            foreach (var line in difference)
            {
                text.Append("  ").AppendLine(line);
            }
        }

        return text.ToString();
    }

    /// <summary>For scripts: breakpoints, forecast in tokens and nano-dollars, edits, and the request as it would be sent.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            var bill = turn.Forecast;
            json.WriteStartObject();
            json.WriteStartArray("breakpoints"u8);
            foreach (var (breakpoint, block) in breakpoints)
            {
                json.WriteStartObject();
                json.WriteNumber("block"u8, breakpoint.Block);
                json.WriteString("place"u8, Place(block));
                json.WriteString("ttl"u8, breakpoint.Ttl == Ttl.OneHour ? "1h"u8 : "5m"u8);
                json.WriteNumber("tokens"u8, block.EndTokens);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("forecast"u8);
            json.WriteNumber("read_tokens"u8, bill.Read);
            json.WriteNumber("written_1h_tokens"u8, bill.Write1h);
            json.WriteNumber("written_5m_tokens"u8, bill.Write5m);
            json.WriteNumber("uncached_tokens"u8, bill.Uncached);
            json.WriteNumber("cost"u8, turn.Context.CostOf(bill));
            json.WriteNumber("without_caching"u8, bill.Tokens * turn.Context.PricesFor(bill.Tokens).Input);
            json.WriteEndObject();
            json.WriteString("edits"u8, AppliedEdit.WriteHeaderValue(edits));
            json.WritePropertyName("request"u8);
            json.WriteRawValue(after);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Place(in PromptBlock block) => block.Message < 0
        ? block.Section.ToString().ToLowerInvariant()
        : $"message {block.Message.ToString(CultureInfo.InvariantCulture)}, {block.Role.ToString().ToLowerInvariant()}";

    private static string Name(Ttl ttl) => ttl == Ttl.OneHour ? "an hour" : "five minutes";
}
