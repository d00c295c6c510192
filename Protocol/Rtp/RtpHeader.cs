using System.Buffers.Binary;

namespace Mcptt.Protocol.Rtp;

/// <summary>
/// The RTP header (RFC 3550 5.1), read without looking at the payload, which may be encrypted (SRTP leaves the header, the CSRCs
/// and the extension in clear).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           timestamp                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           synchronization source (SSRC) identifier            |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |            contributing source (CSRC) identifiers             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// :  with X: profile (16 bits), length in words (16 bits), words  :
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public readonly record struct RtpHeader
{
    public const int FixedOctets = 12;
    public const int MaxCsrcs = 15;
    public const byte Version = 2;

    internal const int CsrcOctets = 4;
    internal const int ExtensionHeadOctets = 4;

    private const byte VersionBits = Version << 6;
    private const byte VersionMask = 0xC0;
    private const byte PaddingBit = 0x20;
    private const byte ExtensionBit = 0x10;
    private const byte CsrcCountMask = 0x0F;
    private const byte MarkerBit = 0x80;

    /// <summary>The packet ends with octets that are no payload; its last octet says how many.</summary>
    public bool Padding { get; init; }

    public bool Extension { get; init; }

    public byte CsrcCount { get; init; }

    public bool Marker { get; init; }

    public byte PayloadType { get; init; }

    public ushort SequenceNumber { get; init; }

    public uint Timestamp { get; init; }

    public uint Ssrc { get; init; }

    /// <summary>Profile of the header extension (5.3.1); 0 without one.</summary>
    public ushort ExtensionProfile { get; init; }

    /// <summary>32-bit words of the header extension behind its four octets of head.</summary>
    public ushort ExtensionWords { get; init; }

    /// <summary>Where the payload begins.</summary>
    public int Octets => FixedOctets + (CsrcCount * CsrcOctets) + (Extension ? ExtensionHeadOctets + (ExtensionWords * 4) : 0);

    /// <summary>False for anything whose header is not whole: another version, CSRCs or an extension that leave the packet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedOctets || (packet[0] & VersionMask) != VersionBits)
        {
            return false;
        }

        var csrcCount = (byte)(packet[0] & CsrcCountMask);
        var extension = (packet[0] & ExtensionBit) != 0;
        var extensionStart = FixedOctets + (csrcCount * CsrcOctets);
        if (packet.Length < extensionStart + (extension ? ExtensionHeadOctets : 0))
        {
            return false;
        }

        header = new RtpHeader
        {
            Padding = (packet[0] & PaddingBit) != 0,
            Extension = extension,
            CsrcCount = csrcCount,
            Marker = (packet[1] & MarkerBit) != 0,
            PayloadType = (byte)(packet[1] & ~MarkerBit),
            SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            ExtensionProfile = extension ? BinaryPrimitives.ReadUInt16BigEndian(packet[extensionStart..]) : (ushort)0,
            ExtensionWords = extension ? BinaryPrimitives.ReadUInt16BigEndian(packet[(extensionStart + 2)..]) : (ushort)0,
        };
        return header.Octets <= packet.Length;
    }

    /// <summary>The payload without padding. False when the padding is longer than what it pads (or the payload is encrypted with its padding).</summary>
    public bool TryGetPayload(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> payload)
    {
        payload = packet[Octets..];
        if (!Padding)
        {
            return true;
        }

        if (payload.IsEmpty || payload[^1] == 0 || payload[^1] > payload.Length)
        {
            payload = default;
            return false;
        }

        payload = payload[..^payload[^1]];
        return true;
    }

    public uint GetCsrc(ReadOnlySpan<byte> packet, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)CsrcCount, nameof(index));
        return BinaryPrimitives.ReadUInt32BigEndian(packet[(FixedOctets + (index * CsrcOctets))..]);
    }

    public ReadOnlySpan<byte> GetExtension(ReadOnlySpan<byte> packet) =>
        Extension ? packet.Slice(Octets - (ExtensionWords * 4), ExtensionWords * 4) : [];

    /// <summary>Writes the fixed part and the head of the extension; CSRCs and extension words are the caller's to fill in. Returns <see cref="Octets"/>.</summary>
    public int Write(Span<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CsrcCount, MaxCsrcs);
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, Octets, nameof(packet));
        packet[0] = (byte)(VersionBits | (Padding ? PaddingBit : 0) | (Extension ? ExtensionBit : 0) | CsrcCount);
        packet[1] = (byte)((Marker ? MarkerBit : 0) | (PayloadType & ~MarkerBit));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
        if (Extension)
        {
            var start = FixedOctets + (CsrcCount * CsrcOctets);
            BinaryPrimitives.WriteUInt16BigEndian(packet[start..], ExtensionProfile);
            BinaryPrimitives.WriteUInt16BigEndian(packet[(start + 2)..], ExtensionWords);
        }

        return Octets;
    }
}
