using System.Buffers.Binary;
using System.Text;

namespace Tuppence.Tests.Scenes;

/// <summary>Writes AWS event-stream frames, with a bit-by-bit checksum of its own.</summary>
public static class AwsFrames
{
    public const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\nx-amzn-requestid: amzn-7\r\n\r\n";

    public static byte[] Chunk(string json) => Frame(
        Encoding.UTF8.GetBytes($$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(json))}}","p":"abcdefghij"}"""),
        (":event-type", "chunk"), (":content-type", "application/json"), (":message-type", "event"));

    public static byte[] Exception(string type, string message) => Frame(
        Encoding.UTF8.GetBytes($$"""{"message":"{{message}}"}"""), (":exception-type", type), (":content-type", "application/json"), (":message-type", "exception"));

    public static byte[] Frame(ReadOnlySpan<byte> payload, params (string Name, string Value)[] headers)
    {
        var block = new List<byte>();
        foreach (var (name, value) in headers)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.UTF8.GetBytes(name));
            block.AddRange([7, (byte)(bytes.Length >> 8), (byte)bytes.Length]);
            block.AddRange(bytes);
        }

        return Raw([.. block], payload);
    }

    /// <summary>A frame around a header block as given, with right checksums.</summary>
    public static byte[] Raw(byte[] headers, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[16 + headers.Length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        headers.CopyTo(frame, 12);
        payload.CopyTo(frame.AsSpan(12 + headers.Length));
        Seal(frame);
        return frame;
    }

    /// <summary>Writes the checksums anew.</summary>
    public static void Seal(byte[] frame)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc(frame.AsSpan(0, 8)));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc(frame.AsSpan(0, frame.Length - 4)));
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB8_8320);
            }
        }

        return ~crc;
    }
}
