using Tuppence.Messages.Edits;

namespace Tuppence.Exchange;

/// <summary>The edits of one upstream: for plain requests, and for each preset.</summary>
/// <param name="plain">Without a preset.</param>
/// <param name="byPreset">By the preset's name.</param>
public sealed class UpstreamEdits(EditList plain, IReadOnlyDictionary<string, EditList> byPreset)
{
    /// <summary>The edits of a request.</summary>
    public EditList For(Preset? preset) => preset is null ? plain : byPreset[preset.Name];
}
