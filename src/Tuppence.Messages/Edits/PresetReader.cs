using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Reads preset files.</summary>
public static class PresetReader
{
    /// <summary>Longest name of a preset, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>Reads one file. All errors are reported at once.</summary>
    /// <param name="name">The preset's name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 64; also the file's name without <c>.json</c>.</param>
    /// <param name="utf8">The file's content.</param>
    public static PresetReading Read(string name, ReadOnlyMemory<byte> utf8)
    {
        var errors = new List<PresetError>();
        if (!IsName(name))
        {
            errors.Add(new PresetError("$", 1, $"A preset's name has 1 to {LongestName} letters, digits, '-', '_' or '.', and begins with a letter or digit; rename the file."));
        }

        if (!MessageBody.TryRead(utf8, out var file, out var fault))
        {
            errors.Add(new PresetError("$", fault.Line, fault.Message.Replace("The request body is", "The preset is", StringComparison.Ordinal)));
            return new PresetReading(null, errors);
        }

        var content = new PresetContent(name, file, errors);
        foreach (ref readonly var member in file.Members)
        {
            content.Read(member);
        }

        var preset = content.Compile();
        return errors.Count == 0 ? new PresetReading(preset, []) : new PresetReading(null, [.. errors.OrderBy(error => error.Line)]);
    }

    /// <summary>Whether a preset may be called so.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0])
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
