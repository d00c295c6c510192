using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Mcptt.Media.Sockets;

/// <summary>An IP address and port as a value, made from what the socket reports without allocating. IPv4 has its IPv4-mapped form.</summary>
internal readonly record struct EndpointKey(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    // sockaddr_in: family (2), port (2), address (4). sockaddr_in6: family (2), port (2), flow (4), address (16).
    private const int PortStart = 2;
    private const int Ipv4Start = 4;
    private const int Ipv6Start = 8;

    public bool IsNone => this == default;

    /// <summary>It is an IPv4 address.</summary>
    public bool IsMapped => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4193, RFC 4291 (link local): nobody outside can answer to it.</summary>
    public bool IsPrivate =>
        IsMapped
            ? (uint)Low is var address
                && (
                    address >> 24 == 10
                    || address >> 20 == 0xAC1
                    || address >> 16 == 0xC0A8
                    || address >> 22 == 0x6440 >> 6
                    || address >> 16 == 0xA9FE
                )
            : High >> 57 == 0xFC >> 1 || High >> 54 == 0xFE80 >> 6;

    public bool HasSameHost(EndpointKey other) => High == other.High && Low == other.Low;

    public static EndpointKey From(SocketAddress address)
    {
        var octets = address.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(octets[PortStart..]);
        return address.Family == AddressFamily.InterNetwork
            ? new EndpointKey(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(octets[Ipv4Start..]), port)
            : new EndpointKey(
                BinaryPrimitives.ReadUInt64BigEndian(octets[Ipv6Start..]),
                BinaryPrimitives.ReadUInt64BigEndian(octets[(Ipv6Start + 8)..]),
                port
            );
    }

    public static EndpointKey From(IPEndPoint endpoint) => From(endpoint.Serialize());
}
