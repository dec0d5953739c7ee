namespace Tuppence.Messages.Edits;

/// <summary>A preset, or all that is wrong with its file.</summary>
/// <param name="Preset">The preset, or null where there are errors.</param>
/// <param name="Errors">All errors, by line.</param>
public sealed record PresetReading(Preset? Preset, IReadOnlyList<PresetError> Errors);
