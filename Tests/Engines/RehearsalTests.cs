using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Engines;

public sealed class RehearsalTests
{
    private readonly InMemoryJournal _journal = new();
    private readonly World _world = new() { RefusesSip = true };
    private readonly ActorKinds _kinds = new ActorKinds().Add(new LedgerKind());

    [Fact]
    public async Task Actors_are_recovered_with_all_their_timers_and_effects_and_nothing_comes_of_it()
    {
        // Open effects, a session that lives, a timer that came due while nobody ran, and one that is not due.
        var past = Due(TimeSpan.FromMinutes(-1));
        await using (var engine = new LocalEngine(_kinds, _journal, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance))
        {
            engine.Attach(_world, _world);
            await engine.StartAsync(CancellationToken.None);
            await SayAsync(engine, "say", "sip>bye");
            await SayAsync(engine, "say", "resume");
            await SayAsync(engine, "timer", $"late@{Due(TimeSpan.FromHours(1))}");
        }

        var timer = LedgerKind.Make(ActorAddresses.Ue("sip:bob@example.org"), "past", "timer", $"t@{past}");
        await using (var engine = new LocalEngine(_kinds, _journal, new EngineOptions(), new Earlier(), NullLoggerFactory.Instance))
        {
            await engine.StartAsync(CancellationToken.None);
            Assert.NotNull((await engine.SendAsync(timer, CancellationToken.None)).Accepted);
        }

        var before = await _journal.ReadAllAsync(0, CancellationToken.None).ToListAsync();
        var live = await _journal.ReadLiveAsync("", "", CancellationToken.None).ToListAsync();
        Assert.True(live.Count >= 2, "nothing to rehearse with");

        await new Rehearsal(_kinds, _journal, new EngineOptions(), TimeProvider.System).RunAsync(10, CancellationToken.None);

        Assert.Equal(before, await _journal.ReadAllAsync(0, CancellationToken.None).ToListAsync());
        Assert.Equal(live, await _journal.ReadLiveAsync("", "", CancellationToken.None).ToListAsync());
        Assert.Empty(_world.Sip);
    }

    [Fact]
    public async Task A_journal_without_history_will_do() => await new Rehearsal(_kinds, _journal, new EngineOptions(), TimeProvider.System).RunAsync(10, CancellationToken.None);

    private static async Task SayAsync(LocalEngine engine, string verb, string word)
    {
        var reply = await engine.SendAsync(LedgerKind.Make(ActorAddresses.Ue("sip:alice@example.org"), word, verb, word), CancellationToken.None);
        Assert.NotNull(reply.Accepted);
    }

    private static long Due(TimeSpan from) => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch + from).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed class Earlier : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - TimeSpan.FromMinutes(10);
    }
}
