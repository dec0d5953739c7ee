using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tuppence.Thrift.Recording;

/// <summary>Makes hashes that say nothing to whoever does not have the salt: SHA-256 of the salt and the value, cut to size.</summary>
internal sealed class SaltedHash(ReadOnlySpan<byte> salt)
{
    private readonly byte[] salt = salt.ToArray();

    public UInt128 Of(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        return Of(bytes);
    }

    public UInt128 Of(ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(salt);
        sha.AppendData(value);
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
