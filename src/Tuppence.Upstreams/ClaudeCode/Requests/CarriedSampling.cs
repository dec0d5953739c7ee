using Tuppence.Messages.Edits;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// With thinking off the program itself asks for a temperature of 1 where the model takes one (seen in 2.1.330). Of models that take a temperature or <c>top_p</c>, and
/// not both, <c>top_p</c> can then not be asked for.
/// </summary>
internal static class CarriedSampling
{
    private static readonly byte[] TopP = "top_p"u8.ToArray();

    /// <summary>Checks what the request has.</summary>
    public static void Fit(EditDraft draft, Model? model, ThinkingChoice thinking, List<string> done)
    {
        if (model is not { Sampling: SamplingRule.TemperatureXorTopP } || thinking.Tokens != 0
            || !draft.TryGet(TopP, out var raw) || raw[0] == 'n' || (draft.TryGet("temperature"u8, out var temperature) && temperature[0] != 'n'))
        {
            return;
        }

        if (JsonText.TryNumber(raw, out var value) && value == 1)
        {
            draft.Remove(TopP);
            done.Add("dropped top_p");
        }
        else
        {
            CarriedRequest.Refuse(draft, draft.Body.Root.Start, $"Claude Code sends a temperature of its own, and {model.Id} does not take \"top_p\" with one; send \"temperature\" instead");
        }
    }
}
