using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tuppence.Emulator.Replies;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Admin;

/// <summary>Serves the organisation's usage and cost report from the running bill, all accounts together, in days.</summary>
/// <remarks>
/// Sources: https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages and .../admin/cost_report (2026). An admin key begins with
/// <c>sk-ant-admin</c>. What is grouped by: usage by model, service tier and place; cost by description.
/// </remarks>
internal sealed class ReportEndpoint(Ledger ledger, TimeProvider time)
{
    /// <summary>Tokens by day.</summary>
    public const string UsagePath = "/v1/organizations/usage_report/messages";

    /// <summary>Money by day.</summary>
    public const string CostPath = "/v1/organizations/cost_report";

    private const int DefaultDays = 7;
    private const int MostDays = 31;
    private const decimal NanoPerCent = 10_000_000m;

    /// <summary>Answers, or says what is wrong with the request.</summary>
    public (ReadOnlyMemory<byte> Body, ApiError? Error) Serve(HttpRequest request, bool cost)
    {
        if (request.Headers["x-api-key"].FirstOrDefault()?.StartsWith("sk-ant-admin", StringComparison.Ordinal) != true)
        {
            return (default, new(401, ErrorType.Authentication, "invalid x-api-key: this endpoint needs an admin key"));
        }

        if (!TryDay(request.Query["starting_at"].FirstOrDefault(), out var from))
        {
            return (default, ApiError.Invalid("starting_at: Input should be a valid datetime"));
        }

        if (request.Query["bucket_width"].FirstOrDefault() is not (null or "1d"))
        {
            return (default, ApiError.Invalid("bucket_width: the emulator knows 1d alone"));
        }

        var until = TryDay(request.Query["ending_at"].FirstOrDefault(), out var end) ? end : DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1);
        var limit = int.TryParse(request.Query["limit"].FirstOrDefault(), CultureInfo.InvariantCulture, out var asked) ? asked : DefaultDays;
        if (limit is < 1 or > MostDays)
        {
            return (default, ApiError.Invalid($"limit: Input should be between 1 and {MostDays}"));
        }

        var first = request.Query["page"].FirstOrDefault() is ['p', 'a', 'g', 'e', '_', .. var at] && TryDay(at, out var next) ? next : from;
        return (Write(first, until, limit, cost), null);
    }

    private static bool TryDay(string? text, out DateOnly day)
    {
        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at);
        day = DateOnly.FromDateTime(at.UtcDateTime);
        return isTime;
    }

    private ReadOnlyMemory<byte> Write(DateOnly first, DateOnly until, int limit, bool cost)
    {
        var lines = ledger.Lines.ToLookup(static line => line.Day);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MessageJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            var day = first;
            for (var i = 0; i < limit && day < until; i++, day = day.AddDays(1))
            {
                json.WriteStartObject();
                json.WriteString("starting_at"u8, Moment(day));
                json.WriteString("ending_at"u8, Moment(day.AddDays(1)));
                json.WriteStartArray("results"u8);
                foreach (var group in lines[day].GroupBy(static line => (line.Model, line.Tier, line.Geo)).Select(static group => group.Aggregate(static (sum, line) => sum.Plus(line))))
                {
                    (cost ? (Action<Utf8JsonWriter, LedgerLine>)Costs : Usage)(json, group);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("has_more"u8, day < until);
            json.WriteString("next_page"u8, day < until ? "page_" + Moment(day) : null);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Moment(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);

    private static void Usage(Utf8JsonWriter json, LedgerLine line)
    {
        json.WriteStartObject();
        json.WriteNull("account_id"u8);
        json.WriteNull("api_key_id"u8);
        json.WriteNull("workspace_id"u8);
        json.WriteNull("context_window"u8);
        json.WriteString("model"u8, line.Model);
        json.WriteString("service_tier"u8, line.Tier);
        json.WriteString("inference_geo"u8, line.Geo ?? "not_available");
        json.WriteNumber("uncached_input_tokens"u8, line.InputTokens);
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, line.Written5m);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, line.Written1h);
        json.WriteEndObject();
        json.WriteNumber("cache_read_input_tokens"u8, line.Read);
        json.WriteNumber("output_tokens"u8, line.OutputTokens);
        json.WriteStartObject("server_tool_use"u8);
        json.WriteNumber("web_search_requests"u8, line.WebSearches);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Costs(Utf8JsonWriter json, LedgerLine line)
    {
        Cost(json, line, "tokens", line.InputCost + line.OutputCost);
        if (line.SearchCost != 0)
        {
            Cost(json, line, "web_search", line.SearchCost);
        }
    }

    private static void Cost(Utf8JsonWriter json, LedgerLine line, string type, long nano)
    {
        json.WriteStartObject();
        json.WriteString("currency"u8, "USD"u8);
        json.WriteString("amount"u8, (nano / NanoPerCent).ToString(CultureInfo.InvariantCulture));
        json.WriteNull("workspace_id"u8);
        json.WriteString("description"u8, type == "tokens" ? $"{line.Model} Usage" : "Web Search Usage");
        json.WriteString("cost_type"u8, type);
        json.WriteNull("context_window"u8);
        json.WriteString("model"u8, type == "tokens" ? line.Model : null);
        json.WriteString("service_tier"u8, type == "tokens" ? line.Tier : null);
        json.WriteNull("token_type"u8);
        json.WriteString("inference_geo"u8, type == "tokens" ? line.Geo ?? "not_available" : null);
        json.WriteEndObject();
    }
}
