using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Reads what the program says of the account's limits.</summary>
internal static class LimitsReader
{
    private const int MostWindows = 16;

    /// <summary>Reads the value of <c>rate_limit_info</c>.</summary>
    public static ClaudeCodeLimits Read(ReadOnlySpan<byte> info, DateTimeOffset now)
    {
        var windows = new List<ClaudeCodeWindow>();
        if (JsonText.TryMember(info, "unifiedWindows"u8, out var all) && all[0] == '{')
        {
            var cursor = new JsonCursor(all, JsonCursor.DeepestNesting);
            cursor.Next();
            cursor.Enter();
            for (var first = true; cursor.NextMember(ref first, out var name) && windows.Count < MostWindows;)
            {
                var start = cursor.At;
                cursor.SkipValue();
                var window = all[start..cursor.At];
                windows.Add(new ClaudeCodeWindow(JsonText.Decode(name.Of(all)), Text(window, "status"u8), Number(window, "utilization"u8), Time(window, "resetsAt"u8)));
            }
        }

        return new ClaudeCodeLimits(
            now,
            Text(info, "status"u8),
            Text(info, "rateLimitType"u8),
            Time(info, "resetsAt"u8),
            Number(info, "utilization"u8),
            JsonText.TryMember(info, "isUsingOverage"u8, out var overage) && overage[0] == 't',
            windows);
    }

    private static string Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        JsonText.TryMember(json, name, out var value) && value[0] == '"' ? JsonText.Decode(value) : "";

    private static double? Number(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        JsonText.TryMember(json, name, out var value) && JsonText.TryNumber(value, out var number) && double.IsFinite(number) ? number : null;

    // Seconds since 1970.
    private static DateTimeOffset? Time(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        Number(json, name) is { } seconds and >= 0 and < 1e11 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
}
