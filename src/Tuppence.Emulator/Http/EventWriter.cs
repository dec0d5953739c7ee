using System.Buffers;
using System.Text;
using System.Text.Json;
using Tuppence.Emulator.Replies;

namespace Tuppence.Emulator.Http;

/// <summary>Frames server-sent events, one write each. Not for parallel use.</summary>
internal sealed class EventWriter(Wire wire)
{
    private readonly ArrayBufferWriter<byte> buffer = new(512);

    /// <summary>Sends one event whose data is an object with that <c>type</c> and the members that <paramref name="members"/> writes.</summary>
    public async Task SendAsync(string type, Action<Utf8JsonWriter> members)
    {
        if (wire.Broken)
        {
            return;
        }

        buffer.ResetWrittenCount();
        buffer.Write(Encoding.UTF8.GetBytes($"event: {type}\ndata: "));
        using (var json = new Utf8JsonWriter(buffer, MessageJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            members(json);
            json.WriteEndObject();
        }

        buffer.Write("\n\n"u8);
        await wire.WriteEventAsync(buffer.WrittenMemory);
    }
}
