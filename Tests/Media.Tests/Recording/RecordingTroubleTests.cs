using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Recording;

/// <summary>Whatever happens to the recorder is told to the call, and the next burst is recorded when it can be.</summary>
public sealed class RecordingTroubleTests
{
    [Fact]
    public async Task A_full_disk_is_told_at_once_what_is_missing_at_the_end_and_the_next_burst_is_recorded_when_there_is_room()
    {
        await using var bench = new RecordingBench(options => options with { MinFreeOctets = 1_000 }) { Free = 999 };
        var tape = bench.Begin();
        bench.Speak(tape, 3);
        var broken = await bench.BrokenAsync();
        bench.Speak(tape, 4);
        bench.End(tape);

        Assert.Equal((RecordingFault.DiskFull, 1u), (broken.Fault, broken.Leg));
        Assert.Equal((7ul, RecordingFault.DiskFull), ((await bench.MissingAsync()).Packets, (await bench.MissingAsync()).Fault));
        Assert.Empty(Directory.GetFiles(bench.Folder, "*", SearchOption.AllDirectories));
        bench.Free = 1_000;
        var next = bench.Begin(epoch: 2);
        bench.Speak(next, 2);
        bench.End(next);
        Assert.Equal((2ul, 0ul), ((await bench.RecordedAsync()).Packets, (await bench.RecordedAsync()).Lost));
        Assert.Equal(7, bench.Counters[MediaCounter.RecordingLost]);
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_a_burst_leaves_a_file_of_what_went_through()
    {
        await using var bench = new RecordingBench(options => options with { MinFreeOctets = 1_000 });
        var tape = bench.Begin();
        bench.Speak(tape, 3);
        await bench.UntilAsync(() => UnderWayOctets(bench) > 600, "nothing is written");
        bench.Free = 0;
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        await bench.BrokenAsync();
        bench.Speak(tape, 4);
        bench.End(tape);

        var burst = await bench.RecordedAsync();
        Assert.Equal((3ul, 4ul), (burst.Packets, burst.Lost));
        bench.Read(burst);
        Assert.Equal(4ul, (await bench.MissingAsync()).Packets);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_and_used_when_it_can_be()
    {
        await using var bench = new RecordingBench(before: bench => File.WriteAllText(bench.Folder, "in the way"));
        var tape = bench.Begin();
        bench.Speak(tape, 2);
        bench.End(tape);
        Assert.Equal(RecordingFault.IoError, (await bench.BrokenAsync()).Fault);
        Assert.Equal(2ul, (await bench.MissingAsync()).Packets);

        File.Delete(bench.Folder);
        var next = bench.Begin(epoch: 2);
        bench.Speak(next, 2);
        bench.End(next);
        Assert.Equal(2ul, (await bench.RecordedAsync()).Packets);
    }

    [Fact]
    public async Task A_writer_that_stands_still_costs_packets_of_the_recording_and_no_time()
    {
        using var slow = new ManualResetEventSlim();
        await using var bench = new RecordingBench(options => options with
        {
            QueuePackets = 64,
            FreeSpace = _ =>
            {
                slow.Wait();
                return long.MaxValue;
            },
        });
        var tape = bench.Begin();
        bench.Speak(tape, 1_000);
        Assert.InRange(tape.Lost, 1_000 - 64 - 1, 1_000 - 64);
        slow.Set();
        bench.End(tape);

        var burst = await bench.RecordedAsync();
        Assert.Equal(1_000ul, burst.Packets + burst.Lost);
        Assert.Equal((burst.Lost, RecordingFault.WriterBehind), ((await bench.MissingAsync()).Packets, (await bench.MissingAsync()).Fault));
        bench.Read(burst);
        var next = bench.Begin(epoch: 2);
        bench.Speak(next, 5);
        bench.End(next);
        Assert.Equal((5ul, 0ul), ((await bench.RecordedAsync(2)).Packets, (await bench.RecordedAsync(2)).Lost));
    }

    [Fact]
    public async Task A_report_that_nobody_takes_now_is_told_until_it_is_taken_and_lies_on_the_disk_until_then()
    {
        await using var bench = new RecordingBench();
        bench.Sink.Answer = _ => ValueTask.FromResult(RecordingSink.Unavailable);
        var tape = bench.Begin();
        bench.Speak(tape, 2);
        bench.End(tape);
        var burst = await bench.RecordedAsync();
        Assert.Single(Directory.GetFiles(bench.UnderWay, "*.report"));

        // Ten attempts within half a minute, and again from the start.
        var commands = bench.Sink.Commands.Count;
        for (var i = 0; i < 60; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.True(bench.Sink.Commands.Count > commands + 10, $"told {bench.Sink.Commands.Count} times");
        Assert.Single(bench.Sink.Commands.Where(command => command.Call?.RecordingClosed is not null).Select(command => command.CommandId).Distinct());
        bench.Sink.Answer = _ => ValueTask.FromResult(RecordingSink.Accepted);
        await bench.UntilAsync(
            () =>
            {
                bench.Clock.Advance(TimeSpan.FromSeconds(1));
                return Directory.GetFiles(bench.UnderWay).Length == 0;
            },
            "the report stays");
        bench.Read(burst);
    }

    [Fact]
    public async Task A_report_that_was_not_taken_is_told_at_the_next_start()
    {
        await using var bench = new RecordingBench();
        bench.Sink.Answer = _ => ValueTask.FromResult(RecordingSink.Unavailable);
        var tape = bench.Begin();
        bench.Speak(tape, 2);
        bench.End(tape);
        var first = await bench.RecordedAsync();
        bench.Sink.Answer = _ => ValueTask.FromResult(RecordingSink.Accepted);
        await bench.RestartAsync();

        await bench.UntilAsync(() => Directory.GetFiles(bench.UnderWay).Length == 0, "the report stays");
        Assert.Equal(first, bench.Sink.Commands[^1].Call.RecordingClosed.Burst);
        bench.Read(first);
    }

    [Fact]
    public async Task A_node_without_a_folder_says_so_and_forwards()
    {
        await using var media = await MediaHarness.StartAsync(recorded: true);
        var broken = await media.Sink.WaitForAsync(command => command.Call?.RecordingBroken is not null);

        Assert.Equal(RecordingFault.Unavailable, broken.Call.RecordingBroken.Recording.Fault);
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
    }

    private static long UnderWayOctets(RecordingBench bench)
    {
        bench.Clock.Advance(TimeSpan.FromMilliseconds(250));
        return Directory.Exists(bench.UnderWay) ? Directory.GetFiles(bench.UnderWay).Sum(path => new FileInfo(path).Length) : 0;
    }
}
