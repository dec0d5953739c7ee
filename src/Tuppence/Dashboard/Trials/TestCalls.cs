using System.Globalization;
using System.Text.Json;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;
using Tuppence.State.Ledger;

namespace Tuppence.Dashboard.Trials;

/// <summary><c>/tuppence/api/upstreams/NAME/test</c>: a test call, its cost named before it is made.</summary>
internal sealed class TestCalls(GatewayState state)
{
    private const string UsualModel = "claude-haiku-4-5";
    private const int LongestModel = 256;
    private const decimal Nano = 1_000_000_000m;

    /// <summary>Tells what it would cost.</summary>
    public async Task OfferAsync(ApiCall call)
    {
        var model = call["model"] ?? UsualModel;
        if (await FindAsync(call, model) is not { } upstream)
        {
            return;
        }

        var most = upstream.IsEmulator ? 0 : upstream.IsClaudeCode ? null : TestCall.MostOf(upstream, model, state.Time.GetUtcNow());
        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteString("upstream"u8, upstream.Name);
            json.WriteString("model"u8, model);
            if (most is { } known)
            {
                json.WriteNumber("most"u8, known);
            }
            else
            {
                json.WriteNull("most"u8);
            }

            json.WriteString("text"u8, most switch
            {
                0 => "One short question to the built-in emulator. It costs nothing.",
                { } cost => $"One short question, at most 16 tokens of answer. It costs {Dollars(cost)} at most, at list prices.",
                null when upstream.IsClaudeCode => "One short question, at most 16 tokens of answer. It counts towards what your sign-in there may use; what that costs is not known here.",
                null => "One short question, at most 16 tokens of answer. The price of this model is not known here.",
            });
        });
    }

    /// <summary>Makes it.</summary>
    public async Task RunAsync(ApiCall call)
    {
        if (await call.ReadAsync() is not { } body)
        {
            return;
        }

        string model;
        using (body)
        {
            model = body.RootElement.TextOf("model") ?? UsualModel;
        }

        if (await FindAsync(call, model) is not { } upstream)
        {
            return;
        }

        var (entry, answer) = upstream.Credential is null && !upstream.IsBuiltIn
            ? (null, [])
            : await new TestCall(state, call.Gateway, upstream.Name, model).RunAsync(call.Cancellation);
        await Answers.ObjectAsync(call.Context, json =>
        {
            json.WriteBoolean("ok"u8, entry is { IsFailed: false });
            json.WriteString("text"u8, entry is null
                ? "This upstream has no credential of its own here: requests use the one that the client sends. There is nothing to test with."
                : entry.IsFailed ? ProblemOf(entry, answer) : $"It answered in {entry.Times.Total / 1000.0:0} ms{CostOf(entry, upstream)}.");
            json.WritePropertyName("row"u8);
            if (entry is null)
            {
                json.WriteNullValue();
            }
            else
            {
                LedgerJson.Write(json, entry);
            }
        });
    }

    private static async Task<Upstream?> FindAsync(ApiCall call, string model)
    {
        if (model.Length is 0 or > LongestModel)
        {
            await call.RefuseAsync("model must be the id of a model.");
            return null;
        }

        var upstream = call.Gateway.Upstreams.FirstOrDefault(one => one.Name == call.Segments[1]);
        if (upstream is null)
        {
            await call.NotFoundAsync("There is no upstream of that name.");
        }

        return upstream;
    }

    // What the emulator answers is booked as if it were the model's, so that budgets and pages can be tried; nobody is billed for it.
    private static string CostOf(LedgerEntry entry, Upstream upstream) => entry.Cost is { } cost && !upstream.IsEmulator ? $" and cost {Dollars(cost.Total)}" : "";

    private static string Dollars(long nano) => "$" + (nano / Nano).ToString("0.00####", CultureInfo.InvariantCulture);

    private static string ProblemOf(LedgerEntry entry, byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object && error.TextOf("message") is { } message)
            {
                return $"Status {entry.Status}: {message}";
            }
        }
        catch (JsonException)
        {
            // Not in the API's form; the status has to do.
        }

        return entry.Status is { } status ? $"It answered with status {status}." : "It did not answer.";
    }
}
