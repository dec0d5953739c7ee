using Tuppence.Messages.Edits;

namespace Tuppence.Tests.Properties;

/// <summary>The edits done on a plain reading, as the manual describes them: what the byte splicer is held to.</summary>
internal sealed record MessagesReference
{
    private static readonly string[] Known = ["m-none", "m-xor", "m-all"];

    public string? PresetSystem { get; init; }

    public string? Suffix { get; init; }

    public string? SuffixEt { get; init; }

    public string? Model { get; init; }

    public Dictionary<string, string> Defaults { get; init; } = [];

    public string[] Overrides { get; init; } = [];

    public string? Preamble { get; init; }

    public bool Strip { get; init; }

    public bool Aliased { get; init; }

    public SamplingFilterMode Mode { get; init; }

    public string? Version { get; init; }

    private bool HasPreset => PresetSystem is not null || Suffix is not null || Model is not null || Defaults.Count > 0;

    public void Apply(Dictionary<string, object> body)
    {
        if (Model is not null)
        {
            body["model"] = MessagesDom.Scalar(Model);
        }

        var chose = body.ContainsKey("temperature") || body.ContainsKey("top_p");
        foreach (var (name, value) in Defaults)
        {
            if (Overrides.Contains(name, StringComparer.Ordinal) || (!body.ContainsKey(name) && !(chose && name is "temperature" or "top_p")))
            {
                body[name] = MessagesDom.Read(value);
            }
        }

        var directed = HasPreset;
        if (Aliased && body.GetValueOrDefault("model") is string alias && alias == MessagesDom.Scalar("alias"))
        {
            body["model"] = MessagesDom.Scalar("m-xor");
            directed = true;
        }

        if (Suffix is not null)
        {
            var text = IsThinking(body) ? SuffixEt ?? Suffix : Suffix;
            InsertSuffix((List<object>)body["messages"], text);
        }

        if (directed && IsThinking(body) && body.GetValueOrDefault("model") is string model && Known.Any(known => model == MessagesDom.Scalar(known)))
        {
            RepairPrefill(body.GetValueOrDefault("messages") as List<object>);
        }

        System(body);
        if (Strip)
        {
            StripBody(body);
        }

        Sampling(body, Mode == SamplingFilterMode.Off && directed ? SamplingFilterMode.Auto : Mode);
    }

    private void System(Dictionary<string, object> body)
    {
        if (PresetSystem is null && Preamble is null)
        {
            return;
        }

        var blocks = body.GetValueOrDefault("system") switch
        {
            List<object> list => list,
            string text when text[0] == '"' && !IsBlank(text) => [new Dictionary<string, object>(StringComparer.Ordinal) { ["type"] = MessagesDom.Scalar("text"), ["text"] = text }],
            _ => [],
        };
        if (Preamble is not null)
        {
            var attributed = blocks.Count > 0 && blocks[0] is Dictionary<string, object> first
                && first.GetValueOrDefault("text") is string text && text.StartsWith(MessagesDom.Scalar("x-anthropic-billing-header:")[..^1], StringComparison.Ordinal);
            blocks.Insert(attributed ? 1 : 0, Block(Preamble));
        }

        if (PresetSystem is not null)
        {
            blocks.Add(Block(PresetSystem));
        }

        body["system"] = blocks;
    }

    private static bool IsBlank(string scalar) =>
        scalar.Trim('"').Chunk(4).All(hex => new string(hex) is "0020" or "000a" or "0009" or "000d" or "000c" or "000b");

    private static Dictionary<string, object> Block(string text) => new(StringComparer.Ordinal)
    {
        ["type"] = MessagesDom.Scalar("text"),
        ["text"] = MessagesDom.Scalar(text),
    };

    private static void InsertSuffix(List<object> messages, string text)
    {
        var user = MessagesDom.Scalar("user");
        var said = messages.FindLastIndex(m => Role(m) == user && !OnlyToolResults(m));
        var at = said >= 0 ? said : messages.FindLastIndex(m => Role(m) == user);
        at = at >= 0 ? at : messages.Count - 1;
        messages.Insert(at + 1, new Dictionary<string, object>(StringComparer.Ordinal) { ["role"] = user, ["content"] = new List<object> { Block(text) } });
    }

    private static void RepairPrefill(List<object>? messages)
    {
        if (messages is not { Count: > 0 } || Role(messages[^1]) != MessagesDom.Scalar("assistant"))
        {
            return;
        }

        var last = (Dictionary<string, object>)messages[^1];
        var texts = last.GetValueOrDefault("content") switch
        {
            string text => [text],
            List<object> blocks => blocks.Select(b => (b as Dictionary<string, object>)?.GetValueOrDefault("type") is string type && type == MessagesDom.Scalar("text")
                ? ((Dictionary<string, object>)b).GetValueOrDefault("text") as string : null).ToArray(),
            _ => (string?[])[null],
        };
        if (Array.Exists(texts, text => text is null))
        {
            return;
        }

        if (!Array.TrueForAll(texts, text => IsBlank(text!)))
        {
            last["role"] = MessagesDom.Scalar("user");
        }
        else if (messages.Count > 1)
        {
            messages.RemoveAt(messages.Count - 1);
            RepairPrefill(messages);
        }
    }

    private static string? Role(object message) => (message as Dictionary<string, object>)?.GetValueOrDefault("role") as string;

    private static bool OnlyToolResults(object message) =>
        ((Dictionary<string, object>)message).GetValueOrDefault("content") is List<object> { Count: > 0 } blocks
        && blocks.All(b => (b as Dictionary<string, object>)?.GetValueOrDefault("type") is string type && type == MessagesDom.Scalar("tool_result"));

    private static bool IsThinking(Dictionary<string, object> body) =>
        body.GetValueOrDefault("thinking") is Dictionary<string, object> thinking
        && thinking.GetValueOrDefault("type") is { } type && !type.Equals(MessagesDom.Scalar("disabled"));

    private static void StripBody(Dictionary<string, object> body)
    {
        StripControl(body);
        StripBlocks(body.GetValueOrDefault("system"));
        StripBlocks(body.GetValueOrDefault("tools"));
        foreach (var message in (body.GetValueOrDefault("messages") as List<object> ?? []).OfType<Dictionary<string, object>>())
        {
            StripBlocks(message.GetValueOrDefault("content"));
        }
    }

    private static void StripBlocks(object? blocks)
    {
        foreach (var block in (blocks as List<object> ?? []).OfType<Dictionary<string, object>>())
        {
            StripControl(block);
            StripBlocks(block.GetValueOrDefault("content"));
        }
    }

    private static void StripControl(Dictionary<string, object> holder) => (holder.GetValueOrDefault("cache_control") as Dictionary<string, object>)?.Remove("ttl");

    private void Sampling(Dictionary<string, object> body, SamplingFilterMode mode)
    {
        if (mode == SamplingFilterMode.Off)
        {
            return;
        }

        Drop(body, "temperature", v => v == 1);
        Drop(body, "top_p", v => v == 1);
        Drop(body, "top_k", v => v == 0);
        var model = body.GetValueOrDefault("model") as string;
        var xor = mode == SamplingFilterMode.On || model == MessagesDom.Scalar("m-xor");
        if (mode == SamplingFilterMode.Auto)
        {
            if (model == MessagesDom.Scalar("m-none") || string.CompareOrdinal(Version, "2026-10-21") >= 0)
            {
                Drop(body, "temperature", _ => true);
                Drop(body, "top_p", _ => true);
                Drop(body, "top_k", _ => true);
            }

            if (model == MessagesDom.Scalar("m-xor") || model == MessagesDom.Scalar("m-all"))
            {
                Drop(body, "temperature", v => v is < 0 or > 1 || IsThinking(body));
                Drop(body, "top_p", v => v is < 0 or > 1 || (IsThinking(body) && v < 0.95));
                Drop(body, "top_k", _ => IsThinking(body));
            }
        }

        if (xor && body.ContainsKey("temperature"))
        {
            body.Remove("top_p");
        }
    }

    private static void Drop(Dictionary<string, object> body, string name, Func<double, bool> when)
    {
        if (body.GetValueOrDefault(name) is string raw
            && (raw == "null" || when(double.Parse(raw, global::System.Globalization.CultureInfo.InvariantCulture))))
        {
            body.Remove(name);
        }
    }
}
