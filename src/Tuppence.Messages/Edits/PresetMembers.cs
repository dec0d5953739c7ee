using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>The request members that a preset may give as defaults, and what each must be.</summary>
internal static class PresetMembers
{
    private static readonly string[] Own = ["description", "model", "upstream", "cache", "system", "suffix", "suffixEt", "headers", "override"];

    private static readonly Dictionary<string, char> Kinds = new(StringComparer.Ordinal)
    {
        // i: positive whole number, k: whole number from 0, u: number from 0 to 1, o: object, t: object with a type, a: array, s: array of strings, w: string
        ["max_tokens"] = 'i',
        ["temperature"] = 'u',
        ["top_p"] = 'u',
        ["top_k"] = 'k',
        ["stop_sequences"] = 's',
        ["thinking"] = 't',
        ["output_config"] = 'o',
        ["metadata"] = 'o',
        ["tools"] = 'a',
        ["tool_choice"] = 't',
        ["cache_control"] = 't',
        ["context_management"] = 'o',
        ["service_tier"] = 'w',
        ["speed"] = 'w',
        ["inference_geo"] = 'w',
    };

    /// <summary>What <c>cache</c> may say; the levels of the prompt-cache planner, which this library does not know.</summary>
    public static readonly string[] CacheLevels = ["off", "respect", "markers", "split", "relocate", "window", "relocate+window"];

    public static string Known { get; } = string.Join(", ", Own.Concat(Kinds.Keys));

    public static bool IsKnown(string name) => Kinds.ContainsKey(name);

    /// <summary>What is wrong with a value, or null.</summary>
    public static string? Fault(string name, ReadOnlySpan<byte> value) => Kinds[name] switch
    {
        'i' => JsonText.TryInteger(value, out var integer) && integer > 0 ? null : "must be a whole number of 1 or more",
        'k' => JsonText.TryInteger(value, out var integer) && integer >= 0 ? null : "must be a whole number of 0 or more",
        'u' => JsonText.TryNumber(value, out var number) && number is >= 0 and <= 1 ? null : "must be a number from 0 to 1",
        'o' => value[0] == '{' ? null : "must be an object",
        't' => value[0] == '{' && JsonText.TryMember(value, "type"u8, out var type) && type[0] == '"' ? null : "must be an object with a \"type\"",
        'a' => value[0] == '[' ? null : "must be an array",
        's' => IsStrings(value) ? null : "must be an array of strings",
        _ => value[0] == '"' ? null : "must be a string",
    };

    private static bool IsStrings(ReadOnlySpan<byte> value)
    {
        if (value[0] != '[')
        {
            return false;
        }

        var cursor = new JsonCursor(value, JsonCursor.DeepestNesting);
        cursor.Enter();
        for (var first = true; cursor.NextElement(ref first);)
        {
            if (cursor.Next() != '"' || !cursor.SkipValue())
            {
                return false;
            }
        }

        return true;
    }
}
