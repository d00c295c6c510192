using Mcptt.Protocol.Rtp;

namespace Mcptt.Fuzz;

/// <summary>A compound packet is walked in whole packets, each header is written as it was read, and no reader leaves its packet.</summary>
internal sealed class RtcpTarget : IFuzzTarget
{
    public string Name => "rtcp";

    public IEnumerable<byte[]> Seeds()
    {
        var buffer = new byte[256];
        var length = new RtcpSenderInfo(1, 2, 3, 4, 5).Write(buffer);
        length += RtcpSource.WriteCanonicalName(1, "leader@vehicle-7", buffer.AsSpan(length));
        length += RtcpSource.WriteGoodbye(1, buffer.AsSpan(length));
        yield return buffer[..length];
        length = new RtcpReportBlock(7, 12, -3, 65537, 9, 10, 11).WriteReceiverReport(99, buffer);
        yield return buffer[..length];
    }

    public string? Check(byte[] input)
    {
        Span<byte> written = stackalloc byte[RtcpHeader.Octets];
        var rest = input.AsSpan();
        while (RtcpHeader.TryRead(rest, out var header))
        {
            header.Write(written);
            if (!written.SequenceEqual(rest[..RtcpHeader.Octets]))
            {
                return $"{Convert.ToHexString(rest[..RtcpHeader.Octets])} was written as {Convert.ToHexString(written)}";
            }

            // These throw when they leave the packet.
            _ = RtcpSenderInfo.TryRead(rest, out _);
            _ = RtcpSource.TryReadCanonicalName(rest, out _, out _);
            for (var i = 0; i <= header.Count; i++)
            {
                _ = RtcpReportBlock.TryRead(rest, i, out _);
                _ = RtcpSource.TryReadGoodbye(rest, i, out _);
            }

            rest = rest[header.PacketOctets..];
        }

        return null;
    }
}
