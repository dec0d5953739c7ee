using System.Buffers.Binary;

namespace Tuppence.Messages.EventStream;

/// <summary>The CRC-32 of IEEE 802.3 (reflected, polynomial 0xEDB88320), eight bytes a step.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of <paramref name="bytes"/>, or of what <paramref name="before"/> is the checksum of followed by them.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        ReadOnlySpan<uint> t = Tables;
        var crc = ~before;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[(7 * 256) + (int)(low & 255)] ^ t[(6 * 256) + (int)((low >> 8) & 255)] ^ t[(5 * 256) + (int)((low >> 16) & 255)] ^ t[(4 * 256) + (int)(low >> 24)]
                ^ t[(3 * 256) + (int)(high & 255)] ^ t[(2 * 256) + (int)((high >> 8) & 255)] ^ t[256 + (int)((high >> 16) & 255)] ^ t[(int)(high >> 24)];
        }

        foreach (var b in bytes)
        {
            crc = t[(int)((crc ^ b) & 255)] ^ (crc >> 8);
        }

        return ~crc;
    }

    // Table k holds the checksum of a byte followed by k zero bytes.
    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
            }

            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            var before = tables[i - 256];
            tables[i] = (before >> 8) ^ tables[before & 255];
        }

        return tables;
    }
}
