using System.Text.Json;
using Tuppence.Accounting;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Dashboard.Json;

/// <summary>Rows, sums and open requests as the dashboard reads them: <c>Row</c>, <c>Sum</c>, <c>Open</c> and <c>Conversation</c> of <c>web/src/api/contract.ts</c>.</summary>
internal static class LedgerJson
{
    /// <summary>Writes a request that is being answered.</summary>
    public static void Write(Utf8JsonWriter json, OpenRequest request)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, request.Id);
        json.WriteString("at"u8, request.At.UtcDateTime);
        json.WriteString("kind"u8, WordOf(request.Kind));
        json.WriteString("preset"u8, request.Preset);
        json.WriteString("key"u8, request.Key);
        json.WriteString("client"u8, request.Client);
        json.WriteString("model"u8, request.Model);
        json.WriteString("upstream"u8, request.Upstream);
        json.WriteString("conversation"u8, request.Conversation);
        json.WriteBoolean("answering"u8, request.IsAnswering);
        json.WriteNumber("output"u8, request.Output);
        json.WriteNumber("responseBytes"u8, request.ResponseBytes);
        json.WriteEndObject();
    }

    /// <summary>Writes a row.</summary>
    public static void Write(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, entry.Id);
        json.WriteString("at"u8, entry.At.UtcDateTime);
        json.WriteString("kind"u8, WordOf(entry.Kind));
        json.WriteString("outcome"u8, WordOf(entry.Outcome));
        json.WriteString("conversation"u8, entry.Conversation);
        json.WriteString("title"u8, entry.Title);
        json.WriteString("preset"u8, entry.Preset);
        json.WriteString("key"u8, entry.Key);
        json.WriteString("client"u8, entry.Client);
        json.WriteString("upstream"u8, entry.Upstream);
        json.WriteString("platform"u8, entry.Platform);
        json.WriteString("model"u8, entry.Model);
        WriteNumber(json, "status"u8, entry.Status);
        json.WriteBoolean("stream"u8, entry.IsStream);
        json.WriteString("stopReason"u8, entry.StopReason);
        json.WriteString("errorType"u8, entry.ErrorType);
        json.WriteString("providerId"u8, entry.ProviderId);
        WriteUsage(json, entry.Usage);
        WriteCost(json, entry.Cost);
        json.WriteStartObject("times"u8);
        json.WriteNumber("queue"u8, entry.Times.Queue);
        WriteNumber(json, "firstByte"u8, entry.Times.FirstByte);
        json.WriteNumber("total"u8, entry.Times.Total);
        json.WriteNumber("own"u8, entry.Times.Own);
        json.WriteEndObject();
        json.WriteNumber("retries"u8, entry.Retries);
        json.WriteString("edits"u8, entry.Edits);
        WriteTurn(json, entry.Turn);
        json.WriteNumber("requestBytes"u8, entry.RequestBytes);
        json.WriteNumber("responseBytes"u8, entry.ResponseBytes);
        json.WriteEndObject();
    }

    /// <summary>Writes a sum.</summary>
    public static void Write(Utf8JsonWriter json, LedgerSum sum)
    {
        json.WriteStartObject();
        json.WriteString("group"u8, sum.Group);
        json.WriteNumber("requests"u8, sum.Requests);
        json.WriteNumber("failed"u8, sum.Failed);
        json.WriteNumber("unpriced"u8, sum.Unpriced);
        json.WriteNumber("input"u8, sum.Input);
        json.WriteNumber("cacheRead"u8, sum.CacheRead);
        json.WriteNumber("cacheWrite5m"u8, sum.CacheWrite5m);
        json.WriteNumber("cacheWrite1h"u8, sum.CacheWrite1h);
        json.WriteNumber("output"u8, sum.Output);
        json.WriteNumber("cost"u8, sum.Cost);
        json.WriteNumber("withoutCaching"u8, sum.WithoutCaching);
        json.WriteNumber("bound"u8, sum.Bound);
        json.WriteEndObject();
    }

    /// <summary>Writes a conversation.</summary>
    public static void Write(Utf8JsonWriter json, LedgerConversation conversation)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, conversation.Id);
        json.WriteString("title"u8, conversation.Title);
        json.WriteString("model"u8, conversation.Model);
        json.WriteString("client"u8, conversation.Client);
        json.WriteString("since"u8, conversation.Since.UtcDateTime);
        json.WriteString("latest"u8, conversation.Latest.UtcDateTime);
        json.WritePropertyName("sum"u8);
        Write(json, conversation.Sum);
        json.WriteEndObject();
    }

    /// <summary>A kind in the contract's word.</summary>
    public static string WordOf(RequestKind kind) => kind switch
    {
        RequestKind.Message => "message",
        RequestKind.CountTokens => "count_tokens",
        RequestKind.BatchResult => "batch_result",
        RequestKind.KeepAlive => "keep_alive",
        RequestKind.Test => "test",
        _ => "other",
    };

    /// <summary>An outcome in the contract's word.</summary>
    public static string WordOf(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Completed => "completed",
        RequestOutcome.ClientLeft => "client_left",
        RequestOutcome.Broken => "broken",
        RequestOutcome.Unreachable => "unreachable",
        _ => "refused",
    };

    /// <summary>A cause of a break in the contract's word.</summary>
    public static string WordOf(BreakCause cause) => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString());

    private static string WordOf(PromptRunKind kind) => kind switch
    {
        PromptRunKind.Read => "read",
        PromptRunKind.Written1h => "written_1h",
        PromptRunKind.Written5m => "written_5m",
        PromptRunKind.Uncached => "uncached",
        PromptRunKind.NotWritten => "not_written",
        _ => "missed",
    };

    private static void WriteUsage(Utf8JsonWriter json, EntryUsage? usage)
    {
        if (usage is null)
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input"u8, usage.Input);
        json.WriteNumber("cacheRead"u8, usage.CacheRead);
        json.WriteNumber("cacheWrite5m"u8, usage.CacheWrite5m);
        json.WriteNumber("cacheWrite1h"u8, usage.CacheWrite1h);
        json.WriteNumber("output"u8, usage.Output);
        WriteNumber(json, "thinking"u8, usage.Thinking);
        json.WriteNumber("webSearches"u8, usage.WebSearches);
        json.WriteNumber("webFetches"u8, usage.WebFetches);
        json.WriteString("serviceTier"u8, usage.ServiceTier);
        json.WriteString("inferenceGeo"u8, usage.InferenceGeo);
        json.WriteBoolean("partial"u8, usage.IsPartial);
        json.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter json, EntryCost? cost)
    {
        if (cost is null)
        {
            json.WriteNull("cost"u8);
            return;
        }

        json.WriteStartObject("cost"u8);
        json.WriteNumber("input"u8, cost.Input);
        json.WriteNumber("cacheRead"u8, cost.CacheRead);
        json.WriteNumber("cacheWrite"u8, cost.CacheWrite);
        json.WriteNumber("output"u8, cost.Output);
        json.WriteNumber("serverTools"u8, cost.ServerTools);
        json.WriteNumber("total"u8, cost.Total);
        json.WriteNumber("withoutCaching"u8, cost.WithoutCaching);
        json.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter json, EntryTurn? turn)
    {
        if (turn is null)
        {
            json.WriteNull("turn"u8);
            return;
        }

        json.WriteStartObject("turn"u8);
        json.WriteNumber("number"u8, turn.Number);
        json.WriteString("level"u8, turn.Level);
        json.WriteNumber("planned"u8, turn.Planned);
        json.WriteNumber("bound"u8, turn.Bound);
        json.WriteString("cause"u8, WordOf(turn.Cause));
        json.WriteString("causeText"u8, CauseWords.Of(turn.Cause));
        json.WriteNumber("brokenTokens"u8, turn.BrokenTokens);
        json.WriteNumber("brokenCost"u8, turn.BrokenCost);
        json.WriteStartArray("strip"u8);
        foreach (var run in turn.Strip)
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, WordOf(run.Kind));
            json.WriteNumber("tokens"u8, run.Tokens);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
