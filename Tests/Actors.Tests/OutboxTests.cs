using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class OutboxTests
{
    private readonly InMemoryJournal _journal = new();

    [Fact]
    public async Task An_effect_that_is_not_taken_is_handed_over_again_and_later_ones_wait_behind_it()
    {
        await using var node = await Node.StartAsync(_journal);
        node.World.RefusesSip = true;
        await node.SayAsync("1", "sip>a", "media>b", "sip>c");
        await Node.UntilAsync(() => node.Engine.Metrics.EffectRetries >= 2, "two attempts");
        Assert.Empty(node.World.Media);

        node.World.RefusesSip = false;
        await Node.UntilAsync(() => node.World.Sip.Count == 2, "both SIP effects");

        Assert.Equal(["sip>a#1", "sip>c#3"], node.World.Sip.Select(effect => effect.Bye.Reason));
        Assert.Single(node.World.Media);
    }

    [Fact]
    public async Task A_port_that_throws_is_a_port_that_did_not_take_it()
    {
        await using var node = await Node.StartAsync(_journal);
        node.World.Throws = true;
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "sip>a"));
        await Node.UntilAsync(() => node.Engine.Metrics.EffectRetries >= 1, "an attempt");

        node.World.Throws = false;
        await Node.UntilAsync(() => node.World.Sip.Count == 1, "the effect");
    }

    [Fact]
    public async Task Effects_beyond_the_stored_mark_are_sent_again_after_a_crash_with_the_same_ids_and_those_before_it_are_not()
    {
        var clock = Node.Clock();
        await using (var node = await Node.StartAsync(_journal, clock))
        {
            await node.SayAsync("1", "sip>before");
            await Node.UntilAsync(() => node.World.Sip.Count == 1, "the first effect");
            clock.Advance(TimeSpan.FromSeconds(1));
            await UntilMarkAsync(null);
            node.World.RefusesSip = true;
            await node.SayAsync("2", "sip>open", "quiet", "sip>open too");
        }

        await using var next = await Node.StartAsync(_journal, clock);
        await Node.UntilAsync(() => next.World.Sip.Count == 2, "the open effects");
        await next.WordsAsync();

        Assert.Equal(["ue-sip:alice@example.org/2/0", "ue-sip:alice@example.org/4/0"], next.World.Sip.Select(effect => effect.EffectId));
        Assert.Equal(["sip>open#2", "sip>open too#4"], next.World.Sip.Select(effect => effect.Bye.Reason));
        clock.Advance(TimeSpan.FromSeconds(1));
        await UntilMarkAsync(null);
    }

    [Fact]
    public async Task Effects_that_stay_open_through_several_lives_are_sent_in_the_end()
    {
        var clock = Node.Clock();
        for (var life = 1; life <= 3; life++)
        {
            await using var node = await Node.StartAsync(_journal, clock, world: new World { RefusesSip = true });
            Assert.Equal(Replies.Accepted, await node.SayAsync($"{life}", $"sip>{life}"));
            clock.Advance(TimeSpan.FromSeconds(1));
            await UntilMarkAsync(new LiveMark(0, 0));
        }

        await using var last = await Node.StartAsync(_journal, clock);
        await Node.UntilAsync(() => last.World.Sip.Count == 3, "all effects");
        Assert.Equal(["sip>1#1", "sip>2#2", "sip>3#3"], last.World.Sip.Select(effect => effect.Bye.Reason));
    }

    [Fact]
    public async Task A_rejected_told_command_is_taken_and_counted()
    {
        await using var node = await Node.StartAsync(_journal);

        await node.SayAsync("1", $"tell>{Node.Bob.Id}>reject", "sip>next");
        await Node.UntilAsync(() => node.World.Sip.Count == 1, "the effect behind it");

        Assert.Equal(1, node.Engine.Metrics.ToldRejected);
    }

    [Fact]
    public async Task A_told_command_that_nobody_could_decide_is_told_again()
    {
        var faulty = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(faulty);
        await node.SayAsync("0", "first");
        await node.SendAsync(LedgerKind.Say(Node.Bob, "0", "first"));
        faulty.ReadsFail = true;

        // Alice and Bob are in memory, Carol must be read.
        await node.SayAsync("1", "tell>sip:carol@example.org>hello");
        await Node.UntilAsync(() => node.Engine.Metrics.EffectRetries >= 1, "an attempt");
        faulty.ReadsFail = false;

        await Node.UntilAsync(() => node.Engine.Metrics.Effects == 1, "the told command");
        Assert.Equal(["hello"], await node.WordsAsync(Domain.ActorAddresses.Ue("sip:carol@example.org")));
    }

    [Fact]
    public async Task A_full_outbox_refuses_commands_from_outside_and_opens_again_when_it_drains()
    {
        await using var node = await Node.StartAsync(_journal, options: new EngineOptions { OutboxLimit = 3 });
        node.World.RefusesSip = true;
        await node.SayAsync("1", "sip>a", "sip>b", "sip>c");

        Assert.Equal(UnavailableReason.Overloaded, (await node.SayAsync("2", "d")).Unavailable.Reason);
        node.World.RefusesSip = false;
        await Node.UntilAsync(() => node.World.Sip.Count == 3, "the effects");

        Assert.Equal(Replies.Accepted, await node.SayAsync("2", "d"));
    }

    [Fact]
    public async Task Two_actors_with_full_outboxes_that_tell_each_other_do_not_block_one_another()
    {
        await using var node = await Node.StartAsync(_journal, options: new EngineOptions { OutboxLimit = 1 });
        var toBob = Enumerable.Range(0, 50).Select(i => $"tell>{Node.Bob.Id}>sip>b{i}").ToArray();
        var toAlice = Enumerable.Range(0, 50).Select(i => $"tell>{Node.Alice.Id}>sip>a{i}").ToArray();

        await Task.WhenAll(node.SayAsync("1", toBob), node.SendAsync(LedgerKind.Say(Node.Bob, "2", toAlice)));
        await Node.UntilAsync(() => node.World.Sip.Count == 100, "all effects of all told commands");

        Assert.Equal(100, node.World.Sip.Select(effect => effect.EffectId).Distinct().Count());
    }

    [Fact]
    public async Task Media_effects_that_no_node_takes_are_given_up_after_their_time_and_others_go_on()
    {
        var clock = Node.Clock();
        await using var node = await Node.StartAsync(_journal, clock, new EngineOptions { RetryFirst = TimeSpan.FromSeconds(1) });
        node.World.RefusesMedia = true;
        await node.SayAsync("1", "media>a", "media>b", "sip>c");

        for (var i = 0; i < 200 && node.World.Sip.Count == 0; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.Single(node.World.Sip);
        Assert.Equal(2, node.Engine.Metrics.EffectsGivenUp);
    }

    private Task UntilMarkAsync(LiveMark? mark) =>
        Node.UntilAsync(() => _journal.ReadStartAsync("ue-sip:alice@example.org", default).AsTask().Result.Live == mark, $"the mark {mark}");
}
