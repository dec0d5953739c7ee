using System.Globalization;
using System.Text;

namespace Tuppence.Messages.Edits;

/// <summary>An edit that was made, for <c>x-tuppence-edits</c> and the log.</summary>
/// <param name="Name">The edit's name.</param>
/// <param name="Detail">What it did, in a few words; empty where the name says it all. Of the request's own text it holds a model name at most.</param>
public readonly record struct AppliedEdit(string Name, string Detail)
{
    /// <summary>
    /// The value of <c>x-tuppence-edits</c>: a list of tokens with the parameter <c>did</c>, as in
    /// <c>preset:storyteller, sampling-filter;did="dropped top_p"</c>. ASCII only. Source: RFC 9651 sections 3.1 and 3.3.
    /// </summary>
    public static string WriteHeaderValue(IReadOnlyList<AppliedEdit> edits)
    {
        var value = new StringBuilder(64);
        foreach (var edit in edits)
        {
            value.Append(value.Length == 0 ? "" : ", ");
            if (IsToken(edit.Name))
            {
                value.Append(edit.Name);
            }
            else
            {
                WriteText(value, edit.Name);
            }

            if (edit.Detail.Length > 0)
            {
                WriteText(value.Append(";did="), edit.Detail);
            }
        }

        return value.ToString();
    }

    // sf-token (RFC 9651 section 3.3.4)
    private static bool IsToken(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '*')
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c, StringComparison.Ordinal));

    // sf-string where the text is printable ASCII (section 3.3.3), else a display string (section 3.3.8)
    private static void WriteText(StringBuilder value, string text)
    {
        if (text.All(static c => c is >= ' ' and <= '~'))
        {
            value.Append('"').Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
            return;
        }

        value.Append("%\"");
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%' and not (byte)'"')
            {
                value.Append((char)b);
            }
            else
            {
                value.Append(CultureInfo.InvariantCulture, $"%{b:x2}");
            }
        }

        value.Append('"');
    }
}
