using System.Text;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Text of a server as it may be shown: short, on one line, without anything that we sent in confidence.</summary>
internal static class ServerWords
{
    private const int MaxLength = 300;

    /// <summary>The text cleaned; empty where there is none.</summary>
    public static string Clean(string? text, params ReadOnlySpan<Secret?> secrets)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        foreach (var secret in secrets)
        {
            if (secret?.Reveal() is { Length: > 0 } value)
            {
                text = text.Replace(value, "***", StringComparison.Ordinal);
            }
        }

        var clean = new StringBuilder(Math.Min(text.Length, MaxLength + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength)
            {
                clean.Append('…');
                break;
            }

            // Control and format characters (bidirectional overrides among them) would let a server rewrite the line around its words.
            clean.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
                ? " "
                : rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>Error code and description in one phrase, such as <c>invalid_grant (The token was revoked)</c>.</summary>
    public static string Phrase(string? error, string? description, params ReadOnlySpan<Secret?> secrets)
    {
        var (code, words) = (Clean(error, secrets), Clean(description, secrets));
        return words.Length == 0 || words == code ? code : $"{code} ({words})";
    }
}
