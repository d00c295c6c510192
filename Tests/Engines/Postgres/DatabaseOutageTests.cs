using Mcptt.Testing.Postgres;

namespace Mcptt.Engines.Postgres;

/// <summary>The database itself goes away and comes back, the same one or its standby.</summary>
[Collection(nameof(Outages))]
public sealed class DatabaseOutageTests
{
    private const int Actors = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [RequiresPostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_restart_of_the_database_the_nodes_join_again_and_nothing_acknowledged_is_lost(bool killed)
    {
        using var server = PostgresServer.Create();
        var database = server.CreateDatabase();
        await RunAsync(database, () =>
        {
            if (killed)
            {
                server.Kill();
            }
            else
            {
                server.Stop();
            }

            server.Start();
        });
    }

    [RequiresPostgresFact]
    public async Task When_the_database_fails_over_to_its_standby_the_nodes_follow_and_nothing_acknowledged_is_lost()
    {
        using var primary = PostgresServer.Create();
        var database = primary.CreateDatabase();
        using var standby = primary.CreateStandby();
        await RunAsync(PostgresServer.Either(database, primary, standby), () =>
        {
            primary.Kill();
            standby.Promote();
        });
    }

    private static async Task RunAsync(string database, Action outage)
    {
        await using var cluster = new PostgresCluster(database);
        var one = await cluster.JoinAsync("one");
        var two = await cluster.JoinAsync("two");
        var caller = await cluster.JoinAsync("caller", actors: false);
        await cluster.SettleAsync(one, two);
        int Instance(PostgresCluster.Member member) => caller.Engine.View.Named(member.Name)?.Instance ?? 0;
        var before = (Instance(one), Instance(two));
        await using var load = new LedgerLoad(caller.Engine, Actors, Pause, insists: true);
        await load.ContinueAsync();
        outage();
        await load.ContinueAsync();
        await cluster.SettleAsync(one, two);
        await cluster.UntilAsync(() => Instance(one) > before.Item1 && Instance(two) > before.Item2, () => "a node believes in a lease of before the outage");
        await load.ContinueAsync();

        await using var journal = PostgresCluster.OpenJournal(database);
        await load.VerifyAsync(journal);
    }
}
