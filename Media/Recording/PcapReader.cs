using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Media.Recording;

/// <summary>Reads what the recorder wrote, record by record; nothing is kept but one record.</summary>
public sealed class PcapReader : IDisposable
{
    private readonly Stream _file;
    private readonly byte[] _record = new byte[PcapFormat.RecordHeaderOctets + PcapFormat.MaxCapturedOctets];

    private PcapReader(Stream file) => _file = file;

    /// <summary>When the packet of the last <see cref="TryNext"/> was forwarded, microseconds since 1970.</summary>
    public long TimeUs { get; private set; }

    /// <summary>The record as it is in the file, with its header.</summary>
    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>The RTP packet in it; empty when it is no UDP datagram.</summary>
    public ReadOnlyMemory<byte> Packet { get; private set; }

    /// <summary>Where the last whole record ends.</summary>
    public long WholeOctets { get; private set; }

    /// <summary>The head of a file without a record.</summary>
    public static byte[] FileHeader()
    {
        var header = new byte[PcapFormat.FileHeaderOctets];
        PcapFormat.WriteFileHeader(header);
        return header;
    }

    /// <summary>The stream is the reader's from now on, also when it is refused.</summary>
    public static bool TryOpen(Stream file, [NotNullWhen(true)] out PcapReader? reader, out string problem)
    {
        (reader, problem) = (null, "");
        Span<byte> header = stackalloc byte[PcapFormat.FileHeaderOctets];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header.SequenceEqual(FileHeader()))
        {
            reader = new PcapReader(file) { WholeOctets = header.Length };
            return true;
        }

        file.Dispose();
        problem = "not a pcap file as the recorder writes them (little-endian, microseconds, link type RAW)";
        return false;
    }

    /// <summary>False at the end, which is also where a record is cut off or cannot be one.</summary>
    public bool TryNext()
    {
        const int head = PcapFormat.RecordHeaderOctets;
        if (_file.ReadAtLeast(_record.AsSpan(0, head), head, throwOnEndOfStream: false) < head)
        {
            return false;
        }

        var captured = BinaryPrimitives.ReadUInt32LittleEndian(_record.AsSpan(8));
        if (captured is 0 or > PcapFormat.MaxCapturedOctets
            || _file.ReadAtLeast(_record.AsSpan(head, (int)captured), (int)captured, throwOnEndOfStream: false) < captured)
        {
            return false;
        }

        TimeUs = PcapFormat.ReadTimeUs(_record);
        Record = _record.AsMemory(0, head + (int)captured);
        Packet = Payload(Record[head..]);
        WholeOctets += Record.Length;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private static ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> datagram)
    {
        var (ip, protocol) = (datagram.Span[0] >> 4) switch
        {
            4 when datagram.Length >= PcapFormat.Ipv4HeaderOctets => ((datagram.Span[0] & 0x0F) * 4, datagram.Span[9]),
            6 when datagram.Length >= PcapFormat.Ipv6HeaderOctets => (PcapFormat.Ipv6HeaderOctets, datagram.Span[6]),
            _ => (0, (byte)0),
        };
        return protocol == PcapFormat.UdpProtocol && datagram.Length >= ip + PcapFormat.UdpHeaderOctets ? datagram[(ip + PcapFormat.UdpHeaderOctets)..] : default;
    }
}
