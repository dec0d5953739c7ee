namespace Tuppence.Messages.Edits;

/// <summary>Something wrong in a preset file.</summary>
/// <param name="Path">JSON path, such as <c>$.system[0].text</c>; <c>$</c> for the file as a whole.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Message">What is wrong and what to do, one sentence.</param>
public sealed record PresetError(string Path, int Line, string Message);
