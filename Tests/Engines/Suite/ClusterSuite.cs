using Mcptt.Actors;
using Mcptt.Testing.Postgres;

namespace Mcptt.Engines.Suite;

/// <summary>What every engine does that spreads actors over nodes.</summary>
public abstract class ClusterSuite : EngineSuite
{
    private const int Actors = 24;

    private readonly IClusterUnderTest _engine;

    private protected ClusterSuite(IClusterUnderTest engine)
        : base(engine) => _engine = engine;

    [SuiteFact]
    public async Task Nodes_share_the_actors_and_serve_each_others()
    {
        var one = await JoinAsync("one");
        var two = await JoinAsync("two");
        var caller = await _engine.StartCallerAsync();
        await _engine.SettleAsync("one", "two");
        await using var load = new LedgerLoad(caller, Actors);
        await load.ContinueAsync();

        await load.VerifyAsync(_engine.Journal);
        Assert.True(one.Metrics.Events > 0 && two.Metrics.Events > 0 && caller.Metrics.Events == 0);
    }

    [SuiteFact]
    public async Task A_node_that_joins_gets_its_share_while_commands_run_and_one_that_leaves_gives_it_back()
    {
        var one = await JoinAsync("one");
        await _engine.SettleAsync("one");
        await using var load = new LedgerLoad(one, Actors);
        await JoinAsync("two");
        await _engine.SettleAsync("one", "two");
        await load.ContinueAsync();
        await _engine.LeaveAsync("two");
        await _engine.SettleAsync("one");
        await load.ContinueAsync();

        await load.VerifyAsync(_engine.Journal);
    }

    [SuiteFact]
    public async Task A_node_that_dies_is_replaced_by_the_others_and_comes_back()
    {
        await JoinAsync("one");
        await JoinAsync("two");
        await JoinAsync("three");
        var caller = await _engine.StartCallerAsync();
        await _engine.SettleAsync("one", "two", "three");
        await using var load = new LedgerLoad(caller, Actors);
        foreach (var victim in (string[])["two", "three"])
        {
            await load.ContinueAsync();
            await _engine.CrashAsync(victim);
            await load.ContinueAsync();
            await JoinAsync(victim);
            await _engine.SettleAsync("one", "two", "three");
        }

        await load.VerifyAsync(_engine.Journal);
    }

    [SuiteFact]
    public async Task A_node_that_is_drained_gives_everything_away_while_commands_run_and_takes_it_back()
    {
        await JoinAsync("one");
        await JoinAsync("two");
        var caller = await _engine.StartCallerAsync();
        await _engine.SettleAsync("one", "two");
        await using var load = new LedgerLoad(caller, Actors);
        await load.ContinueAsync();
        await _engine.DrainAsync("two", true);
        await _engine.SettleAsync("one");
        await load.ContinueAsync();
        await _engine.DrainAsync("two", false);
        await _engine.SettleAsync("one", "two");
        await load.ContinueAsync();

        await load.VerifyAsync(_engine.Journal);
    }

    private Task<IEngine> JoinAsync(string node) => _engine.StartAsync(node, new EngineOptions { CommandDeadline = Patience });
}
