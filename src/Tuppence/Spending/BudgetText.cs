using System.Globalization;
using System.Text;
using Tuppence.State.Budgets;

namespace Tuppence.Spending;

/// <summary>Budgets in words.</summary>
internal static class BudgetText
{
    private const decimal Dollar = 1_000_000_000m;

    /// <summary>
    /// The value of <c>x-tuppence-budget</c>: <c>total day 82 % of $5.00</c>, several with <c>, </c> between them. What is not visible ASCII
    /// in a name is percent-encoded (RFC 3986 section 2.1), and so are commas.
    /// </summary>
    public static string HeaderOf(IReadOnlyList<BudgetState> states)
    {
        var text = new StringBuilder();
        foreach (var state in states)
        {
            text.Append(text.Length == 0 ? "" : ", ");
            text.Append(state.Account.Scope switch { BudgetScope.Total => "total", BudgetScope.Key => "key ", _ => "preset " });
            Encode(text, state.Account.Of ?? "");
            text.Append(CultureInfo.InvariantCulture, $" {Word(state)} {state.Percent} % of {Dollars((state.Limit.Hard ?? state.Limit.Soft)!.Value)}");
        }

        return text.ToString();
    }

    /// <summary>What a person reads whose request is refused.</summary>
    public static string RefusalOf(BudgetRefusal refusal, DateTimeOffset now)
    {
        var (state, hard) = (refusal.State, refusal.State.Limit.Hard!.Value);
        var account = state.Account;
        var name = NameOf(state);
        var spent = $"{Dollars(state.Amounts.Spent)} of {Dollars(hard)} are spent";
        var held = state.Amounts.Reserved > 0 ? $", {Dollars(state.Amounts.Reserved)} are held back for requests under way" : "";
        var problem = state.Level == BudgetLevel.Hard
            ? $"{name} is used up: {spent}."
            : $"{name} does not cover this request: {spent}{held}, and it could cost up to {Dollars(refusal.Amount)}.";
        var way = state.Level == BudgetLevel.Hard ? "" : refusal.MayPass ? " Try again in a moment, or lower max_tokens." : " Lower max_tokens, or shorten the chat.";
        return $"{problem}{way} It begins anew at {Moment(account.Window.End)}, {In(account.Window.End - now)}; whoever runs this gateway can raise {OptionOf(state)}.";
    }

    /// <summary>What the log says when a limit is reached.</summary>
    public static string CrossingOf(BudgetState state)
    {
        var (limit, what) = state.Level == BudgetLevel.Hard ? (state.Limit.Hard, "is used up: further requests are refused") : (state.Limit.Soft, "has reached its soft limit");
        return $"{NameOf(state)} {what}. {Dollars(state.Amounts.Spent)} are spent of {Dollars(limit!.Value)}; it begins anew at {Moment(state.Account.Window.End)}.";
    }

    /// <summary>The option that holds the hard limit of a budget.</summary>
    public static string OptionOf(BudgetState state)
    {
        var option = state.Account.Window.Period == BudgetPeriod.Day ? "hard_dollars_per_day" : "hard_dollars_per_month";
        return state.Account.Scope switch
        {
            BudgetScope.Total => "budgets." + option,
            BudgetScope.Key => $"{option} in budgets.keys",
            _ => $"{option} in budgets.presets",
        };
    }

    /// <summary>Dollars and cents; amounts below a cent with as many decimals as they have, up to six.</summary>
    public static string Dollars(long nano) =>
        "$" + (nano / Dollar).ToString(nano is > 0 and < 10_000_000 ? "0.00####" : "0.00", CultureInfo.InvariantCulture);

    private static string NameOf(BudgetState state) => state.Account.Scope switch
    {
        BudgetScope.Total => $"This {Word(state)}'s budget",
        BudgetScope.Key => $"This {Word(state)}'s budget of the gateway key “{state.Account.Of}”",
        _ => $"This {Word(state)}'s budget of the preset “{state.Account.Of}”",
    };

    private static string Word(BudgetState state) => state.Account.Window.Period == BudgetPeriod.Day ? "day" : "month";

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    private static string In(TimeSpan left) =>
        left.TotalDays >= 2 ? string.Create(CultureInfo.InvariantCulture, $"in {left.TotalDays:0} days")
        : left.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"in {(int)left.TotalHours} h {left.Minutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"in {Math.Max(1, (int)Math.Ceiling(left.TotalMinutes))} min");

    private static void Encode(StringBuilder text, string name)
    {
        foreach (var one in Encoding.UTF8.GetBytes(name))
        {
            if (one is > (byte)' ' and < 0x7F and not (byte)',' and not (byte)'%')
            {
                text.Append((char)one);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
            }
        }
    }
}
