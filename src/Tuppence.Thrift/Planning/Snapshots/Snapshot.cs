using System.IO.Hashing;
using Tuppence.Thrift.Planning.Lineages;

namespace Tuppence.Thrift.Planning.Snapshots;

/// <summary>The bytes of a snapshot: a version, the scopes, and a checksum of both.</summary>
internal static class Snapshot
{
    private const int Version = 3;

    /// <summary>Writes all scopes.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, ScopePlanner>> scopes)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        var all = scopes.ToArray();
        writer.Write7BitEncodedInt(all.Length);
        foreach (var (name, scope) in all)
        {
            writer.Write(name);
            scope.Write(new ScopeWriter(writer));
        }

        writer.Flush();
        writer.Write(XxHash3.HashToUInt64(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <summary>Reads scopes; null where the bytes are of another version or damaged.</summary>
    public static IReadOnlyDictionary<string, ScopePlanner>? Read(ReadOnlySpan<byte> bytes, LineageNumbers numbers)
    {
        if (bytes.Length < 12 || BitConverter.ToUInt64(bytes[^8..]) != XxHash3.HashToUInt64(bytes[..^8]))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes[..^8].ToArray()));
        try
        {
            if (reader.ReadInt32() != Version)
            {
                return null;
            }

            var scopes = new Dictionary<string, ScopePlanner>(StringComparer.Ordinal);
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
            {
                scopes[reader.ReadString()] = new ScopePlanner(numbers, new ScopeReader(reader, numbers));
            }

            return scopes;
        }
        catch (Exception damage) when (damage is FormatException or IOException or ArgumentException)
        {
            return null;
        }
    }
}
