using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mcptt.Ue.Signalling;

/// <summary>Identifiers that must be unlike any other in the world (RFC 3261 8.1.1.4, 19.3; RFC 3550 8).</summary>
internal static class FreshIds
{
    private const int TagOctets = 8;
    private const int CallIdOctets = 16;

    public static string Tag() => RandomNumberGenerator.GetHexString(TagOctets * 2, lowercase: true);

    public static string CallId() => RandomNumberGenerator.GetHexString(CallIdOctets * 2, lowercase: true);

    public static string Branch() => Via() + RandomNumberGenerator.GetHexString(CallIdOctets * 2, lowercase: true);

    public static uint Ssrc()
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(octets);
        return BinaryPrimitives.ReadUInt32BigEndian(octets) | 1;
    }

    private static string Via() => Mcptt.Protocol.Sip.Via.MagicCookie;
}
