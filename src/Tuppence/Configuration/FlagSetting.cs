namespace Tuppence.Configuration;

/// <summary>A value that was given on the command line.</summary>
/// <param name="Flag">The flag as typed, such as <c>--port</c>.</param>
/// <param name="Key">Key path of the setting, such as <c>port</c>.</param>
/// <param name="Values">The value; several where the flag was given several times.</param>
public sealed record FlagSetting(string Flag, string Key, IReadOnlyList<string> Values);
