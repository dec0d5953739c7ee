using Tuppence.Dashboard.Access;
using Tuppence.Dashboard.Conversations;
using Tuppence.Dashboard.Json;
using Tuppence.Dashboard.Live;
using Tuppence.Dashboard.Presets;
using Tuppence.Dashboard.Requests;
using Tuppence.Dashboard.Settings;
using Tuppence.Dashboard.Trials;
using Tuppence.Endpoints;
using Tuppence.Exchange;
using Tuppence.SignIn;
using Tuppence.State.Ledger;
using Tuppence.Telemetry;

namespace Tuppence.Dashboard;

/// <summary>
/// All under <c>/tuppence/api/</c>: who may call what, and which class answers. What each call gives and takes is in
/// <c>web/src/api/contract.ts</c>. Step 0, the request guard, has run before.
/// </summary>
internal sealed class DashboardApi
{
    private const string Prefix = "/tuppence/api/";

    private readonly DashboardAccess access;
    private readonly SessionCalls session;
    private readonly LiveCalls live;
    private readonly OverviewCalls overview;
    private readonly SettingsCalls settings;
    private readonly PresetCalls presets;
    private readonly RequestCalls requests;
    private readonly ConversationCalls conversations;
    private readonly TestCalls tests;
    private readonly ExportCalls exports;
    private readonly ILogger log;
    private readonly TimeProvider time;

    /// <summary>The API of a gateway.</summary>
    public DashboardApi(GatewayState state, SignInDesk? desk)
    {
        access = new DashboardAccess(state.Time);
        session = new SessionCalls(access);
        live = new LiveCalls(state, state.Dashboard, access);
        overview = new OverviewCalls(state, desk);
        settings = new SettingsCalls(state.Dashboard.Source, state);
        presets = new PresetCalls(state);
        requests = new RequestCalls(state);
        conversations = new ConversationCalls(state);
        tests = new TestCalls(state);
        exports = new ExportCalls(state);
        (log, time) = (state.Log, state.Time);
    }

    /// <summary>Answers one call.</summary>
    public async Task AnswerAsync(HttpContext context, Gateway gateway, Route route)
    {
        try
        {
            await FindAndAnswerAsync(context, gateway, route);
        }
        catch (LedgerException e)
        {
            Log.LedgerUnread(log, e.Message);
            if (context.Response.HasStarted)
            {
                // A download that is cut off must not pass for a whole one.
                context.Abort();
                return;
            }

            await Answers.ErrorAsync(context, ErrorKind.LedgerUnread, e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The page left.
        }
    }

    private Task FindAndAnswerAsync(HttpContext context, Gateway gateway, Route route)
    {
        var path = route.Target.Split('?', 2)[0][Prefix.Length..];
        var call = new ApiCall(context, gateway, [.. path.Split('/').Select(Uri.UnescapeDataString)]);
        if (Find(call) is not { } methods)
        {
            return call.NotFoundAsync("There is nothing at this address of the dashboard's API.");
        }

        if (!methods.TryGetValue(context.Request.Method, out var answer))
        {
            return MethodNotAllowed.AnswerAsync(context, string.Join(", ", methods.Keys));
        }

        // 1 What changes something comes from our own pages only.
        if (!HttpMethods.IsGet(context.Request.Method) && DashboardAccess.CheckOrigin(context.Request, gateway) is { } foreign)
        {
            return Answers.ErrorAsync(context, foreign.Kind, foreign.Message);
        }

        // 2 All but signing in needs a session where there are keys.
        return call.Segments is ["session"] || access.IsSignedIn(context.Request, gateway)
            ? answer(call)
            : Answers.ErrorAsync(context, ErrorKind.KeyMissing, "Sign in with one of this gateway's keys, or send one as x-api-key.");
    }

    private Dictionary<string, Func<ApiCall, Task>>? Find(ApiCall call) => call.Segments switch
    {
        ["session"] => Methods(("GET", session.ShowAsync), ("POST", session.BeginAsync), ("DELETE", session.EndAsync)),
        ["settings"] => Methods(("GET", settings.ShowAsync), ("POST", one => settings.ChangeAsync(one, checkOnly: false))),
        ["settings", "check"] => Methods(("POST", one => settings.ChangeAsync(one, checkOnly: true))),
        ["settings", "undo"] => Methods(("POST", settings.UndoAsync)),
        ["presets"] => Methods(("GET", presets.ListAsync)),
        ["presets", _] => Methods(("GET", presets.ShowAsync), ("PUT", presets.WriteAsync), ("DELETE", presets.DeleteAsync)),
        ["presets", _, "history"] => Methods(("GET", presets.HistoryAsync)),
        ["presets", _, "try"] => Methods(("POST", PresetCalls.TryAsync)),
        ["requests"] => Methods(("GET", requests.ListAsync)),
        ["requests", _] => Methods(("GET", requests.ShowAsync)),
        ["conversations"] => Methods(("GET", conversations.ListAsync)),
        ["conversations", _] => Methods(("GET", conversations.ShowAsync)),
        ["conversations", _, "level"] => Methods(("PUT", conversations.ChooseAsync)),
        ["upstreams", _, "test"] => Methods(("GET", tests.OfferAsync), ("POST", tests.RunAsync)),
        ["export"] => Methods(("GET", exports.WriteAsync)),
        ["models"] => Methods(("GET", one => ModelCalls.ListAsync(one, time.GetUtcNow()))),
        ["overview"] => Methods(("GET", overview.ShowAsync)),
        ["live"] => Methods(("GET", live.RunAsync)),
        _ => null,
    };

    private static Dictionary<string, Func<ApiCall, Task>> Methods(params ReadOnlySpan<(string Method, Func<ApiCall, Task> Answer)> methods)
    {
        var table = new Dictionary<string, Func<ApiCall, Task>>(StringComparer.Ordinal);
        foreach (var (method, answer) in methods)
        {
            table[method] = answer;
        }

        return table;
    }
}
