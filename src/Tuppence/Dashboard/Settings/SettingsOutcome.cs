using System.Text.Json;

namespace Tuppence.Dashboard.Settings;

/// <summary>What became of a change: <c>SettingsResult</c> of the contract.</summary>
/// <param name="IsOk">Whether it holds.</param>
/// <param name="Version">Version of the file now.</param>
/// <param name="Errors">All that is wrong, each with the option that it is about, or null.</param>
internal sealed record SettingsOutcome(bool IsOk, string Version, IReadOnlyList<(string? Path, string Text)> Errors)
{
    /// <summary>Nothing was changed, for one reason.</summary>
    public static SettingsOutcome Refused(string version, string text) => new(false, version, [(null, text)]);

    /// <summary>Writes its members.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteBoolean("ok"u8, IsOk);
        json.WriteString("version"u8, Version);
        json.WriteStartArray("errors"u8);
        foreach (var (path, text) in Errors)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
