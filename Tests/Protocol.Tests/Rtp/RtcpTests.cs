using Mcptt.Protocol.Rtp;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Rtp;

public sealed class RtcpTests
{
    private readonly byte[] _buffer = new byte[512];

    [Theory]
    [InlineData("80 00", DatagramKind.Rtp)]
    [InlineData("80 E0", DatagramKind.Rtp)]
    [InlineData("80 BF", DatagramKind.Rtp)] // Marker and payload type 63.
    [InlineData("80 C8", DatagramKind.Rtcp)]
    [InlineData("BF DF", DatagramKind.Rtcp)]
    [InlineData("80 E1", DatagramKind.Rtp)]
    [InlineData("00 01", DatagramKind.Stun)]
    [InlineData("16 FE", DatagramKind.Dtls)]
    [InlineData("40 00", DatagramKind.Unknown)]
    [InlineData("C0 C8", DatagramKind.Unknown)]
    [InlineData("80", DatagramKind.Unknown)]
    [Clause("RFC5761 4")]
    [Clause("RFC7983 7")]
    public void Datagram_is_told_apart_by_its_first_octets(string hex, DatagramKind kind)
    {
        Assert.Equal(kind, RtpDemultiplexer.Classify(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));
    }

    [Fact]
    [Clause("RFC3550 6.4.1")]
    public void Sender_report_survives_writing_and_reading()
    {
        var info = new RtcpSenderInfo(1, 0x0102030405060708, 2, 3, 4);

        Assert.True(RtcpSenderInfo.TryRead(_buffer.AsSpan(0, info.Write(_buffer)), out var read));
        Assert.Equal(info, read);
        Assert.Equal("80C80006", Convert.ToHexString(_buffer, 0, 4));
    }

    [Fact]
    [Clause("RFC3550 6.4.2")]
    public void Receiver_report_survives_writing_and_reading_with_a_negative_loss()
    {
        var block = new RtcpReportBlock(7, 12, -3, 65537, 9, 10, 11);
        var packet = _buffer.AsSpan(0, block.WriteReceiverReport(99, _buffer));

        Assert.True(RtcpReportBlock.TryRead(packet, 0, out var read));
        Assert.Equal(block, read);
        Assert.False(RtcpReportBlock.TryRead(packet, 1, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("leader@vehicle-7")]
    [Clause("RFC3550 6.5")]
    public void Source_description_survives_writing_and_reading(string name)
    {
        var packet = _buffer.AsSpan(0, RtcpSource.WriteCanonicalName(42, name, _buffer));

        Assert.Equal(0, packet.Length % 4);
        Assert.True(RtcpSource.TryReadCanonicalName(packet, out var ssrc, out var read));
        Assert.Equal((42u, name), (ssrc, read));
    }

    [Fact]
    [Clause("RFC3550 6.6")]
    public void Goodbye_survives_writing_and_reading()
    {
        var packet = _buffer.AsSpan(0, RtcpSource.WriteGoodbye(42, _buffer));

        Assert.True(RtcpSource.TryReadGoodbye(packet, 0, out var ssrc));
        Assert.Equal(42u, ssrc);
        Assert.False(RtcpSource.TryReadGoodbye(packet, 1, out _));
    }

    [Fact]
    [Clause("RFC3550 6.1")]
    public void Compound_packet_is_walked_by_length()
    {
        var length = new RtcpSenderInfo(1, 2, 3, 4, 5).Write(_buffer);
        length += RtcpSource.WriteCanonicalName(1, "a@b", _buffer.AsSpan(length));
        length += RtcpSource.WriteGoodbye(1, _buffer.AsSpan(length));
        var types = new List<RtcpPacketType>();
        var rest = _buffer.AsSpan(0, length);
        while (RtcpHeader.TryRead(rest, out var header))
        {
            types.Add(header.Type);
            rest = rest[header.PacketOctets..];
        }

        Assert.Equal([RtcpPacketType.SenderReport, RtcpPacketType.SourceDescription, RtcpPacketType.Goodbye], types);
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Mutated_packets_are_read_within_their_bounds()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[random.Next(64)];
            random.NextBytes(packet);
            if (packet.Length > 1)
            {
                packet[0] = (byte)(0x80 | (packet[0] & 0x3F));
                packet[1] = (byte)(192 + random.Next(32));
            }

            if (packet.Length > 3)
            {
                packet[2] = 0;
                packet[3] %= 18;
            }

            // Oracle: whatever is read lies inside the packet, so none of these may throw.
            if (RtcpHeader.TryRead(packet, out var header))
            {
                Assert.True(header.PacketOctets <= packet.Length, $"seed {seed}, step {i}");
            }

            _ = RtcpSenderInfo.TryRead(packet, out _);
            _ = RtcpReportBlock.TryRead(packet, random.Next(32), out _);
            _ = RtcpSource.TryReadCanonicalName(packet, out _, out _);
            _ = RtcpSource.TryReadGoodbye(packet, random.Next(32), out _);
        }
    }
}
