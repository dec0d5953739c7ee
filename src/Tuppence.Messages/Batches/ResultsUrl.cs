using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Batches;

/// <summary>
/// Lets a client fetch the results of its message batches where it made them: <c>results_url</c>, an absolute address of the upstream's,
/// becomes one of the gateway's. Every other byte of the answer stays.
/// </summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/retrieving-message-batches (2026-10-21): a batch, or a list of them in <c>data</c>.</remarks>
public static class ResultsUrl
{
    private const string Path = "/v1/messages/batches/";

    /// <summary>Collects the changes. False where there are none, or the answer is not JSON.</summary>
    /// <param name="answer">The answer's body.</param>
    /// <param name="origin">Scheme, host and port under which the client knows the gateway.</param>
    /// <param name="splices">Gains the changes.</param>
    public static bool TryRewrite(ReadOnlySpan<byte> answer, string origin, Splices splices)
    {
        ArgumentNullException.ThrowIfNull(splices);
        var cursor = new JsonCursor(answer, JsonCursor.DeepestNesting);
        return cursor.Next() == '{' && Batch(ref cursor, answer, origin, splices, mayList: true) && cursor.End() && !splices.IsEmpty;
    }

    private static bool Batch(ref JsonCursor cursor, ReadOnlySpan<byte> answer, string origin, Splices splices, bool mayList)
    {
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            if (mayList && JsonText.Means(name.Of(answer), "data"u8) && cursor.Next() == '[')
            {
                if (!List(ref cursor, answer, origin, splices))
                {
                    return false;
                }
            }
            else if (!cursor.SkipValue())
            {
                return false;
            }
            else if (JsonText.Means(name.Of(answer), "results_url"u8) && Ours(answer[start..cursor.At], origin) is { } ours)
            {
                splices.Replace(new ByteRange(start, cursor.At), ours);
            }
        }

        return cursor.Fault is null;
    }

    private static bool List(ref JsonCursor cursor, ReadOnlySpan<byte> answer, string origin, Splices splices)
    {
        if (!cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextElement(ref first);)
        {
            if (cursor.Next() == '{' ? !Batch(ref cursor, answer, origin, splices, mayList: false) : !cursor.SkipValue())
            {
                return false;
            }
        }

        return cursor.Fault is null;
    }

    // Whatever stands before the path (another gateway's prefix, an address of the provider's) is not known to the client.
    private static byte[]? Ours(ReadOnlySpan<byte> value, string origin) =>
        value[0] == '"' && JsonText.Decode(value) is var url && url.IndexOf(Path, StringComparison.Ordinal) is > 0 and var at
            ? Encoding.UTF8.GetBytes($"\"{origin}{Escaped(url[at..])}\"")
            : null;

    private static string Escaped(string text) => Encoding.UTF8.GetString(JsonText.Quote(text).AsSpan()[1..^1]);
}
