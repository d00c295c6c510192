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
    private const int TermOctets = 7;
    private const ulong TermMask = (1UL << (8 * TermOctets)) - 1;

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
        hash = Add(hash, (uint)persistenceId.Length);
        hash = Octets(hash, MemoryMarshal.AsBytes(persistenceId.AsSpan()));
        hash = Add(Add(hash, (ulong)sequenceNumber >> 32), (uint)sequenceNumber);
        hash = Add(Add(hash, (ulong)ordering >> 32), (uint)ordering);
        return Mix(Mix(hash * _first) * _second);
    }

    // Seven octets at a time: a term must stay below the prime.
    private ulong Octets(ulong hash, ReadOnlySpan<byte> octets)
    {
        for (; octets.Length >= sizeof(ulong); octets = octets[TermOctets..])
        {
            hash = Add(hash, BinaryPrimitives.ReadUInt64LittleEndian(octets) & TermMask);
        }

        ulong rest = 0;
        foreach (var octet in octets[..Math.Min(octets.Length, TermOctets)])
        {
            rest = (rest << 8) | octet;
        }

        hash = Add(hash, rest);
        return octets.Length > TermOctets ? Add(hash, octets[TermOctets]) : hash;
    }

    // (hash + value + 1) * point modulo 2^61 - 1, up to a multiple: both factors are below 2^62, and the sum of the halves below 2^63.
    private ulong Add(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash + value + 1, _point, out var low);
        var folded = (low & Prime) + ((high << 3) | (low >> 61));
        folded = (folded & Prime) + (folded >> 61);
        return folded >= Prime ? folded - Prime : folded;
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
