using System.Buffers.Binary;

namespace Mcptt.Protocol.Rtp;

/// <summary>RTCP packet types (RFC 3550 12.1, RFC 4585, RFC 3611).</summary>
public enum RtcpPacketType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    ApplicationDefined = 204,
    TransportFeedback = 205,
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>
/// The first word of every RTCP packet (RFC 3550 6.4.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|  count  |      PT       |   length in words - 1         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public readonly record struct RtcpHeader
{
    public const int Octets = 4;
    public const byte MaxCount = 31;

    private const byte VersionBits = 0x80;
    private const byte VersionMask = 0xC0;
    private const byte PaddingBit = 0x20;

    public bool Padding { get; init; }

    /// <summary>Report blocks, source chunks or, in an APP packet, the subtype.</summary>
    public byte Count { get; init; }

    public RtcpPacketType Type { get; init; }

    /// <summary>Length of the packet behind this word, in words.</summary>
    public ushort Words { get; init; }

    public int PacketOctets => Octets + (Words * 4);

    /// <summary>False when there is no RTCP packet here or it is longer than what is there. A compound packet is walked by <see cref="PacketOctets"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out RtcpHeader header)
    {
        header = default;
        if (packet.Length < Octets || (packet[0] & VersionMask) != VersionBits || RtpDemultiplexer.Classify(packet) != DatagramKind.Rtcp)
        {
            return false;
        }

        header = new RtcpHeader
        {
            Padding = (packet[0] & PaddingBit) != 0,
            Count = (byte)(packet[0] & MaxCount),
            Type = (RtcpPacketType)packet[1],
            Words = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
        };
        return header.PacketOctets <= packet.Length;
    }

    public void Write(Span<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, MaxCount);
        packet[0] = (byte)(VersionBits | (Padding ? PaddingBit : 0) | Count);
        packet[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Words);
    }
}
