using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Removes sampling members that the target model would reject or that say nothing.</summary>
/// <remarks>
/// Members at their default (temperature and top_p of 1, top_k of 0, null) always go. In mode <see cref="SamplingFilterMode.Auto"/>
/// all three go where the API version or the model takes none; while the model thinks, temperature and top_k go and top_p
/// stays from 0.95 on; what is out of range goes. Then, of temperature and top_p together, temperature stays. For a model that is not in
/// the table only the defaults go. Mode <see cref="SamplingFilterMode.On"/> asks no table: defaults go, temperature stays over top_p.
/// Source: model table, rows "sampling"; https://platform.claude.com/docs/en/api/versioning (2026-10-21).
/// </remarks>
/// <param name="mode">Off filters nothing, but acts as Auto on a request that went through an alias or a preset.</param>
/// <param name="models">Table in which the effective model is looked up; null: the one that ships, read when first needed.</param>
public sealed class SamplingFilter(SamplingFilterMode mode, ModelTable? models = null) : IEdit
{
    private static readonly byte[] Temperature = "temperature"u8.ToArray();
    private static readonly byte[] TopP = "top_p"u8.ToArray();
    private static readonly byte[] TopK = "top_k"u8.ToArray();

    private static readonly string[] Details =
    [
        "", "dropped temperature", "dropped top_p", "dropped temperature, top_p",
        "dropped top_k", "dropped temperature, top_k", "dropped top_p, top_k", "dropped temperature, top_p, top_k",
    ];

    [Flags]
    private enum Members
    {
        None = 0,
        Temperature = 1,
        TopP = 2,
        TopK = 4,
        All = 7,
    }

    /// <inheritdoc/>
    public string Name => "sampling-filter";

    /// <inheritdoc/>
    public bool Concerns(ReadOnlySpan<byte> body) => mode != SamplingFilterMode.Off;

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        var effective = mode == SamplingFilterMode.Off && draft.IsDirected ? SamplingFilterMode.Auto : mode;
        if (effective == SamplingFilterMode.Off)
        {
            return;
        }

        var present = Read(draft, Temperature, Members.Temperature, out var temperature)
            | Read(draft, TopP, Members.TopP, out var topP)
            | Read(draft, TopK, Members.TopK, out var topK);
        if (present == Members.None)
        {
            return;
        }

        var dropped = (temperature is 1 ? Members.Temperature : Members.None) | (topP is 1 ? Members.TopP : Members.None) | (topK is 0 ? Members.TopK : Members.None);
        var rule = effective == SamplingFilterMode.On ? SamplingRule.TemperatureXorTopP
            : draft.Model is { } name && (models ?? ModelTable.Default).TryFind(name, out var model) ? model.Sampling
            : SamplingRule.Unknown;
        if (effective == SamplingFilterMode.Auto)
        {
            dropped |= Rejected(draft, rule, temperature, topP);
        }

        if (rule == SamplingRule.TemperatureXorTopP && (present & ~dropped & Members.Temperature) != Members.None)
        {
            dropped |= Members.TopP;
        }

        dropped &= present;
        Drop(draft, dropped, Members.Temperature, Temperature);
        Drop(draft, dropped, Members.TopP, TopP);
        Drop(draft, dropped, Members.TopK, TopK);
        if (dropped != Members.None)
        {
            draft.Report(Name, Details[(int)dropped]);
        }
    }

    private static Members Rejected(EditDraft draft, SamplingRule rule, double? temperature, double? topP)
    {
        if (draft.Context.RejectsSampling || rule == SamplingRule.DefaultOnly)
        {
            return Members.All;
        }

        if (rule == SamplingRule.Unknown)
        {
            return Members.None;
        }

        var rejected = (temperature is < 0 or > 1 ? Members.Temperature : Members.None) | (topP is < 0 or > 1 ? Members.TopP : Members.None);
        return draft.IsThinking
            ? rejected | Members.Temperature | Members.TopK | (topP is < 0.95 ? Members.TopP : Members.None)
            : rejected;
    }

    /// <summary>The flag where the member is present; null says nothing and reads as the default.</summary>
    private static Members Read(EditDraft draft, byte[] name, Members flag, out double? value)
    {
        value = null;
        if (!draft.TryGet(name, out var raw))
        {
            return Members.None;
        }

        value = raw.SequenceEqual("null"u8) ? (flag == Members.TopK ? 0 : 1)
            : JsonText.TryNumber(raw, out var number) ? number
            : null;
        return flag;
    }

    private static void Drop(EditDraft draft, Members dropped, Members flag, byte[] name)
    {
        if ((dropped & flag) != Members.None)
        {
            draft.Remove(name);
        }
    }
}
