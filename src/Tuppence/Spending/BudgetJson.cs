using System.Text.Json;
using Tuppence.State.Budgets;

namespace Tuppence.Spending;

/// <summary>Writes a budget as the dashboard reads it (<c>BudgetState</c> in web/src/api/contract.ts).</summary>
internal static class BudgetJson
{
    /// <summary>Writes an object. Money in nano-dollars.</summary>
    public static void Write(Utf8JsonWriter json, BudgetState state)
    {
        var account = state.Account;
        json.WriteStartObject();
        json.WriteString("name"u8, account.Name);
        json.WriteString("scope"u8, account.Scope switch { BudgetScope.Total => "total"u8, BudgetScope.Key => "key"u8, _ => "preset"u8 });
        json.WriteString("of"u8, account.Of);
        json.WriteString("period"u8, account.Window.Period == BudgetPeriod.Day ? "day"u8 : "month"u8);
        json.WriteNumber("spent"u8, state.Amounts.Spent);
        json.WriteNumber("reserved"u8, state.Amounts.Reserved);
        json.WriteNumber("unpriced"u8, state.Amounts.Unpriced);
        Money(json, "soft"u8, state.Limit.Soft);
        Money(json, "hard"u8, state.Limit.Hard);
        json.WriteString("resets"u8, account.Window.End.UtcDateTime);
        if (state.Since is { } since)
        {
            json.WriteString("since"u8, since.UtcDateTime);
        }
        else
        {
            json.WriteNull("since"u8);
        }

        json.WriteString("state"u8, state.Level switch { BudgetLevel.Within => "within"u8, BudgetLevel.Soft => "soft"u8, _ => "hard"u8 });
        json.WriteEndObject();
    }

    private static void Money(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } given)
        {
            json.WriteNumber(name, given);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
