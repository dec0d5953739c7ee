using System.Globalization;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>
/// Fits prefill, thinking, effort and <c>max_tokens</c> of a request to a model that the client did not choose itself, because an
/// alias or a preset took part. Sampling members are the <see cref="SamplingFilter"/>'s.
/// </summary>
/// <remarks>A model that is not in the table is taken to accept everything. Source: model table, rows "prefill", "thinking", "maxOutput".</remarks>
/// <param name="models">Table in which the effective model is looked up; null: the one that ships, read when first needed.</param>
public sealed class FieldRepair(ModelTable? models = null) : IEdit
{
    private static readonly byte[] MaxTokens = "max_tokens"u8.ToArray();

    /// <inheritdoc/>
    public string Name => "field-repair";

    /// <inheritdoc/>
    public bool Concerns(ReadOnlySpan<byte> body) => false;

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        if (!draft.IsDirected || draft.Model is not { } name || !(models ?? ModelTable.Default).TryFind(name, out var model))
        {
            return;
        }

        RepairMaxTokens(draft, model);
        ThinkingRepair.Apply(Name, draft, model);
        PrefillRepair.Apply(Name, draft, model);
    }

    private void RepairMaxTokens(EditDraft draft, Model model)
    {
        if (model.MaxOutput > 0 && draft.TryGet(MaxTokens, out var raw) && JsonText.TryInteger(raw, out var value) && value > model.MaxOutput)
        {
            draft.Set(MaxTokens, JsonText.Number(model.MaxOutput));
            draft.Report(Name, string.Create(CultureInfo.InvariantCulture, $"max_tokens to {model.MaxOutput}"));
        }
    }
}
