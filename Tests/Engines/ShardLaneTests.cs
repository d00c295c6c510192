using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Engines;

public sealed class ShardLaneTests
{
    private static readonly Reply Accepted = new() { Accepted = new Accepted() };
    private static readonly Reply Moved = new() { Unavailable = new Unavailable { Reason = UnavailableReason.Moved } };

    private readonly FakeClock _clock = new();
    private readonly LaneOptions _options = new() { LaneLimit = 8 };
    private readonly List<string> _sent = [];
    private readonly ShardLane _lane;
    private int _lost;

    public ShardLaneTests() => _lane = new ShardLane(_options, _clock, _ => _lost++);

    [Fact]
    public async Task What_waited_goes_to_the_owner_in_order_also_when_it_answers_at_once()
    {
        var waiting = Enumerable.Range(0, 5).Select(number => Add($"{number}")).ToList();
        _lane.SetRoute(new ShardRoute(1, 1, false, (command, _) => Answer(command, Accepted)));
        var later = Add("5");

        Assert.Equal(["0", "1", "2", "3", "4", "5"], _sent);
        Assert.All(await Task.WhenAll(waiting.Append(later).Select(pending => pending.Task)), reply => Assert.NotNull(reply.Accepted));
    }

    [Fact]
    public void Nothing_overtakes_a_command_that_its_owner_had_lost()
    {
        var answers = new Queue<Reply>([Moved]);
        _lane.SetRoute(new ShardRoute(1, 1, false, (command, _) => Answer(command, answers.TryDequeue(out var moved) ? moved : Accepted)));
        Add("0");
        Add("1");
        Assert.Equal(["0"], _sent);
        Assert.Equal(1, _lost);

        _clock.Advance(_options.LaneRetry);
        _lane.Retry();
        Assert.Equal(["0", "0", "1"], _sent);
    }

    [Fact]
    public async Task Nothing_is_sent_behind_the_first_command_to_another_node_until_that_node_knows_that_it_is_the_owner()
    {
        var answers = new Queue<TaskCompletionSource<Reply?>>();
        _lane.SetRoute(new ShardRoute(1, 1, false, (command, _) =>
        {
            answers.Enqueue(new TaskCompletionSource<Reply?>());
            return Sent(command, answers.Last().Task);
        }));
        Add("0");
        Add("1");
        Add("2");
        Assert.Equal(["0"], _sent);

        // It had not read its claim's answer yet. By now it has, and would take what comes next.
        answers.Dequeue().SetResult(Moved);
        await UntilAsync(() => _lost == 1);
        Assert.Equal(["0"], _sent);
        _clock.Advance(_options.LaneRetry);
        _lane.Retry();
        Assert.Equal(["0", "0"], _sent);

        answers.Dequeue().SetResult(Accepted);
        await UntilAsync(() => _sent.Count == 4);
        Assert.Equal(["0", "0", "1", "2"], _sent);
        Add("3");
        Assert.Equal("3", _sent[^1]);
    }

    [Fact]
    public async Task An_answer_of_a_former_owner_is_void()
    {
        var former = new TaskCompletionSource<Reply?>();
        _lane.SetRoute(new ShardRoute(1, 1, false, (command, _) => Sent(command, former.Task)));
        var pending = Add("0");
        _lane.SetRoute(new ShardRoute(2, 2, false, (command, _) => Answer(command, Accepted)));
        former.SetResult(new Reply { Rejection = new Rejection() });

        Assert.NotNull((await pending.Task).Accepted);
        Assert.Equal(["0", "0"], _sent);
    }

    [Fact]
    public void As_many_wait_as_the_options_say()
    {
        for (var number = 0; number < _options.LaneLimit; number++)
        {
            Add($"{number}");
        }

        Assert.False(_lane.TryAdd(new PendingRoute(new Command { CommandId = "one too many" }, CommandSource.Outside), out _));
    }

    // An answer goes on by the test's own queue of work.
    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            Assert.True(attempt < 10_000, "waited in vain");
            await Task.Delay(1);
        }
    }

    private PendingRoute Add(string id)
    {
        var pending = new PendingRoute(new Command { CommandId = id }, CommandSource.Outside);
        Assert.True(_lane.TryAdd(pending, out _));
        return pending;
    }

    private ValueTask<Reply?> Answer(Command command, Reply reply)
    {
        _sent.Add(command.CommandId);
        return new(reply);
    }

    private ValueTask<Reply?> Sent(Command command, Task<Reply?> reply)
    {
        _sent.Add(command.CommandId);
        return new(reply);
    }
}
