namespace Tuppence.Dashboard.Settings;

/// <summary>A change of a file that can be taken back.</summary>
/// <param name="At">When it was made.</param>
/// <param name="File">Full path of the file.</param>
/// <param name="Text">What changed, in words without secrets.</param>
/// <param name="After">Version of the file after it.</param>
/// <param name="Before">Content before it; null where there was no file.</param>
internal sealed record KeptChange(DateTimeOffset At, string File, string Text, string After, byte[]? Before);
