using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

public sealed class UnloadingTests
{
    private readonly InMemoryJournal _journal = new();
    private readonly FakeClock _clock = Node.Clock();

    [Fact]
    public async Task An_idle_actor_is_unloaded_with_a_snapshot_and_comes_back_when_it_is_asked()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        await node.SayAsync("1", "one", "sip>two");
        await AdvanceUntilUnloadedAsync(node);

        Assert.Equal(2, (await _journal.ReadStartAsync(Node.Alice.PersistenceId(), default)).Snapshot?.SequenceNumber);
        Assert.Null((await _journal.ReadStartAsync(Node.Alice.PersistenceId(), default)).Live);
        Assert.Equal(["one", "sip>two"], await node.WordsAsync());
        Assert.Single(node.World.Sip);
    }

    [Fact]
    public async Task An_actor_on_which_the_world_relies_stays()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        await node.SayAsync("1", "resume");
        await node.SendAsync(LedgerKind.Say(Node.Bob, "2", "idle"));

        await AdvanceUntilAsync(() => node.Engine.Metrics.Unloaded == 1, "the idle one to go");
        _clock.Advance(TimeSpan.FromMinutes(20));
        await node.SendAsync(LedgerKind.Say(Node.Bob, "3", "idle"));

        Assert.Equal(2, node.Engine.Loaded);
        Assert.Equal(1, node.Engine.Metrics.Unloaded);
    }

    [Fact]
    public async Task An_actor_with_open_effects_stays()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        node.World.RefusesSip = true;
        await node.SayAsync("1", "sip>open");

        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(1, node.Engine.Loaded);
        node.World.RefusesSip = false;
        await AdvanceUntilAsync(() => node.World.Sip.Count == 1, "the effect");
        await AdvanceUntilUnloadedAsync(node);
    }

    [Fact]
    public async Task A_finished_actor_goes_at_once_and_still_answers()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        await node.SayAsync("1", "resume");
        await node.SendAsync(LedgerKind.Make(Node.Alice, "2", "close"));
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Node.UntilAsync(() => node.Engine.Loaded == 0, "being unloaded");

        Assert.Equal(["resume"], await node.WordsAsync());
        Assert.Empty(await _journal.ReadLiveAsync("", "", default).ToListAsync());
    }

    [Fact]
    public async Task An_actor_that_was_only_asked_and_has_no_history_goes_at_once()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        Assert.Empty(await node.WordsAsync());

        _clock.Advance(TimeSpan.FromSeconds(2));
        await Node.UntilAsync(() => node.Engine.Loaded == 0, "being unloaded");
    }

    [Fact]
    public async Task Beyond_the_limit_of_loaded_actors_new_ones_are_refused_until_idle_ones_were_unloaded()
    {
        await using var node = await Node.StartAsync(_journal, _clock, new EngineOptions { LoadedLimit = 4 });
        for (var i = 0; i < 4; i++)
        {
            await node.SendAsync(LedgerKind.Say(ActorAddresses.Ue($"sip:{i}@example.org"), $"{i}", "word"));
        }

        Assert.Equal(UnavailableReason.Overloaded, (await node.SayAsync("1", "one")).Unavailable.Reason);
        Assert.Equal(["word"], await node.WordsAsync(ActorAddresses.Ue("sip:0@example.org")));
        await AdvanceUntilAsync(() => node.Engine.Loaded < 4, "room");
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));
    }

    [Fact]
    public async Task Commands_while_an_actor_is_unloaded_find_the_next_one()
    {
        await using var node = await Node.StartAsync(_journal, options: new EngineOptions
        {
            IdleTime = TimeSpan.Zero,
            SweepInterval = TimeSpan.FromMilliseconds(1),
        });
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(Replies.Accepted, await node.SayAsync($"{i}", $"{i}"));
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), await node.WordsAsync());
    }

    private Task AdvanceUntilUnloadedAsync(Node node) => AdvanceUntilAsync(() => node.Engine.Loaded == 0, "being unloaded");

    private Task AdvanceUntilAsync(Func<bool> condition, string what) =>
        Node.UntilAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                _clock.Advance(TimeSpan.FromSeconds(10));
                return false;
            },
            what);
}
