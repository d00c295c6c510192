using Mcptt.Protocol.Rtp;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Rtp;

public sealed class RtpHeaderTests
{
    private const int RandomPackets = 5000;

    [Fact]
    [Clause("RFC3550 5.1")]
    public void Golden_packet_is_read_field_by_field()
    {
        var packet = Convert.FromHexString("B2E0123489ABCDEF11223344" + "AAAAAAAA" + "BBBBBBBB" + "BEDE0001" + "10FF0000" + "0102030404");

        Assert.True(RtpHeader.TryRead(packet, out var header));
        Assert.Equal(
            new RtpHeader
            {
                Padding = true,
                Extension = true,
                CsrcCount = 2,
                Marker = true,
                PayloadType = 96,
                SequenceNumber = 0x1234,
                Timestamp = 0x89ABCDEF,
                Ssrc = 0x11223344,
                ExtensionProfile = 0xBEDE,
                ExtensionWords = 1,
            },
            header
        );
        Assert.Equal((0xAAAAAAAA, 0xBBBBBBBB), (header.GetCsrc(packet, 0), header.GetCsrc(packet, 1)));
        Assert.Equal("10FF0000", Convert.ToHexString(header.GetExtension(packet)));
        Assert.True(header.TryGetPayload(packet, out var payload));
        Assert.Equal("01", Convert.ToHexString(payload));
    }

    [Fact]
    public void Any_header_survives_writing_and_reading()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var packet = new byte[2048];
        for (var i = 0; i < RandomPackets; i++)
        {
            var extension = random.Next(2) == 0;
            var header = new RtpHeader
            {
                Padding = random.Next(2) == 0,
                Extension = extension,
                CsrcCount = (byte)random.Next(16),
                Marker = random.Next(2) == 0,
                PayloadType = (byte)random.Next(128),
                SequenceNumber = (ushort)random.Next(65536),
                Timestamp = (uint)random.NextInt64(1L << 32),
                Ssrc = (uint)random.NextInt64(1L << 32),
                ExtensionProfile = extension ? (ushort)random.Next(65536) : (ushort)0,
                ExtensionWords = extension ? (ushort)random.Next(100) : (ushort)0,
            };
            var length = header.Write(packet);

            Assert.True(RtpHeader.TryRead(packet.AsSpan(0, length), out var read), $"seed {seed}, step {i}: {header}");
            Assert.True(header == read, $"seed {seed}, step {i}: {header} came back as {read}");
            Assert.False(RtpHeader.TryRead(packet.AsSpan(0, length - 1), out _), $"seed {seed}, step {i}: one octet less is not whole");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80000000000000000000 00")]
    [InlineData("40000000000000000000 0000")] // Version 1.
    [InlineData("81000000000000000000 0000")] // A CSRC that is not there.
    [InlineData("90000000000000000000 0000 BEDE")] // Half an extension head.
    [InlineData("90000000000000000000 0000 BEDE FFFF")]
    public void What_is_not_whole_is_refused(string hex)
    {
        Assert.False(RtpHeader.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));
    }

    [Theory]
    [InlineData("A00000000000000000000000" + "01020300")]
    [InlineData("A00000000000000000000000" + "01020305")]
    [InlineData("A00000000000000000000000")]
    public void Padding_that_is_longer_than_what_it_pads_is_refused_with_the_payload_only(string hex)
    {
        var packet = Convert.FromHexString(hex);

        Assert.True(RtpHeader.TryRead(packet, out var header));
        Assert.False(header.TryGetPayload(packet, out _));
    }
}
