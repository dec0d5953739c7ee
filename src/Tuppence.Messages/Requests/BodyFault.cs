using System.Globalization;

namespace Tuppence.Messages.Requests;

/// <summary>Why a body cannot be read or edited. The message is for people.</summary>
/// <param name="Rule">Name of the edit that cannot be applied, or null where the body is not valid JSON.</param>
/// <param name="Message">What is wrong and where, one sentence.</param>
/// <param name="Position">Offset in bytes, from 0.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Character in that line, from 1.</param>
public sealed record BodyFault(string? Rule, string Message, int Position, int Line, int Column)
{
    /// <summary>A fault of syntax at <paramref name="position"/>.</summary>
    internal static BodyFault Syntax(ReadOnlySpan<byte> body, int position, string what)
    {
        var (line, column) = Locate(body, position);
        return new BodyFault(null, $"The request body is not valid JSON: {what} at {Place(position, line, column)}.", position, line, column);
    }

    /// <summary>A valid body to which the edit <paramref name="rule"/> cannot be applied.</summary>
    internal static BodyFault Edit(string rule, ReadOnlySpan<byte> body, int position, string what)
    {
        var (line, column) = Locate(body, position);
        return new BodyFault(rule, $"The edit {rule} cannot be applied: {what} ({Place(position, line, column)}).", position, line, column);
    }

    /// <summary>Line and column, both from 1, of a byte. A column counts characters, not bytes.</summary>
    internal static (int Line, int Column) Locate(ReadOnlySpan<byte> body, int position)
    {
        var before = body[..Math.Min(position, body.Length)];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = 1;
        foreach (var b in before[lineStart..])
        {
            column += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return (before.Count((byte)'\n') + 1, column);
    }

    private static string Place(int position, int line, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}, byte {position}");
}
