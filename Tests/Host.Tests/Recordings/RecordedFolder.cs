using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Rtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Tests.Recordings;

/// <summary>A journal with one call and its recordings beside it, the pcap files written by a writer of the tests' own.</summary>
internal sealed class RecordedFolder : IAsyncDisposable
{
    public const string Call = "0123456789abcdef01234567";
    public const string Alice = "sip:alice@example.org";
    public const string Bob = "sip:bob@example.org";

    /// <summary>2026-01-01 14:00:00 UTC.</summary>
    public const long StartUs = 1_767_276_000_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("mcptt-recorded-").FullName;
    private readonly List<CallEvent> _events = [];

    public RecordedFolder(string encoding = "PCMU", uint clockRate = 8000, string profile = "RTP/AVP", bool recorded = true) =>
        _events.Add(new CallEvent
        {
            Initiated = new CallInitiated
            {
                Rules = new CallRules { GroupId = "sip:brigade@example.org", Recorded = recorded },
                Audio = new CallAudio { Encoding = encoding, ClockRate = clockRate, Profile = profile, PayloadType = 0 },
            },
        });

    public string Journal => Path.Combine(_folder, "journal.db");

    public string File(string name) => Path.Combine(_folder, name);

    public string PathOf(int number) => Path.Combine(_folder, "recordings", "2026-01-01", Call, $"{number}.pcap");

    /// <summary>A burst of packets that come each 20 ms, except where its time is given.</summary>
    public RecordedFolder Burst(string talker, double afterSeconds, params Packet[] packets)
    {
        var number = _events.Count(happened => happened.BurstRecorded is not null) + 1;
        var startUs = StartUs + (long)(afterSeconds * 1e6);
        var file = Pcap(packets.Select((packet, index) => (startUs + ((packet.AfterMs ?? (index * 20)) * 1000L), packet)));
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(number))!);
        System.IO.File.WriteAllBytes(PathOf(number), file);
        var burst = new RecordedBurst
        {
            Leg = (uint)number,
            StartedUs = startUs,
            EndedUs = startUs + ((packets.Length - 1) * 20_000),
            Packets = (ulong)packets.Length,
            Octets = (ulong)file.Length,
            File = $"2026-01-01/{Call}/{number}.pcap",
            Sha256 = ByteString.CopyFrom(SHA256.HashData(file)),
        };
        _events.Add(new CallEvent { BurstRecorded = new BurstRecorded { Number = (uint)number, McpttId = talker, Burst = burst } });
        return this;
    }

    public RecordedFolder Event(CallEvent happened)
    {
        _events.Add(happened);
        return this;
    }

    public RecordedBurst Last => _events[^1].BurstRecorded.Burst;

    public async Task<RecordedFolder> SaveAsync()
    {
        await using var journal = new SqliteJournal(new SqliteJournalOptions { Path = Journal }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(CancellationToken.None);
        var rows = _events.Select((happened, index) => new JournalRow(
            index + 1,
            new EventEnvelope { CommandId = $"test:{index}", Count = 1, Event = new DomainEvent { TimeUs = StartUs, Call = happened } }.ToByteArray(),
            [EventTags.Call(Call)]));
        var result = await journal.AppendAsync(new JournalAppend("call-" + Call, [.. rows], DateTimeOffset.UnixEpoch, "test", null));
        Assert.Equal(AppendOutcome.Written, result.Outcome);
        return this;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static byte[] Pcap(IEnumerable<(long TimeUs, Packet Packet)> packets)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(0xA1B2C3D4);
        writer.Write(0x0004_0002);
        writer.Write(0L);
        writer.Write(65535);
        writer.Write(101);
        foreach (var (timeUs, packet) in packets)
        {
            var rtp = packet.ToRtp();
            writer.Write((uint)(timeUs / 1_000_000));
            writer.Write((uint)(timeUs % 1_000_000));
            writer.Write(28 + rtp.Length);
            writer.Write(28 + rtp.Length);
            var datagram = new byte[28];
            (datagram[0], datagram[9]) = (0x45, 17);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(24), (ushort)(8 + rtp.Length));
            writer.Write(datagram);
            writer.Write(rtp);
        }

        return file.ToArray();
    }
}

/// <summary>160 octets of one code, unless told otherwise.</summary>
internal sealed record Packet(int Index, byte Code, uint Ssrc = 7, byte PayloadType = 0, int? AfterMs = null, uint FirstTimestamp = 1000)
{
    public byte[] ToRtp()
    {
        var rtp = new byte[RtpHeader.FixedOctets + 160];
        new RtpHeader { PayloadType = PayloadType, SequenceNumber = (ushort)Index, Timestamp = FirstTimestamp + (uint)(160 * Index), Ssrc = Ssrc }.Write(rtp);
        rtp.AsSpan(RtpHeader.FixedOctets).Fill(Code);
        return rtp;
    }

    public static Packet[] Row(byte code, int count) => [.. Enumerable.Range(0, count).Select(index => new Packet(index, code))];
}
