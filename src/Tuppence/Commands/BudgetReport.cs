using System.Globalization;
using System.Text;
using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Spending;

namespace Tuppence.Commands;

/// <summary>What is spent of each budget, as the running gateway tells it.</summary>
internal sealed class BudgetReport(Terminal terminal, TimeProvider time)
{
    private const int BarWidth = 20;

    /// <summary>The <c>budgets</c> array of the running gateway as JSON, or in words why there is none.</summary>
    public async Task<(string? Json, string? Problem)> ReadAsync(GatewayConfig config, CancellationToken stop)
    {
        var (_, body, problem) = await new RunningGateway(config, time).GetAsync("/tuppence/budgets", stop);
        if (problem is not null)
        {
            return (null, problem);
        }

        using var page = JsonDocument.Parse(body);
        return (page.RootElement.GetProperty("budgets"u8).GetRawText(), null);
    }

    /// <summary>Prints a table with a bar for each.</summary>
    public void Print(string json)
    {
        using var list = JsonDocument.Parse(json);
        foreach (var budget in list.RootElement.EnumerateArray())
        {
            var spent = budget.GetProperty("spent"u8).GetInt64();
            var hard = Money(budget, "hard");
            var soft = Money(budget, "soft");
            var limit = hard ?? soft ?? 0;
            var share = limit == 0 ? 1 : Math.Min(1.0, (double)spent / limit);
            var filled = (int)(share * BarWidth);
            var line = new StringBuilder()
                .Append(CultureInfo.InvariantCulture, $"{budget.GetProperty("name"u8).GetString(),-24} {budget.GetProperty("period"u8).GetString(),-5}  ")
                .Append('█', filled).Append('░', BarWidth - filled)
                .Append(CultureInfo.InvariantCulture, $"  {BudgetText.Dollars(spent)} of {BudgetText.Dollars(limit)}{(hard is null ? " (soft)" : "")}")
                .Append(CultureInfo.InvariantCulture, $"; begins anew {budget.GetProperty("resets"u8).GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm} UTC");
            if (budget.GetProperty("unpriced"u8).GetInt64() is > 0 and var unpriced)
            {
                line.Append(CultureInfo.InvariantCulture, $"; {unpriced} requests of unknown price not counted");
            }

            if (budget.GetProperty("since"u8) is { ValueKind: JsonValueKind.String } since)
            {
                line.Append(CultureInfo.InvariantCulture, $"; counted since {since.GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm} UTC, for the ledger is off");
            }

            terminal.Output.WriteLine(budget.GetProperty("state"u8).GetString() == "within" ? line.ToString() : terminal.Alarm(line.ToString()));
        }
    }

    private static long? Money(JsonElement budget, string name) => budget.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null;
}
