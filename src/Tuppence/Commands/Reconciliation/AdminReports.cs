using System.Globalization;
using System.Text.Json;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Commands.Reconciliation;

/// <summary>Reads the organisation's usage and cost report, day by day.</summary>
/// <remarks>
/// Sources: https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages, https://platform.claude.com/docs/en/api/admin/cost_report (2026): amounts are
/// decimal strings in cents; at most 31 days a page.
/// </remarks>
/// <param name="fetch">Gives status and body of a GET at the API's origin.</param>
/// <param name="key">The admin key.</param>
internal sealed class AdminReports(Func<string, IReadOnlyList<(string Name, string Value)>, CancellationToken, Task<(int Status, ReadOnlyMemory<byte> Body, string? Problem)>> fetch, Secret key)
{
    private const string UsagePath = "/v1/organizations/usage_report/messages";
    private const string CostPath = "/v1/organizations/cost_report";
    private const int MostPages = 1000;

    // A cent is ten million nano-dollars.
    private const decimal NanoPerCent = 10_000_000m;

    /// <summary>Tokens, calls and money by day and model.</summary>
    /// <exception cref="ReportException">The API refused, or did not answer.</exception>
    public async Task<IReadOnlyList<DayModel>> ReadAsync(DateOnly from, DateOnly until, CancellationToken cancellation)
    {
        var days = new List<DayModel>();
        await ReadAsync(UsagePath, "group_by[]=model", from, until, (day, result) => Usage(days, day, result), cancellation);
        await ReadAsync(CostPath, "group_by[]=description", from, until, (day, result) => Cost(days, day, result), cancellation);
        return days;
    }

    private async Task ReadAsync(string path, string grouping, DateOnly from, DateOnly until, Action<DateOnly, JsonElement> result, CancellationToken cancellation)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"{path}?starting_at={from:yyyy-MM-dd}T00:00:00Z&ending_at={until:yyyy-MM-dd}T00:00:00Z&bucket_width=1d&limit=31&{grouping}");
        string? page = null;
        for (var i = 0; i < MostPages; i++)
        {
            var target = page is null ? query : $"{query}&page={Uri.EscapeDataString(page)}";
            var (status, body, problem) = await fetch(target, [("x-api-key", key.Reveal()), ("anthropic-version", "2023-06-01")], cancellation);
            if (problem is not null)
            {
                throw new ReportException(problem);
            }

            try
            {
                page = Read(path, status, body, result);
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
            {
                throw new ReportException($"{path} answers in a form that Tuppence does not know ({e.Message}). Is the upstream the Claude API?");
            }

            if (page is null)
            {
                return;
            }
        }

        throw new ReportException($"{path} has no end: more than {MostPages} pages.");
    }

    /// <summary>Reads a page; gives the next one's name, or null.</summary>
    private static string? Read(string path, int status, ReadOnlyMemory<byte> body, Action<DateOnly, JsonElement> result)
    {
        using var document = Parse(body, path);
        var root = document.RootElement;
        if (status != 200)
        {
            var words = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) && error.TryGetProperty("message", out var text) ? text.GetString() : null;
            throw new ReportException($"{path} answers {status}: {words ?? "it does not say why"}.{(status is 401 or 403 ? " The report needs an admin key (sk-ant-admin…)." : "")}");
        }

        foreach (var bucket in root.GetProperty("data").EnumerateArray())
        {
            var day = DateOnly.FromDateTime(bucket.GetProperty("starting_at").GetDateTimeOffset().UtcDateTime);
            foreach (var one in bucket.GetProperty("results").EnumerateArray())
            {
                result(day, one);
            }
        }

        return root.GetProperty("has_more").GetBoolean() ? root.GetProperty("next_page").GetString() : null;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body, string path)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw new ReportException($"{path} did not answer with JSON. Is the upstream the Claude API?");
        }
    }

    private static void Usage(List<DayModel> days, DateOnly day, JsonElement result)
    {
        long Of(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
        var created = result.TryGetProperty("cache_creation", out var parts) && parts.ValueKind == JsonValueKind.Object ? parts : default;
        days.Add(new DayModel(day, LedgerDays.IdOf(TextOf(result, "model") ?? "?"))
        {
            Input = Of(result, "uncached_input_tokens"),
            CacheRead = Of(result, "cache_read_input_tokens"),
            CacheWrite5m = created.ValueKind == JsonValueKind.Object ? Of(created, "ephemeral_5m_input_tokens") : 0,
            CacheWrite1h = created.ValueKind == JsonValueKind.Object ? Of(created, "ephemeral_1h_input_tokens") : 0,
            Output = Of(result, "output_tokens"),
        });
        if (result.TryGetProperty("server_tool_use", out var tools) && tools.ValueKind == JsonValueKind.Object && Of(tools, "web_search_requests") is > 0 and var searches)
        {
            days.Add(new DayModel(day, DayModel.WebSearch) { Calls = searches });
        }
    }

    private static void Cost(List<DayModel> days, DateOnly day, JsonElement result)
    {
        var amount = decimal.Parse(result.GetProperty("amount").GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture) * NanoPerCent;
        var name = TextOf(result, "cost_type") == "web_search" ? DayModel.WebSearch
            : TextOf(result, "model") is { } model ? LedgerDays.IdOf(model)
            : TextOf(result, "description") ?? "other charges";
        days.Add(new DayModel(day, name) { Cost = amount });
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
