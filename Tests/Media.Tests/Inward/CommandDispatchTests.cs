using Mcptt.Media.Inward;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Media.Tests.Inward;

public sealed class CommandDispatchTests : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly RecordingSink _sink = new();
    private readonly MediaNodeCounters _counters = new();
    private readonly CommandDispatch<uint> _dispatch;

    public CommandDispatchTests() =>
        _dispatch = new CommandDispatch<uint>(_sink, new DispatchLimits(Waiting: 4, InFlight: 3, Attempts: 3), _counters, _clock, NullLogger.Instance);

    public ValueTask DisposeAsync() => _dispatch.DisposeAsync();

    [Fact]
    public async Task Commands_of_one_lane_are_sent_one_after_the_other()
    {
        var first = new TaskCompletionSource<Reply>();
        _sink.Answer = command => command.CommandId == "a1" ? new ValueTask<Reply>(first.Task) : ValueTask.FromResult(RecordingSink.Accepted);
        _dispatch.Send(1, Named("a1"));
        _dispatch.Send(1, Named("a2"));
        _dispatch.Send(2, Named("b1"));

        await _sink.WaitForAsync(command => command.CommandId == "b1");
        Assert.DoesNotContain("a2", Ids());
        first.SetResult(RecordingSink.Accepted);
        await _sink.WaitForAsync(command => command.CommandId == "a2");
    }

    [Fact]
    public async Task Unavailable_is_retried_with_the_same_id_and_given_up_after_the_last_attempt()
    {
        _sink.Answer = _ => ValueTask.FromResult(RecordingSink.Unavailable);
        var undelivered = new TaskCompletionSource();
        _dispatch.Send(1, Named("a1"), undelivered.SetResult);

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await _sink.WaitForAsync(attempt, _ => true);
            await AdvanceUntilAsync(() => _sink.Commands.Count > attempt || undelivered.Task.IsCompleted);
        }

        await undelivered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["a1", "a1", "a1"], Ids());
        Assert.Equal((3, 2, 1), (_counters[MediaCounter.CommandsSent], _counters[MediaCounter.CommandsRetried], _counters[MediaCounter.CommandsUndelivered]));
    }

    [Fact]
    public async Task Full_queue_drops_the_oldest_that_waits_and_says_so()
    {
        var block = new TaskCompletionSource<Reply>();
        _sink.Answer = _ => new ValueTask<Reply>(block.Task);
        var lost = new List<string>();
        foreach (var id in new[] { "a0", "a1", "a2", "a3", "a4", "a5", "a6" })
        {
            _dispatch.Send(1, Named(id), () => lost.Add(id));
        }

        Assert.Equal(["a1", "a2"], lost);
        Assert.Equal(2, _counters[MediaCounter.CommandsDropped]);
        block.SetResult(RecordingSink.Accepted);
        await _sink.WaitForAsync(5, _ => true);
        Assert.Equal(["a0", "a3", "a4", "a5", "a6"], Ids());
    }

    [Fact]
    public async Task No_more_lanes_than_allowed_are_under_way()
    {
        var block = new TaskCompletionSource<Reply>();
        _sink.Answer = _ => new ValueTask<Reply>(block.Task);
        for (uint lane = 1; lane <= 5; lane++)
        {
            _dispatch.Send(lane, Named($"{lane}"));
        }

        await _sink.WaitForAsync(3, _ => true);
        Assert.Equal(3, _sink.Commands.Count);
        block.SetResult(RecordingSink.Accepted);
        await _sink.WaitForAsync(5, _ => true);
    }

    [Fact]
    public async Task Sink_that_throws_costs_its_own_command_only()
    {
        _sink.Answer = command => command.CommandId == "a1" ? throw new InvalidOperationException("broken") : ValueTask.FromResult(RecordingSink.Accepted);
        _dispatch.Send(1, Named("a1"));
        _dispatch.Send(1, Named("a2"));

        await _sink.WaitForAsync(command => command.CommandId == "a2");
    }

    private static Command Named(string id) => new() { CommandId = id };

    private List<string> Ids() => [.. _sink.Commands.Select(command => command.CommandId)];

    private async Task AdvanceUntilAsync(Func<bool> done)
    {
        for (var i = 0; i < 2000 && !done(); i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(1);
        }
    }
}
