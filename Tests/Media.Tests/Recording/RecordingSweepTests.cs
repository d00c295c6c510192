using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Recording;

public sealed class RecordingSweepTests
{
    [Fact]
    public async Task An_expired_recording_goes_when_its_call_has_been_told_and_younger_ones_stay()
    {
        await using var bench = new RecordingBench(options => options with { Retention = TimeSpan.FromDays(3) }, bench => Put(bench, "2025-12-28", "2025-12-29"));
        var told = new List<(string, bool)>();
        bench.Sink.Answer = command =>
        {
            told.Add((command.Call.DropRecording.File, File.Exists(Path.Combine(bench.Folder, command.Call.DropRecording.File))));
            return ValueTask.FromResult(RecordingSink.Accepted);
        };
        bench.Clock.Advance(RecordingSweep.Interval);

        await bench.UntilAsync(() => Days(bench).Length == 1, "nothing was deleted");
        Assert.Equal([("2025-12-28/call1/000000.000000-leg1.pcap", true)], told);
        Assert.Equal(["2025-12-29"], Days(bench));
        Assert.Equal(RecordingDropReason.Expired, bench.Sink.Commands[0].Call.DropRecording.Reason);
    }

    [Fact]
    public async Task What_its_call_does_not_take_is_not_deleted_and_hinders_no_other()
    {
        await using var bench = new RecordingBench(options => options with { Retention = TimeSpan.FromDays(3) }, bench => Put(bench, "2025-12-25", "2025-12-26"));
        bench.Sink.Answer = command => ValueTask.FromResult(
            command.Call.DropRecording.File.StartsWith("2025-12-25", StringComparison.Ordinal)
                ? new Reply { Rejection = new Rejection { Code = RejectionCode.CallUnknown, Detail = "no call" } }
                : RecordingSink.Accepted);
        bench.Clock.Advance(RecordingSweep.Interval);

        await bench.UntilAsync(() => Days(bench).Length == 1, "nothing was deleted");
        Assert.Equal(["2025-12-25"], Days(bench));
    }

    [Fact]
    public async Task Without_retention_nothing_is_deleted_however_full_the_disk_is()
    {
        await using var bench = new RecordingBench(options => options with { MinFreeOctets = 1_000 }, bench => Put(bench, "2000-01-01")) { Free = 0 };
        bench.Clock.Advance(TimeSpan.FromHours(3));

        Assert.Empty(bench.Sink.Commands);
        Assert.Equal(["2000-01-01"], Days(bench));
    }

    [Fact]
    public async Task Where_the_oldest_may_go_they_go_one_by_one_until_there_is_room()
    {
        await using var bench = new RecordingBench(
            options => options with { MinFreeOctets = 1_000, WhenDiskIsFull = WhenDiskIsFull.DropOldest },
            bench => Put(bench, "2025-12-01", "2025-12-02", "2025-12-03"));
        bench.Free = 900;
        bench.Sink.Answer = _ =>
        {
            bench.Free += 150;
            return ValueTask.FromResult(RecordingSink.Accepted);
        };
        bench.Clock.Advance(RecordingSweep.Interval);

        await bench.UntilAsync(() => Days(bench).Length == 1, "no room was made");
        Assert.Equal(["2025-12-03"], Days(bench));
        Assert.All(bench.Sink.Commands, command => Assert.Equal(RecordingDropReason.DiskFull, command.Call.DropRecording.Reason));
    }

    private static string[] Days(RecordingBench bench) =>
        [.. Directory.GetDirectories(bench.Folder).Select(path => Path.GetFileName(path)).Where(name => name != RecordingFolder.UnderWay).Order(StringComparer.Ordinal)];

    private static void Put(RecordingBench bench, params string[] days)
    {
        foreach (var day in days)
        {
            Directory.CreateDirectory(Path.Combine(bench.Folder, day, "call1"));
            File.WriteAllText(Path.Combine(bench.Folder, day, "call1", "000000.000000-leg1.pcap"), "speech");
        }
    }
}
