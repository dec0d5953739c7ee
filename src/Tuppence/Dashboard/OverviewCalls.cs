using System.Text.Json;
using Tuppence.Accounting;
using Tuppence.Dashboard.Json;
using Tuppence.Endpoints;
using Tuppence.Exchange;
using Tuppence.SignIn;
using Tuppence.Spending;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard;

/// <summary><c>GET /tuppence/api/overview</c>: what was spent, how the upstreams fare, what to paste. Days, weeks (from Monday) and months are those of UTC.</summary>
internal sealed class OverviewCalls(GatewayState state, SignInDesk? desk)
{
    private readonly UpstreamStates upstreams = new(state.Dashboard);

    /// <summary>Answers.</summary>
    public async Task ShowAsync(ApiCall call)
    {
        var range = call["range"] ?? "day";
        if (range is not ("day" or "week" or "month"))
        {
            await call.RefuseAsync("range must be day, week or month.");
            return;
        }

        var now = state.Time.GetUtcNow().UtcDateTime;
        var (hour, today) = (now.Date.AddHours(now.Hour), now.Date);
        var week = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        var (grouping, since) = range switch
        {
            "day" => (LedgerGrouping.Hour, hour.AddHours(-23)),
            "week" => (LedgerGrouping.Day, today.AddDays(-6)),
            _ => (LedgerGrouping.Day, today.AddDays(-29)),
        };

        // Who asks has just seen requests end; their rows are a tenth of a second behind.
        await state.Ledger.SettleAsync(state.Time, call.Cancellation);
        LedgerSum[] spent = [await TotalAsync(today, call), await TotalAsync(week, call), await TotalAsync(month, call)];
        var chart = await SumAsync(since, grouping, call);
        var signIns = desk is null ? [] : await desk.StatusAsync(call.Gateway.Config, call.Cancellation);
        if (call.Gateway.ClaudeCode is { } program)
        {
            await program.Program.LookForSignInAsync(call.Cancellation);
        }

        var page = FrontPageState.Of(call.Context, call.Gateway, state, signIns, isPrivate: false);
        await Answers.ObjectAsync(call.Context, json =>
        {
            ReadOnlySpan<string> names = ["today", "week", "month"];
            for (var i = 0; i < spent.Length; i++)
            {
                json.WritePropertyName(names[i]);
                LedgerJson.Write(json, spent[i]);
            }

            json.WriteStartObject("chart"u8);
            json.WriteString("by"u8, grouping == LedgerGrouping.Hour ? "hour"u8 : "day"u8);
            json.WriteStartArray("sums"u8);
            foreach (var sum in chart)
            {
                LedgerJson.Write(json, sum);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            upstreams.Write(json, call.Gateway, signIns);
            json.WriteStartArray("budgets"u8);
            foreach (var budget in state.Budgets.States(state.Time.GetUtcNow()))
            {
                BudgetJson.Write(json, budget);
            }

            json.WriteEndArray();
            WriteConnect(json, page);
            json.WriteString("notice"u8, NoticeOf(page));
        });
    }

    /// <summary>What a person must know first: that rows are not stored comes before all.</summary>
    private string? NoticeOf(FrontPageState page) =>
        state.Ledger.Problem is { } problem ? problem + (state.Ledger.Lost is > 0 and var lost ? $" {lost:N0} rows were lost since the start." : "") : page.Notice;

    private static void WriteConnect(Utf8JsonWriter json, FrontPageState page)
    {
        json.WriteStartObject("connect"u8);
        json.WriteString("url"u8, page.ClientUrl);
        json.WriteString("sdkUrl"u8, page.SdkUrl);
        json.WriteString("password"u8, page.Password);
        json.WriteStartArray("presets"u8);
        foreach (var (name, description) in page.Presets)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("url"u8, page.PresetUrl(name));
            json.WriteString("description"u8, description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task<LedgerSum> TotalAsync(DateTime since, ApiCall call) => await SumAsync(since, LedgerGrouping.Total, call) is [{ } sum, ..] ? sum : new LedgerSum();

    private async Task<IReadOnlyList<LedgerSum>> SumAsync(DateTime since, LedgerGrouping grouping, ApiCall call) =>
        await state.Ledger.SumAsync(new LedgerQuery { From = new DateTimeOffset(since, TimeSpan.Zero) }, grouping, call.Cancellation);
}
