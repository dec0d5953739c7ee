using System.Buffers;
using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>One content block, put together from its deltas.</summary>
internal sealed class BlockAssembly
{
    // A string lacks its closing quote until it is written, so that more can follow.
    private readonly List<(byte[] Name, ArrayBufferWriter<byte> Value)> members = [];
    private readonly StringBuilder input = new();

    /// <summary>Whether its start has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Takes the block as it starts.</summary>
    public void Begin(ReadOnlySpan<byte> block)
    {
        HasBegun = true;
        members.Clear();
        var cursor = new JsonCursor(block, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            Set(member.Of(block)[1..^1], block[start..cursor.At]);
        }
    }

    /// <summary>Takes a delta. Of one that is not known, texts go on and other values take the place of earlier ones.</summary>
    public void Add(ReadOnlySpan<byte> delta)
    {
        JsonText.TryMember(delta, "type"u8, out var type);
        if (JsonText.Means(type, "input_json_delta"u8))
        {
            input.Append(JsonText.TryMember(delta, "partial_json"u8, out var partial) && partial[0] == '"' ? JsonText.Decode(partial) : "");
            return;
        }

        if (JsonText.Means(type, "citations_delta"u8))
        {
            if (JsonText.TryMember(delta, "citation"u8, out var citation))
            {
                AddElement("citations"u8, citation);
            }

            return;
        }

        var cursor = new JsonCursor(delta, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var name = member.Of(delta)[1..^1];
            var value = delta[start..cursor.At];
            if (name.SequenceEqual("type"u8))
            {
                continue;
            }

            if (value[0] == '"' && !JsonText.Means(type, "signature_delta"u8) && Find(name) is { } text && text.WrittenSpan[0] == '"')
            {
                text.Write(value[1..^1]);
            }
            else
            {
                Set(name, value);
            }
        }
    }

    /// <summary>Writes the block.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        if (input.Length > 0)
        {
            var bytes = Encoding.UTF8.GetBytes(input.ToString());
            var cursor = new JsonCursor(bytes, JsonCursor.DeepestNesting);
            Set("input"u8, cursor.Next() == '{' && cursor.SkipValue() && cursor.End() ? bytes : "{}"u8);
        }

        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            output.Write(i == 0 ? "\""u8 : ",\""u8);
            output.Write(members[i].Name);
            output.Write("\":"u8);
            output.Write(members[i].Value.WrittenSpan);
            output.Write(members[i].Value.WrittenSpan[0] == '"' ? "\""u8 : default);
        }

        output.Write("}"u8);
    }

    private ArrayBufferWriter<byte>? Find(ReadOnlySpan<byte> name)
    {
        foreach (var member in members)
        {
            if (name.SequenceEqual(member.Name))
            {
                return member.Value;
            }
        }

        return null;
    }

    private void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var kept = Find(name);
        if (kept is null)
        {
            kept = new ArrayBufferWriter<byte>(Math.Max(64, value.Length));
            members.Add((name.ToArray(), kept));
        }

        kept.ResetWrittenCount();
        kept.Write(value[0] == '"' ? value[..^1] : value);
    }

    private void AddElement(ReadOnlySpan<byte> name, ReadOnlySpan<byte> element)
    {
        var list = Find(name);
        var before = list is not null && list.WrittenSpan[0] == '[' ? list.WrittenSpan[..^1].ToArray() : "["u8.ToArray();
        Set(name, [.. before, .. before.Length > 1 ? ","u8 : default, .. element, (byte)']']);
    }
}
