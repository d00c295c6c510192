using System.Diagnostics;
using System.Net;
using Mcptt.Media.Recording;
using Mcptt.Media.Sockets;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Recording;

public sealed class PcapFormatTests
{
    private const long StartUs = 1_767_225_600_000_000;

    public static TheoryData<string, string> Addresses =>
        new()
        {
            { "192.0.2.10:4000", "198.51.100.1:20000" },
            { "[2001:db8::10]:4000", "[2001:db8::1]:20000" },
            { "192.0.2.10:4000", "[2001:db8::1]:20000" },
        };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void What_is_written_is_read_back(string source, string destination)
    {
        var packets = Enumerable.Range(0, 20).Select(i => Enumerable.Repeat((byte)i, i == 7 ? 4096 : i).ToArray()).ToList();

        Assert.True(PcapReader.TryOpen(new MemoryStream(Write(packets, source, destination)), out var reader, out var problem), problem);
        using (reader)
        {
            for (var i = 0; i < packets.Count; i++)
            {
                Assert.True(reader.TryNext());
                Assert.Equal(packets[i], reader.Packet.ToArray());
                Assert.Equal(StartUs + (20_000 * i), reader.TimeUs);
            }

            Assert.False(reader.TryNext());
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_read_up_to_its_last_whole_record()
    {
        var file = Write([new byte[10], new byte[20], new byte[30]], "192.0.2.10:4000", "198.51.100.1:20000");
        var ends = new List<long> { PcapFormat.FileHeaderOctets };
        const int overhead = PcapFormat.RecordHeaderOctets + PcapFormat.Ipv4HeaderOctets + PcapFormat.UdpHeaderOctets;
        ends.AddRange([ends[0] + overhead + 10, ends[0] + (2 * overhead) + 30, ends[0] + (3 * overhead) + 60]);
        for (var length = PcapFormat.FileHeaderOctets; length <= file.Length; length++)
        {
            Assert.True(PcapReader.TryOpen(new MemoryStream(file[..length]), out var reader, out _));
            using (reader)
            {
                while (reader.TryNext())
                {
                }

                Assert.Equal(ends.Last(end => end <= length), reader.WholeOctets);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    public void What_is_no_pcap_of_ours_is_refused(int octets)
    {
        Assert.False(PcapReader.TryOpen(new MemoryStream(new byte[octets]), out _, out var problem));
        Assert.Contains("not a pcap", problem, StringComparison.Ordinal);
    }

    [RequiresToolFact("tshark")]
    public async Task Tshark_reads_addresses_ports_times_and_checksums_of_every_packet_as_RTP()
    {
        var rtp = new byte[172];
        new Mcptt.Protocol.Rtp.RtpHeader { PayloadType = 0, SequenceNumber = 77, Timestamp = 1600, Ssrc = 0xABCD }.Write(rtp);
        var path = Path.GetTempFileName();
        try
        {
            foreach (var (source, destination, version) in new[] { ("192.0.2.10:4000", "198.51.100.1:20000", "ip"), ("[2001:db8::10]:4000", "[2001:db8::1]:20000", "ipv6") })
            {
                await File.WriteAllBytesAsync(path, Write([rtp, rtp], source, destination));
                var lines = await TsharkAsync(path, version);
                var (from, to) = (IPEndPoint.Parse(source).Address, IPEndPoint.Parse(destination).Address);
                Assert.Equal([$"1767225600.000000000|{from}|{to}|4000|20000|1|77|1600|0x0000abcd", $"1767225600.020000000|{from}|{to}|4000|20000|1|77|1600|0x0000abcd"], lines);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Status 1 of udp.checksum.status is "good".
    private static async Task<string[]> TsharkAsync(string path, string version)
    {
        string[] fields = ["frame.time_epoch", version + ".src", version + ".dst", "udp.srcport", "udp.dstport", "udp.checksum.status", "rtp.seq", "rtp.timestamp", "rtp.ssrc"];
        var start = new ProcessStartInfo("tshark", ["-r", path, "-d", "udp.port==20000,rtp", "-o", "udp.check_checksum:TRUE", "-T", "fields", "-E", "separator=|", .. fields.SelectMany(field => new[] { "-e", field })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var tshark = Process.Start(start)!;
        var errors = tshark.StandardError.ReadToEndAsync();
        var output = await tshark.StandardOutput.ReadToEndAsync();
        await tshark.WaitForExitAsync();
        Assert.True(tshark.ExitCode == 0, await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static byte[] Write(IReadOnlyList<byte[]> packets, string source, string destination)
    {
        using var file = new MemoryStream();
        file.Write(PcapReader.FileHeader());
        var record = new byte[DatagramPort.MaxDatagramOctets + PcapFormat.MaxOverheadOctets];
        for (var i = 0; i < packets.Count; i++)
        {
            var octets = PcapFormat.WriteRecord(record, StartUs + (20_000 * i), packets[i], EndpointKey.From(IPEndPoint.Parse(source)), EndpointKey.From(IPEndPoint.Parse(destination)));
            file.Write(record, 0, octets);
        }

        return file.ToArray();
    }
}
