using System.Text;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>Names of members that are not known here, and are told of nevertheless.</summary>
internal static class Foreign
{
    private const int LongestName = 40;

    /// <summary>A member's name to be told of; false where it holds more than what the API's names are made of.</summary>
    /// <param name="raw">The name with its quotes.</param>
    /// <param name="name">The name.</param>
    public static bool TryName(ReadOnlySpan<byte> raw, out string name)
    {
        name = "";
        if (raw.Length - 2 is < 1 or > LongestName)
        {
            return false;
        }

        foreach (var b in raw[1..^1])
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'-' or (byte)'.'))
            {
                return false;
            }
        }

        name = Encoding.ASCII.GetString(raw[1..^1]);
        return true;
    }

    /// <summary>Notes a member that is left out, once however often it stands there.</summary>
    public static void Note(List<string> done, string where, ReadOnlySpan<byte> raw)
    {
        var said = $"dropped {where}.{(TryName(raw, out var name) ? name : "…")}";
        if (!done.Contains(said))
        {
            done.Add(said);
        }
    }
}
