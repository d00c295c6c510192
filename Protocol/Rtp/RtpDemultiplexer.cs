namespace Mcptt.Protocol.Rtp;

public enum DatagramKind
{
    Unknown = 0,
    Rtp = 1,
    Rtcp = 2,
    Stun = 3,
    Dtls = 4,
}

/// <summary>What a datagram on a media port is, by its first octets (RFC 7983 7; RTP from RTCP by RFC 5761 4).</summary>
public static class RtpDemultiplexer
{
    // RFC 5761 4: RTCP packet types 192 to 223 stand where RTP has the marker and the payload types 64 to 95, which are therefore not used.
    private const byte FirstRtcpPacketType = 192;
    private const byte LastRtcpPacketType = 223;

    public static DatagramKind Classify(ReadOnlySpan<byte> datagram) =>
        datagram.Length < 2
            ? DatagramKind.Unknown
            : datagram[0] switch
            {
                <= 3 => DatagramKind.Stun,
                >= 20 and <= 63 => DatagramKind.Dtls,
                >= 128 and <= 191 => datagram[1] is >= FirstRtcpPacketType and <= LastRtcpPacketType ? DatagramKind.Rtcp : DatagramKind.Rtp,
                _ => DatagramKind.Unknown,
            };
}
