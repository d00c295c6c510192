using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Recording;

/// <summary>
/// The classic pcap format, little-endian, microseconds, link type RAW (each record begins with an IP header), written and read. The media
/// node sees no IP headers, so they are made from the addresses that the packet came from and to.
/// <code>
/// file:   magic(4) major(2) minor(2) zone(4) accuracy(4) snaplen(4) linktype(4)
/// record: seconds(4) microseconds(4) captured(4) original(4)   IPv4(20) or IPv6(40)   UDP(8)   RTP
/// </code>
/// </summary>
internal static class PcapFormat
{
    public const int FileHeaderOctets = 24;
    public const int RecordHeaderOctets = 16;
    public const int UdpHeaderOctets = 8;
    public const int Ipv4HeaderOctets = 20;
    public const int Ipv6HeaderOctets = 40;

    /// <summary>What a record adds to its packet at most.</summary>
    public const int MaxOverheadOctets = RecordHeaderOctets + Ipv6HeaderOctets + UdpHeaderOctets;

    public const uint MaxCapturedOctets = 65535;
    public const uint Magic = 0xA1B2C3D4;
    public const uint RawIpLink = 101;
    public const byte UdpProtocol = 17;

    private const ushort MajorVersion = 2;
    private const ushort MinorVersion = 4;
    private const byte TimeToLive = 64;
    private const long MicrosecondsPerSecond = 1_000_000;

    public static void WriteFileHeader(Span<byte> to)
    {
        to[..FileHeaderOctets].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], MajorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], MinorVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], MaxCapturedOctets);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], RawIpLink);
    }

    /// <summary>Returns how many octets the record has.</summary>
    public static int WriteRecord(Span<byte> to, long timeUs, ReadOnlySpan<byte> packet, EndpointKey source, EndpointKey destination)
    {
        var isIpv4 = source.IsMapped && destination.IsMapped;
        var ip = isIpv4 ? Ipv4HeaderOctets : Ipv6HeaderOctets;
        var captured = ip + UdpHeaderOctets + packet.Length;
        WriteRecordHeader(to, timeUs, captured);
        var datagram = to.Slice(RecordHeaderOctets, captured);
        var udp = datagram[ip..];
        packet.CopyTo(udp[UdpHeaderOctets..]);
        var pseudo = isIpv4 ? WriteIpv4(datagram, source, destination) : WriteIpv6(datagram, source, destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);

        // RFC 768: over addresses, protocol, length and datagram; a sum of zero is sent as all ones.
        var sum = Complement(pseudo + UdpProtocol + (uint)udp.Length + Sum(udp));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 ? (ushort)0xFFFF : sum);
        return RecordHeaderOctets + captured;
    }

    public static void WriteRecordHeader(Span<byte> to, long timeUs, int captured)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)(timeUs / MicrosecondsPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)(timeUs % MicrosecondsPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)captured);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], (uint)captured);
    }

    public static long ReadTimeUs(ReadOnlySpan<byte> record) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(record) * MicrosecondsPerSecond) + BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);

    /// <summary>An address of ours for the headers: the one that SDP shows where it is an address, else the one we are bound to; unspecified where it is of another family than the phone's.</summary>
    public static EndpointKey Local(MediaOptions options, int port, bool ipv4)
    {
        var family = ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var address = new[] { IPAddress.TryParse(options.ShownAddress, out var shown) ? shown : null, options.BindAddress }
            .FirstOrDefault(candidate => candidate?.AddressFamily == family);
        return EndpointKey.From(new IPEndPoint(address ?? (ipv4 ? IPAddress.Any : IPAddress.IPv6Any), port));
    }

    // Both return the sum over their addresses.
    private static uint WriteIpv4(Span<byte> to, EndpointKey source, EndpointKey destination)
    {
        to[..Ipv4HeaderOctets].Clear();
        to[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)to.Length);
        to[8] = TimeToLive;
        to[9] = UdpProtocol;
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], (uint)source.Low);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], (uint)destination.Low);
        BinaryPrimitives.WriteUInt16BigEndian(to[10..], Complement(Sum(to[..Ipv4HeaderOctets])));
        return Sum(to[12..Ipv4HeaderOctets]);
    }

    private static uint WriteIpv6(Span<byte> to, EndpointKey source, EndpointKey destination)
    {
        to[..8].Clear();
        to[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)(to.Length - Ipv6HeaderOctets));
        to[6] = UdpProtocol;
        to[7] = TimeToLive;
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], source.High);
        BinaryPrimitives.WriteUInt64BigEndian(to[16..], source.Low);
        BinaryPrimitives.WriteUInt64BigEndian(to[24..], destination.High);
        BinaryPrimitives.WriteUInt64BigEndian(to[32..], destination.Low);
        return Sum(to[8..Ipv6HeaderOctets]);
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (; octets.Length >= 2; octets = octets[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        }

        return octets.IsEmpty ? sum : sum + ((uint)octets[0] << 8);
    }

    private static ushort Complement(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
