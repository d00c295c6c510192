using System.Buffers.Binary;
using System.Text;

namespace Mcptt.Protocol.Rtp;

/// <summary>Sender information of a sender report (RFC 3550 6.4.1): six words behind the header, the first of them the SSRC.</summary>
public readonly record struct RtcpSenderInfo(uint Ssrc, ulong NtpTimestamp, uint RtpTimestamp, uint PacketCount, uint OctetCount)
{
    public const int Octets = 24;

    public static bool TryRead(ReadOnlySpan<byte> packet, out RtcpSenderInfo info)
    {
        info = default;
        if (!RtcpHeader.TryRead(packet, out var header) || header.Type != RtcpPacketType.SenderReport || header.PacketOctets < RtcpHeader.Octets + Octets)
        {
            return false;
        }

        var body = packet[RtcpHeader.Octets..];
        info = new RtcpSenderInfo(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            BinaryPrimitives.ReadUInt64BigEndian(body[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..])
        );
        return true;
    }

    /// <summary>Writes a sender report without report blocks; returns its length.</summary>
    public int Write(Span<byte> packet)
    {
        new RtcpHeader { Type = RtcpPacketType.SenderReport, Words = Octets / 4 }.Write(packet);
        var body = packet[RtcpHeader.Octets..];
        BinaryPrimitives.WriteUInt32BigEndian(body, Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], NtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], OctetCount);
        return RtcpHeader.Octets + Octets;
    }
}

/// <summary>One block of a sender or receiver report (RFC 3550 6.4.1). Lost packets are a signed 24-bit number.</summary>
public readonly record struct RtcpReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint HighestSequenceNumber,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport
)
{
    public const int Octets = 24;

    public static bool TryRead(ReadOnlySpan<byte> packet, int index, out RtcpReportBlock block)
    {
        block = default;
        if (!RtcpHeader.TryRead(packet, out var header) || index < 0 || index >= header.Count || Start(header.Type) is not { } start)
        {
            return false;
        }

        var at = start + (index * Octets);
        if (at + Octets > header.PacketOctets)
        {
            return false;
        }

        var body = packet.Slice(at, Octets);
        block = new RtcpReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            body[4],
            BinaryPrimitives.ReadInt32BigEndian(body[4..]) << 8 >> 8,
            BinaryPrimitives.ReadUInt32BigEndian(body[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..])
        );
        return true;
    }

    /// <summary>Writes a receiver report of <paramref name="reporter"/> with this one block; returns its length.</summary>
    public int WriteReceiverReport(uint reporter, Span<byte> packet)
    {
        new RtcpHeader { Type = RtcpPacketType.ReceiverReport, Count = 1, Words = (4 + Octets) / 4 }.Write(packet);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], reporter);
        var body = packet[8..];
        BinaryPrimitives.WriteUInt32BigEndian(body, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(body[4..], CumulativeLost & 0xFFFFFF);
        body[4] = FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], HighestSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], DelaySinceLastSenderReport);
        return RtcpHeader.Octets + 4 + Octets;
    }

    private static int? Start(RtcpPacketType type) =>
        type switch
        {
            RtcpPacketType.SenderReport => RtcpHeader.Octets + RtcpSenderInfo.Octets,
            RtcpPacketType.ReceiverReport => RtcpHeader.Octets + 4,
            _ => null,
        };
}

/// <summary>A source description with the one item that is mandatory, CNAME (RFC 3550 6.5.1), and a goodbye (6.6).</summary>
public static class RtcpSource
{
    private const byte CanonicalName = 1;
    private const int MaxNameOctets = 255;

    /// <summary>CNAME of the first chunk.</summary>
    public static bool TryReadCanonicalName(ReadOnlySpan<byte> packet, out uint ssrc, out string name)
    {
        (ssrc, name) = (0, "");
        if (!RtcpHeader.TryRead(packet, out var header) || header is not { Type: RtcpPacketType.SourceDescription, Count: > 0, Words: > 0 })
        {
            return false;
        }

        ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var items = packet[8..header.PacketOctets];
        while (items.Length >= 2 && items[0] != 0 && 2 + items[1] <= items.Length)
        {
            if (items[0] == CanonicalName)
            {
                name = Encoding.UTF8.GetString(items.Slice(2, items[1]));
                return true;
            }

            items = items[(2 + items[1])..];
        }

        return false;
    }

    public static int WriteCanonicalName(uint ssrc, string name, Span<byte> packet)
    {
        var octets = Encoding.UTF8.GetByteCount(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets, MaxNameOctets, nameof(name));

        // The chunk ends with one to four zeros, so that it ends on a word.
        var length = (8 + 2 + octets + 4) & ~3;
        packet[..length].Clear();
        new RtcpHeader { Type = RtcpPacketType.SourceDescription, Count = 1, Words = (ushort)((length / 4) - 1) }.Write(packet);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        packet[8] = CanonicalName;
        packet[9] = (byte)octets;
        Encoding.UTF8.GetBytes(name, packet[10..]);
        return length;
    }

    public static bool TryReadGoodbye(ReadOnlySpan<byte> packet, int index, out uint ssrc)
    {
        ssrc = 0;
        if (
            !RtcpHeader.TryRead(packet, out var header)
            || header.Type != RtcpPacketType.Goodbye
            || index < 0
            || index >= header.Count
            || index >= header.Words
        )
        {
            return false;
        }

        ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[(RtcpHeader.Octets + (index * 4))..]);
        return true;
    }

    public static int WriteGoodbye(uint ssrc, Span<byte> packet)
    {
        new RtcpHeader { Type = RtcpPacketType.Goodbye, Count = 1, Words = 1 }.Write(packet);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        return RtcpHeader.Octets + 4;
    }
}
