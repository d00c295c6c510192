using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Recording;

public sealed class RecorderTests
{
    [Fact]
    public async Task A_burst_becomes_a_file_and_its_call_is_told_what_is_in_it()
    {
        await using var bench = new RecordingBench();
        var startUs = bench.Clock.NowUs;
        var tape = bench.Begin(leg: 3, epoch: 17);
        bench.Speak(tape, 50);
        bench.End(tape);

        var burst = await bench.RecordedAsync();
        Assert.Equal((3u, "sip:leg3@example.org", 17ul, "m1", false), (burst.Leg, burst.McpttId, burst.TalkersEpoch, burst.MediaNode, burst.Interrupted));
        Assert.Equal((50ul, 0ul), (burst.Packets, burst.Lost));
        Assert.Equal($"2026-01-01/{RecordingBench.Call}/000000.000000-leg3.pcap", burst.File);
        Assert.Equal((startUs, startUs + (49 * 20_000)), (burst.StartedUs, burst.EndedUs));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => startUs + (i * 20_000L)), bench.Read(burst).Select(packet => packet.TimeUs));
        await bench.UntilAsync(() => Directory.GetFileSystemEntries(bench.UnderWay).Length == 0, "something is left under way");
    }

    [Fact]
    public async Task Several_bursts_at_once_have_a_file_each()
    {
        await using var bench = new RecordingBench();
        var (one, other) = (bench.Begin(leg: 1), bench.Begin(leg: 2, epoch: 2));
        bench.Speak(one, 10);
        bench.Speak(other, 5);
        bench.Speak(one, 10);
        bench.End(one);
        bench.Speak(other, 5);
        bench.End(other);

        var bursts = new[] { await bench.RecordedAsync(1), await bench.RecordedAsync(2) }.OrderBy(burst => burst.Leg).ToList();
        Assert.Equal([20ul, 10ul], bursts.Select(burst => burst.Packets));
        Assert.All(bursts, burst => bench.Read(burst));
    }

    [Fact]
    public async Task A_packet_that_was_under_way_when_the_burst_ended_is_in_its_file()
    {
        await using var bench = new RecordingBench();
        var tape = bench.Begin();
        bench.Speak(tape, 3);
        bench.Session.End(tape, bench.Clock.GetTimestamp());
        bench.Speak(tape, 1);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(4ul, (await bench.RecordedAsync()).Packets);
    }

    [Fact]
    public async Task A_burst_in_which_nothing_was_said_leaves_nothing()
    {
        await using var bench = new RecordingBench();
        bench.End(bench.Begin());
        var tape = bench.Begin(leg: 2);
        bench.Speak(tape, 1);
        bench.End(tape);

        Assert.Equal(2u, (await bench.RecordedAsync()).Leg);
        Assert.Single(Directory.GetFiles(bench.Folder, "*.pcap", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_on_when_the_node_stops_is_finished()
    {
        await using var bench = new RecordingBench();
        var tape = bench.Begin();
        bench.Speak(tape, 7);
        bench.Session.End(tape, bench.Clock.GetTimestamp());
        await bench.RestartAsync();

        var burst = await bench.RecordedAsync();
        Assert.Equal((7ul, false), (burst.Packets, burst.Interrupted));
        bench.Read(burst);
    }

    [Fact]
    public async Task A_clock_that_went_back_overwrites_no_recording()
    {
        await using var bench = new RecordingBench();
        var taken = Path.Combine(bench.Folder, "2026-01-01", RecordingBench.Call, "000000.000000-leg1.pcap");
        Directory.CreateDirectory(Path.GetDirectoryName(taken)!);
        await File.WriteAllTextAsync(taken, "evidence");
        var tape = bench.Begin();
        bench.Speak(tape, 1);
        bench.End(tape);

        Assert.EndsWith("000000.000000-leg1-2.pcap", (await bench.RecordedAsync()).File, StringComparison.Ordinal);
        Assert.Equal("evidence", await File.ReadAllTextAsync(taken));
    }

    [Theory]
    [InlineData(1_900, 3_600)]
    [InlineData(1_000_000, 0.15)]
    public async Task A_burst_beyond_its_limit_is_recorded_up_to_it(long octets, double seconds)
    {
        await using var bench = new RecordingBench(options => options with { MaxBurstOctets = octets, MaxBurstDuration = TimeSpan.FromSeconds(seconds) });
        var tape = bench.Begin();
        bench.Speak(tape, 20);
        bench.End(tape);

        Assert.Equal(RecordingFault.BurstLimit, (await bench.BrokenAsync()).Fault);
        var (burst, missing) = (await bench.RecordedAsync(), await bench.MissingAsync());
        Assert.Equal(8ul, burst.Packets);
        Assert.Equal((12ul, 12ul, RecordingFault.BurstLimit), (burst.Lost, missing.Packets, missing.Fault));
        Assert.Equal((bench.Read(burst)[^1].TimeUs + 20_000, bench.Read(burst)[^1].TimeUs + (12 * 20_000)), (missing.FromUs, missing.ToUs));
    }

    [Fact]
    public async Task A_call_id_that_cannot_be_a_folder_is_not_recorded_and_the_call_knows()
    {
        await using var bench = new RecordingBench();
        var tape = bench.Begin(call: "../elsewhere");
        bench.Speak(tape, 2);
        bench.End(tape);

        Assert.Equal(RecordingFault.Unavailable, (await bench.BrokenAsync()).Fault);
        Assert.Equal(2ul, (await bench.MissingAsync()).Packets);
        Assert.Empty(Directory.GetFiles(bench.Folder, "*", SearchOption.AllDirectories));
    }
}
