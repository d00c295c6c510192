using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class RepeatedCommandTests
{
    private readonly InMemoryJournal _journal = new();

    [Fact]
    public async Task A_repeated_command_writes_nothing_gets_the_first_reply_and_sends_the_same_effects_again_but_those_for_media()
    {
        var clock = Node.Clock();
        await using var node = await Node.StartAsync(_journal, clock);
        var first = await node.SendAsync(LedgerKind.Make(Node.Alice, "1", "said", "sip>a", "both>b"));
        await Node.UntilAsync(() => node.World.Sip.Count == 2, "the first effects");
        await node.SayAsync("2", "later");
        clock.Advance(TimeSpan.FromMinutes(1));

        var second = await node.SendAsync(LedgerKind.Make(Node.Alice, "1", "said", "sip>a", "both>b"));
        await Node.UntilAsync(() => node.World.Sip.Count == 4, "the effects again");

        Assert.Equal(first, second);
        Assert.Equal(["sip>a", "both>b", "later"], await node.WordsAsync());
        Assert.Equal(node.World.Sip.Take(2), node.World.Sip.Skip(2));
        // What the media plane was told then may be out of date by now.
        Assert.Single(node.World.Media);
        Assert.Equal(1, node.Engine.Metrics.Repeated);
    }

    [Fact]
    public async Task A_repeat_after_a_crash_or_after_a_snapshot_is_known_too()
    {
        Reply first;
        await using (var node = await Node.StartAsync(_journal))
        {
            first = await node.SendAsync(LedgerKind.Make(Node.Alice, "1", "said", "sip>a"));
            await Node.UntilAsync(() => node.World.Sip.Count == 1, "the effect");
        }

        await using (var crashed = await Node.StartAsync(_journal))
        {
            Assert.Equal(first, await crashed.SendAsync(LedgerKind.Make(Node.Alice, "1", "said", "sip>a")));
            await Node.UntilAsync(() => crashed.World.Sip.Any(effect => effect.EffectId.EndsWith("/1/0", StringComparison.Ordinal)), "the effect again");
            await crashed.Engine.StopAsync(default);
        }

        Assert.Equal(1, (await _journal.ReadStartAsync("ue-sip:alice@example.org", default)).Snapshot?.SequenceNumber);
        await using var stopped = await Node.StartAsync(_journal);
        Assert.Equal(first, await stopped.SendAsync(LedgerKind.Make(Node.Alice, "1", "said", "sip>a")));
        await Node.UntilAsync(() => stopped.World.Sip.Count == 1, "the effect again");
        Assert.Equal(["sip>a"], await stopped.WordsAsync());
    }

    [Fact]
    public async Task The_effects_of_a_repeat_are_read_from_the_snapshot_before_it_where_there_is_one()
    {
        var journal = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(journal, options: new EngineOptions { SnapshotEvery = 4 });
        foreach (var number in Enumerable.Range(1, 7))
        {
            await node.SayAsync($"{number}", $"sip>{number}");
            await Node.UntilAsync(() => node.World.Sip.Count == number, "the effect");
        }

        await Node.UntilAsync(() => _journal.ReadStartAsync("ue-sip:alice@example.org", default).AsTask().Result.Snapshot?.SequenceNumber == 4, "the snapshot");
        var counts = new List<(long From, int Effects)>();
        foreach (var repeated in new[] { 6, 3 })
        {
            var before = node.World.Sip.Count;
            Assert.Equal(Replies.Accepted, await node.SayAsync($"{repeated}", $"sip>{repeated}"));
            await Node.UntilAsync(() => node.World.Sip.Count > before, "the effect again");
            Assert.EndsWith($"/{repeated}/0", node.World.Sip[^1].EffectId);
            counts.Add((journal.ReadFrom, node.World.Sip.Count - before));
        }

        Assert.Equal([(5, 1), (1, 1)], counts);
    }

    [Fact]
    public async Task A_repeat_while_the_first_effects_still_wait_does_not_double_them()
    {
        await using var node = await Node.StartAsync(_journal);
        node.World.RefusesSip = true;
        await node.SayAsync("1", "sip>a");

        await node.SayAsync("1", "sip>a");
        node.World.RefusesSip = false;
        await Node.UntilAsync(() => node.World.Sip.Count > 0, "the effect");
        await node.Engine.StopAsync(default);

        Assert.Single(node.World.Sip);
    }

    [Fact]
    public async Task Two_copies_of_a_command_at_once_write_once()
    {
        await using var node = await Node.StartAsync(_journal);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.SayAsync("1", "once")));

        Assert.All(replies, reply => Assert.Equal(Replies.Accepted, reply));
        Assert.Equal(["once"], await node.WordsAsync());
    }

    [Fact]
    public async Task As_many_commands_as_the_window_holds_are_remembered_and_not_one_more()
    {
        var options = new EngineOptions { RememberedCommands = 10 };
        await using (var node = await Node.StartAsync(_journal, options: options))
        {
            for (var i = 0; i < 11; i++)
            {
                await node.SayAsync($"{i}", $"{i}");
            }
        }

        await using var next = await Node.StartAsync(_journal, options: options);
        await next.SayAsync("1", "1");
        Assert.Equal(11, (await next.WordsAsync()).Count);
        await next.SayAsync("0", "0");
        Assert.Equal(12, (await next.WordsAsync()).Count);
    }

    [Fact]
    public async Task A_command_that_was_rejected_is_decided_anew()
    {
        await using var node = await Node.StartAsync(_journal);

        await node.SendAsync(LedgerKind.Make(Node.Alice, "1", "reject"));
        var second = await node.SayAsync("1", "now");

        Assert.Equal(Reply.OutcomeOneofCase.Accepted, second.OutcomeCase);
    }
}
