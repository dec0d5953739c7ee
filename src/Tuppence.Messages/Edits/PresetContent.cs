using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>A preset while its file is read.</summary>
internal sealed class PresetContent(string name, MessageBody file, List<PresetError> errors)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<(string Name, byte[] Value)> members = [];
    private readonly List<(string Name, int Position)> overrides = [];
    private readonly List<HeaderEdit> headers = [];
    private string? description;
    private string? model;
    private string? upstream;
    private string? cache;
    private Snippet? system;
    private string? suffix;
    private string? thinkingSuffix;

    public void Read(in BodyMember member)
    {
        var key = JsonText.Decode(member.Name.Of(file.Bytes.Span));
        var value = member.Value.Of(file.Bytes.Span);
        var at = member.Value.Start;
        if (!seen.Add(key))
        {
            Wrong("$." + key, member.Name.Start, $"\"{key}\" stands here a second time; keep one");
            return;
        }

        switch (key)
        {
            case "description":
                description = Text(key, value, at);
                break;
            case "model":
                model = Text(key, value, at);
                break;
            case "upstream":
                upstream = Text(key, value, at);
                break;
            case "cache":
                ReadCache(value, at);
                break;
            case "suffix":
                suffix = value.SequenceEqual("null"u8) ? null : TextOrEmpty(key, value, at);
                break;
            case "suffixEt":
                thinkingSuffix = value.SequenceEqual("null"u8) ? null : TextOrEmpty(key, value, at);
                break;
            case "system":
                ReadSystem(value, at);
                break;
            case "headers":
                ReadHeaders(value, at);
                break;
            case "override":
                ReadOverrides(value, at);
                break;
            default:
                ReadDefault(key, member);
                break;
        }
    }

    public Preset Compile()
    {
        foreach (var (overridden, position) in overrides)
        {
            if (!members.Exists(member => member.Name == overridden))
            {
                Wrong("$.override", position, $"\"{overridden}\" is listed, but the preset gives no such member");
            }
        }

        var plain = Message(suffix);
        return new Preset(name)
        {
            Description = description,
            Model = model,
            Upstream = upstream,
            Cache = cache,
            Headers = headers,
            System = system,
            Suffix = plain,
            ThinkingSuffix = thinkingSuffix is null ? plain : Message(thinkingSuffix),
            Members =
            [
                .. members.Select(member => new PresetMember(
                    member.Name,
                    Encoding.UTF8.GetBytes(member.Name),
                    Snippet.Of(member.Name, member.Value),
                    overrides.Exists(overridden => overridden.Name == member.Name))),
            ],
        };
    }

    private static byte[] Message(string? text) => string.IsNullOrWhiteSpace(text)
        ? []
        : [.. ",{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"u8, .. JsonText.Quote(text), .. "}]}"u8];

    private void ReadCache(ReadOnlySpan<byte> value, int at)
    {
        cache = value[0] == '"' ? JsonText.Decode(value) : null;
        if (cache is null || !PresetMembers.CacheLevels.Contains(cache, StringComparer.Ordinal))
        {
            Wrong("$.cache", at, $"must be one of {string.Join(", ", PresetMembers.CacheLevels)}");
        }
    }

    private void ReadSystem(ReadOnlySpan<byte> value, int at)
    {
        if (value[0] == '"')
        {
            system = JsonText.IsBlank(value) ? null : Snippet.Plain((byte[])[.. "{\"type\":\"text\",\"text\":"u8, .. value, (byte)'}']);
            return;
        }

        if (value[0] != '[')
        {
            if (!value.SequenceEqual("null"u8))
            {
                Wrong("$.system", at, "must be a string or an array of text blocks");
            }

            return;
        }

        var bytes = file.Bytes.Span;
        for (var i = 0; i < file.SystemBlocks.Length; i++)
        {
            var block = file.SystemBlocks[i];
            var text = block.Text.Of(bytes);
            if (!JsonText.Means(block.Type.Of(bytes), "text"u8) || text.IsEmpty || text[0] != '"' || JsonText.IsBlank(text))
            {
                Wrong($"$.system[{i}]", block.Range.Start, "must be a text block, {\"type\":\"text\",\"text\":\"…\"}, with text in it");
            }
        }

        system = file.SystemBlocks.IsEmpty ? null : Snippet.Of("system", value).Elements();
    }

    private void ReadHeaders(ReadOnlySpan<byte> value, int at)
    {
        if (value[0] != '{')
        {
            Wrong("$.headers", at, "must be an object of header names and values");
            return;
        }

        var cursor = new JsonCursor(value, JsonCursor.DeepestNesting);
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var header = JsonText.Decode(member.Of(value));
            var raw = value[start..cursor.At];
            var path = $"$.headers.{header}";
            if (PresetHeaders.Fault(header) is { } fault)
            {
                Wrong(path, at + member.Start, fault);
            }
            else if (raw[0] != '"' || !PresetHeaders.IsValue(JsonText.Decode(raw)))
            {
                Wrong(path, at + start, "must be a string of printable ASCII characters");
            }
            else
            {
                headers.Add(PresetHeaders.Edit(header, JsonText.Decode(raw)));
            }
        }
    }

    private void ReadOverrides(ReadOnlySpan<byte> value, int at)
    {
        if (value[0] != '[')
        {
            Wrong("$.override", at, "must be an array of member names");
            return;
        }

        var cursor = new JsonCursor(value, JsonCursor.DeepestNesting);
        cursor.Enter();
        for (var first = true; cursor.NextElement(ref first);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var element = value[start..cursor.At];
            if (element[0] == '"')
            {
                overrides.Add((JsonText.Decode(element), at + start));
            }
            else
            {
                Wrong("$.override", at + start, "must hold member names only");
            }
        }
    }

    private void ReadDefault(string key, in BodyMember member)
    {
        var value = member.Value.Of(file.Bytes.Span);
        if (!PresetMembers.IsKnown(key))
        {
            Wrong("$." + key, member.Name.Start, $"\"{key}\" is not a member of a preset; known are {PresetMembers.Known}");
        }
        else if (PresetMembers.Fault(key, value) is { } fault)
        {
            Wrong("$." + key, member.Value.Start, fault);
        }
        else
        {
            members.Add((key, value.ToArray()));
        }
    }

    private string? Text(string key, ReadOnlySpan<byte> value, int at)
    {
        var text = TextOrEmpty(key, value, at);
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            Wrong("$." + key, at, "must not be empty");
        }

        return text;
    }

    private string? TextOrEmpty(string key, ReadOnlySpan<byte> value, int at)
    {
        if (value[0] == '"')
        {
            return JsonText.Decode(value);
        }

        Wrong("$." + key, at, "must be a string");
        return null;
    }

    private void Wrong(string path, int position, string what) =>
        errors.Add(new PresetError(path, BodyFault.Locate(file.Bytes.Span, position).Line, $"{path}: {what}."));
}
