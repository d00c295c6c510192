using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

public sealed class TimerTests
{
    private readonly InMemoryJournal _journal = new();
    private readonly FakeClock _clock = Node.Clock();

    [Fact]
    public async Task A_timer_fires_when_it_is_due_and_only_once()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        await SetAsync(node, "1", "T2", 30);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(await node.WordsAsync());

        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilFiredAsync(node, 1);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await node.SayAsync("2", "after");

        Assert.Equal(["fired:T2", "after"], (await node.WordsAsync()).Select(word => word.Split('@')[0]));
        var stored = await _journal.ReadActorAsync(Node.Alice.PersistenceId(), 2, default).FirstAsync();
        Assert.True(stored.TryReadEnvelope(out var envelope));
        Assert.StartsWith("timer:ue-sip:alice@example.org:T2:", envelope.CommandId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_due_time_replaces_the_timer()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        await SetAsync(node, "1", "T2", 10);
        await SetAsync(node, "2", "T2", 60);

        _clock.Advance(TimeSpan.FromSeconds(59));
        await node.SayAsync("3", "not yet");
        Assert.Equal(["not yet"], await node.WordsAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilFiredAsync(node, 1);
    }

    [Fact]
    public async Task Timers_that_are_due_together_fire_in_the_order_of_their_due_times()
    {
        await using (var node = await Node.StartAsync(_journal, _clock))
        {
            await SetAsync(node, "1", "late", 30);
            await SetAsync(node, "2", "early", 10);
            await SetAsync(node, "3", "middle", 20);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        await using var next = await Node.StartAsync(_journal, _clock);
        await UntilFiredAsync(next, 3);
        Assert.Equal(["fired:early", "fired:middle", "fired:late"], (await next.WordsAsync()).Select(word => word.Split('@')[0]));
    }

    [Fact]
    public async Task After_a_crash_timers_come_back_and_run_on_from_where_they_were_without_anybody_asking()
    {
        await using (var node = await Node.StartAsync(_journal, _clock))
        {
            await SetAsync(node, "1", "T4", 30);
        }

        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var next = await Node.StartAsync(_journal, _clock);
        Assert.Equal(0, next.Engine.Loaded);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Node.UntilAsync(() => next.Engine.Metrics.Timers == 1, "the timer");
    }

    [Fact]
    public async Task A_timer_that_the_actor_ignores_is_not_fired_again_and_again()
    {
        await using var node = await Node.StartAsync(_journal, _clock);
        await SetAsync(node, "1", LedgerKind.IgnoredTimer, 5);
        await SetAsync(node, "2", "T2", 6);

        _clock.Advance(TimeSpan.FromSeconds(5));
        await Node.UntilAsync(() => node.Engine.Metrics.Timers == 1, "the ignored timer");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilFiredAsync(node, 1);
        await node.SayAsync("3", "x");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await node.WordsAsync();

        Assert.Equal(2, node.Engine.Metrics.Timers);
    }

    [Fact]
    public async Task A_timer_fires_although_the_journal_failed_when_it_was_due()
    {
        var faulty = new FaultyJournal(_journal);
        await using var node = await Node.StartAsync(faulty, _clock);
        await SetAsync(node, "1", "T2", 30);
        faulty.Fault = JournalFault.Fails;
        _clock.Advance(TimeSpan.FromSeconds(30));
        await Node.UntilAsync(() => faulty.Appends == 2, "the append that fails");
        await Node.UntilAsync(() => node.Engine.Metrics.Unavailable(Protocol.Messages.UnavailableReason.Journal) == 1, "the failure");

        faulty.Fault = JournalFault.None;
        await AdvanceUntilAsync(() => node.Engine.Metrics.Timers == 1, "the timer after all");
    }

    [Fact]
    public async Task An_unloaded_actor_is_loaded_for_its_timer()
    {
        await using var node = await Node.StartAsync(_journal, _clock, new EngineOptions { IdleTime = TimeSpan.FromSeconds(10) });
        await SetAsync(node, "1", "expiry", 3_600);
        await AdvanceUntilAsync(() => node.Engine.Loaded == 0, "being unloaded");

        _clock.Advance(TimeSpan.FromHours(1));
        await Node.UntilAsync(() => node.Engine.Metrics.Timers == 1, "the timer");
    }

    [Fact]
    public void The_queue_wakes_everybody_in_the_order_of_their_due_times_whatever_is_set_and_cleared_before()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var woken = new List<(string Id, long At)>();
        using var queue = new Cells.TimerQueue(_clock, id => woken.Add((id, _clock.NowUs)));
        var expected = new Dictionary<string, long>();
        for (var i = 0; i < 5_000; i++)
        {
            var id = $"ue-{random.Next(300)}";
            if (random.Next(4) == 0)
            {
                queue.Clear(id);
                expected.Remove(id);
            }
            else
            {
                expected[id] = _clock.NowUs + (random.Next(1, 100_000) * 1_000L);
                queue.Set(id, expected[id]);
            }
        }

        _clock.Advance(TimeSpan.FromSeconds(100));

        Assert.True(woken.Count == expected.Count && woken.All(wake => expected[wake.Id] == wake.At), $"seed {seed}: {woken.Count} of {expected.Count}");
    }

    private async Task SetAsync(Node node, string commandId, string name, int seconds)
    {
        var due = _clock.NowUs + (seconds * 1_000_000L);
        Assert.Equal(Replies.Accepted, await node.SendAsync(LedgerKind.Make(Node.Alice, commandId, "timer", $"{name}@{due}")));
    }

    private static Task UntilFiredAsync(Node node, int count) => Node.UntilAsync(() => node.Engine.Metrics.Timers == count, $"{count} timers");

    private Task AdvanceUntilAsync(Func<bool> condition, string what) =>
        Node.UntilAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                _clock.Advance(TimeSpan.FromSeconds(1));
                return false;
            },
            what);
}
