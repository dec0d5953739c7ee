using System.Reflection;
using System.Text;

namespace Tuppence;

/// <summary>Files that are part of the program.</summary>
internal static class EmbeddedText
{
    private static readonly Assembly Program = typeof(EmbeddedText).Assembly;

    /// <summary>Names of all that begin with <paramref name="prefix"/>, without it, in order.</summary>
    public static string[] Names(string prefix) =>
        [.. Program.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>The text of one.</summary>
    public static string Read(string name) => Encoding.UTF8.GetString(ReadBytes(name));

    /// <summary>The bytes of one.</summary>
    public static byte[] ReadBytes(string name)
    {
        using var stream = Program.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"“{name}” is not part of the program.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
