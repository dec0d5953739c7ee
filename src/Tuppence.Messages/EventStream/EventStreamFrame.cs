using System.Buffers.Binary;

namespace Tuppence.Messages.EventStream;

/// <summary>One frame whose checksums are right. Its spans are valid until the reader reads on.</summary>
/// <param name="headers">The header block.</param>
/// <param name="payload">The payload.</param>
public readonly ref struct EventStreamFrame(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
{
    private const byte ByteArray = 6;
    private const byte Text = 7;

    private readonly ReadOnlySpan<byte> headers = headers;

    /// <summary>The payload; of Bedrock's frames JSON.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>Finds a header whose value is text; false where there is none of that name, or the block is malformed before it.</summary>
    /// <param name="name">Name in UTF-8, such as <c>:event-type</c>.</param>
    /// <param name="value">The value in UTF-8.</param>
    public bool TryText(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = headers;
        while (TryNext(ref rest, out var found, out var type, out value))
        {
            if (type == Text && found.SequenceEqual(name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether the header block can be read to its end.</summary>
    internal bool IsWellFormed
    {
        get
        {
            var rest = headers;
            while (!rest.IsEmpty)
            {
                if (!TryNext(ref rest, out _, out _, out _))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out byte type, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        type = 0;
        if (rest.IsEmpty || rest[0] == 0 || rest.Length < rest[0] + 2)
        {
            return false;
        }

        name = rest.Slice(1, rest[0]);
        type = rest[name.Length + 1];
        rest = rest[(name.Length + 2)..];
        var length = type switch
        {
            0 or 1 => 0, // true, false
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8, // 64 bits, timestamp
            9 => 16, // UUID
            ByteArray or Text when rest.Length >= 2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => -1,
        };
        if (type is ByteArray or Text && length >= 0)
        {
            rest = rest[2..];
        }

        if (length < 0 || rest.Length < length)
        {
            return false;
        }

        value = rest[..length];
        rest = rest[length..];
        return true;
    }
}
