using System.Globalization;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// Fits a request to what the program carries. What steers accounting and caching alone is left out, and said; where the answer would not be what was
/// asked for, the request is refused. So is what the API itself refuses but the program would quietly change.
/// </summary>
internal static class CarriedRequest
{
    private const string Edit = "provider:claude-code";

    /// <summary>What the program asks for at most of a model that it does not know.</summary>
    private const int MostOutput = 128_000;

    private static readonly string[] Carried =
    [
        "model", "max_tokens", "stream", "system", "messages", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice", "thinking", "output_config", ThreadRefusal.Member,
    ];

    // Without these the answer would be another one, or come from elsewhere.
    private static readonly string[] Refused = ["container", "mcp_servers", "inference_geo", "output_format"];

    /// <summary>Leaves out what cannot be carried and says so, or fails the draft.</summary>
    public static void Fit(EditDraft draft, List<string> done)
    {
        var body = draft.Body;
        if (draft.Model is not { Length: > 0 } name)
        {
            Refuse(draft, body.Root.Start, "\"model\" must be a string");
            return;
        }

        var model = ModelTable.Default.TryFind(name, out var known) ? known : null;
        Members(draft, done);
        MaxTokens(draft, model, done);
        CarriedSystem.Fit(draft, done);
        CarriedTools.Fit(draft, done);
        CarriedMessages.Fit(draft, done);
        CarriedOutput.Fit(draft, model, done);
        if (draft.Fault is not null)
        {
            return;
        }

        var thinking = ThinkingChoice.Of(body, name, model);
        if (thinking.Fault is { } fault)
        {
            Refuse(draft, body.TryFind("thinking"u8, out var member) ? member.Value.Start : body.Root.Start, fault);
        }
        else if (thinking.Edit is { } edit)
        {
            done.Add(edit);
        }

        CarriedSampling.Fit(draft, model, thinking, done);
        var markers = CacheMarkers.Remove(draft);
        if (markers > 0)
        {
            done.Add(string.Create(CultureInfo.InvariantCulture, $"dropped {markers} cache_control"));
        }
    }

    /// <summary>Refuses the request for what stands at a place.</summary>
    public static void Refuse(EditDraft draft, int position, string what) => draft.Fail(Edit, position, what);

    private static void Members(EditDraft draft, List<string> done)
    {
        var bytes = draft.Body.Bytes.Span;
        foreach (ref readonly var member in draft.Body.Members)
        {
            var raw = member.Name.Of(bytes);
            var name = JsonText.Decode(raw);
            if (Array.IndexOf(Carried, name) >= 0 || name == "cache_control")
            {
                continue;
            }

            var says = !member.Value.Of(bytes).SequenceEqual("null"u8);
            if (says && Array.IndexOf(Refused, name) >= 0)
            {
                Refuse(draft, member.Name.Start, $"Claude Code cannot carry \"{name}\", and without it the answer would not be the one asked for; leave it out, or send the request to another upstream");
            }
            else if (!Foreign.TryName(raw, out var shown))
            {
                Refuse(draft, member.Name.Start, "a member has no name that the API knows");
            }
            else
            {
                draft.Remove(raw[1..^1].ToArray());
                done.Add("dropped " + shown);
            }
        }
    }

    private static void MaxTokens(EditDraft draft, Model? model, List<string> done)
    {
        if (!draft.TryGet("max_tokens"u8, out var raw) || !JsonText.TryInteger(raw, out var value) || value is < 1 or > int.MaxValue)
        {
            Refuse(draft, draft.Body.Root.Start, "\"max_tokens\" must be a whole number of 1 or more");
        }
        else if ((model is { MaxOutput: > 0 } ? model.MaxOutput : MostOutput) is var most && value > most)
        {
            // The program lowers it by itself; the API would refuse it.
            done.Add(string.Create(CultureInfo.InvariantCulture, $"max_tokens to {most}"));
        }
    }
}
