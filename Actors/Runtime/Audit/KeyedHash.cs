using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mcptt.Actors.Audit;

/// <summary>
/// 64 bits of something under a key that is drawn anew for each verification: whoever changed the database could not know it. A polynomial over
/// 2^61 - 1, mixed so that sums of it tell sets apart, and not only what stands in them. Not for anything that is stored.
/// </summary>
internal sealed class KeyedHash
{
    private const ulong Prime = (1UL << 61) - 1;

    private readonly ulong _point;
    private readonly ulong _first;
    private readonly ulong _second;

    public KeyedHash()
    {
        Span<ulong> key = stackalloc ulong[3];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        (_point, _first, _second) = ((key[0] & Prime) % Prime, key[1] | 1, key[2] | 1);
    }

    public ulong Of(long ordering, long sequenceNumber, string persistenceId, ReadOnlySpan<byte> tag)
    {
        var hash = Add(0, (uint)tag.Length + 1);
        hash = Octets(hash, tag);
        hash = Octets(hash, MemoryMarshal.AsBytes(persistenceId.AsSpan()));
        hash = Add(Add(hash, (ulong)sequenceNumber >> 32), (uint)sequenceNumber);
        hash = Add(Add(hash, (ulong)ordering >> 32), (uint)ordering);
        return Mix(Mix(hash * _first) * _second);
    }

    private ulong Octets(ulong hash, ReadOnlySpan<byte> octets)
    {
        for (; octets.Length >= sizeof(uint); octets = octets[sizeof(uint)..])
        {
            hash = Add(hash, BinaryPrimitives.ReadUInt32LittleEndian(octets));
        }

        ulong rest = 0;
        foreach (var octet in octets)
        {
            rest = (rest << 8) | octet;
        }

        return Add(hash, rest | ((ulong)octets.Length << 32));
    }

    // (hash + value + 1) * point modulo 2^61 - 1.
    private ulong Add(ulong hash, ulong value)
    {
        var high = Math.BigMul((hash + value + 1) % Prime, _point, out var low);
        var reduced = (low & Prime) + ((high << 3) | (low >> 61));
        return reduced >= Prime ? reduced - Prime : reduced;
    }

    private static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value *= 0xFF51AFD7ED558CCD;
        value ^= value >> 33;
        value *= 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
