using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Recording;

/// <summary>What a killed node finds of itself: as if the process had ended there, by what lay on the disk then.</summary>
public sealed class LeftBehindTests
{
    private const string Name = RecordingBench.Call + "_20260101000000000000_leg2_epoch9.pcap";
    private const int RecordOctets = 16 + 20 + 8 + 172;

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 4)]
    [InlineData(RecordOctets - 1, 4)]
    [InlineData((2 * RecordOctets) + 30, 2)]
    public async Task A_file_that_was_being_written_is_closed_at_its_last_whole_packet_and_told_as_interrupted(int cut, int whole)
    {
        var file = await RecordAsync(packets: 5);
        await using var bench = new RecordingBench(before: bench => Leave(bench, Name, file[..^cut]));

        var burst = await bench.RecordedAsync();
        Assert.Equal((true, 2u, 9ul, (ulong)whole), (burst.Interrupted, burst.Leg, burst.TalkersEpoch, burst.Packets));
        Assert.Equal(whole, bench.Read(burst).Count);
        Assert.Equal(bench.Read(burst)[^1].TimeUs, burst.EndedUs);
        await bench.UntilAsync(() => Directory.GetFiles(bench.UnderWay).Length == 0, "it stays under way");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(24)]
    [InlineData(100)]
    public async Task One_without_a_whole_packet_is_told_as_lost(int octets)
    {
        var file = await RecordAsync(packets: 1);
        await using var bench = new RecordingBench(before: bench => Leave(bench, Name, file[..octets]));

        var broken = await bench.BrokenAsync();
        Assert.Equal((RecordingFault.Interrupted, 2u, 9ul), (broken.Fault, broken.Leg, broken.TalkersEpoch));
        Assert.Empty(Directory.GetFiles(bench.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_report_cut_off_in_the_middle_does_not_hide_its_file()
    {
        var file = await RecordAsync(packets: 3);
        await using var bench = new RecordingBench(before: bench =>
        {
            Leave(bench, Name, file);
            Leave(bench, Name + ".report", []);
        });

        Assert.Equal((true, 3ul), ((await bench.RecordedAsync()).Interrupted, (await bench.RecordedAsync()).Packets));
    }

    [Fact]
    public async Task A_file_whose_report_was_kept_but_that_was_not_moved_yet_is_moved_and_told_as_whole()
    {
        var file = await RecordAsync(packets: 3);
        var burst = new RecordedBurst { Leg = 2, Packets = 3, Octets = (ulong)file.Length, File = $"2026-01-01/{RecordingBench.Call}/x.pcap", Sha256 = Google.Protobuf.ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(file)) };
        var report = new Command { CommandId = "recording:m1:x", To = new ActorAddress { Kind = ActorKindName.Call, Id = RecordingBench.Call }, Call = new CallCommand { RecordingClosed = new BurstRecordingClosed { Burst = burst } } };
        await using var bench = new RecordingBench(before: bench =>
        {
            Leave(bench, Name, file);
            Leave(bench, Name + ".report", Google.Protobuf.MessageExtensions.ToByteArray(report));
        });

        Assert.Equal(burst, await bench.RecordedAsync());
        Assert.Equal(3, bench.Read(burst).Count);
        await bench.UntilAsync(() => Directory.GetFiles(bench.UnderWay).Length == 0, "it stays under way");
        Assert.Single(bench.Sink.Commands);
    }

    [Fact]
    public async Task What_is_none_of_ours_stays_where_it_is()
    {
        await using var bench = new RecordingBench(before: bench => Leave(bench, "notes.pcap", [1, 2, 3]));
        var tape = bench.Begin();
        bench.Speak(tape, 1);
        bench.End(tape);

        await bench.RecordedAsync();
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(Path.Combine(bench.UnderWay, "notes.pcap")));
    }

    private static void Leave(RecordingBench bench, string name, byte[] octets)
    {
        Directory.CreateDirectory(bench.UnderWay);
        File.WriteAllBytes(Path.Combine(bench.UnderWay, name), octets);
    }

    private static async Task<byte[]> RecordAsync(int packets)
    {
        await using var bench = new RecordingBench();
        var tape = bench.Begin();
        bench.Speak(tape, packets);
        bench.End(tape);
        return await File.ReadAllBytesAsync(Path.Combine(bench.Folder, (await bench.RecordedAsync()).File));
    }
}
