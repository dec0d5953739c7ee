using System.Buffers;
using System.Text;

namespace Tuppence.State.Exports;

/// <summary>Writes Thrift's compact protocol, in which Parquet keeps what it says of its own data.</summary>
/// <remarks>Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.</remarks>
internal sealed class ThriftCompact(IBufferWriter<byte> target)
{
    private const byte TypeI32 = 5, TypeI64 = 6, TypeBinary = 8, TypeList = 9, TypeStruct = 12;

    private readonly Stack<int> outer = new();
    private int last;

    /// <summary>Begins a struct that is a member of a list, or the outermost.</summary>
    public ThriftCompact Begin()
    {
        outer.Push(last);
        last = 0;
        return this;
    }

    /// <summary>Begins a struct that is a field.</summary>
    public ThriftCompact Begin(int field) => Head(field, TypeStruct).Begin();

    /// <summary>Ends a struct.</summary>
    public ThriftCompact End()
    {
        Byte(0);
        last = outer.Pop();
        return this;
    }

    /// <summary>A number of 32 bits.</summary>
    public ThriftCompact I32(int field, int value) => Head(field, TypeI32).Number(value);

    /// <summary>A number of 64 bits.</summary>
    public ThriftCompact I64(int field, long value) => Head(field, TypeI64).Number(value);

    /// <summary>A text.</summary>
    public ThriftCompact Text(int field, string value) => Head(field, TypeBinary).Bytes(value);

    /// <summary>A list of structs; they follow.</summary>
    public ThriftCompact Structs(int field, int count) => List(field, count, TypeStruct);

    /// <summary>A list of numbers of 32 bits.</summary>
    public ThriftCompact Numbers(int field, params ReadOnlySpan<int> values)
    {
        List(field, values.Length, TypeI32);
        foreach (var value in values)
        {
            Number(value);
        }

        return this;
    }

    /// <summary>A list of one text.</summary>
    public ThriftCompact Texts(int field, string only) => List(field, 1, TypeBinary).Bytes(only);

    private ThriftCompact Head(int field, byte type)
    {
        // Fields are at most fifteen apart here, so that the short form always does.
        Byte((byte)(((field - last) << 4) | type));
        last = field;
        return this;
    }

    private ThriftCompact List(int field, int count, byte type)
    {
        Head(field, TypeList);
        if (count < 15)
        {
            Byte((byte)((count << 4) | type));
        }
        else
        {
            Byte((byte)(0xf0 | type));
            Varint((ulong)count);
        }

        return this;
    }

    private ThriftCompact Number(long value)
    {
        Varint((ulong)((value << 1) ^ (value >> 63)));
        return this;
    }

    private ThriftCompact Bytes(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        target.Write(bytes);
        return this;
    }

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
