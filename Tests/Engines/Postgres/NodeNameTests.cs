using System.Net;
using Mcptt.Actors.Cluster;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Engines.Postgres;

/// <summary>Two nodes under one name would both be taken for the edge of the same phones.</summary>
[Collection(nameof(Outages))]
public sealed class NodeNameTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private readonly string _database = PostgresServer.Shared.CreateDatabase();
    private readonly PostgresCluster _cluster;

    public NodeNameTests() => _cluster = new PostgresCluster(_database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [RequiresPostgresFact]
    public async Task A_second_node_under_the_name_of_one_that_lives_is_refused_and_the_first_goes_on()
    {
        var one = await _cluster.JoinAsync("one");
        var two = await _cluster.JoinAsync("two");
        await _cluster.SettleAsync(one, two);
        var instance = one.Engine.View.Named("one")!.Instance;

        var refused = await Assert.ThrowsAsync<NodeNameTakenException>(() => _cluster.JoinAsync("one", change: options => options with { LeaseTime = Lease }));

        Assert.Contains($"another node is running as one: the one at {one.Engine.View.Named("one")!.Address}", refused.Message, StringComparison.Ordinal);
        Assert.True(one.Engine.IsMember);
        Assert.Equal(instance, two.Engine.View.Named("one")!.Instance);
        await _cluster.SettleAsync(one, two);
    }

    [RequiresPostgresFact]
    public async Task Of_two_that_start_at_once_under_one_name_one_is_refused()
    {
        var starts = Enumerable.Range(0, 2).Select(_ => _cluster.JoinAsync("one", change: options => options with { LeaseTime = Lease })).ToList();

        await Task.WhenAll(starts).ContinueWith(_ => { }, TaskScheduler.Default);

        var refused = Assert.Single(starts, start => start.IsFaulted);
        Assert.IsType<NodeNameTakenException>(refused.Exception!.InnerException);
        await _cluster.SettleAsync(await Assert.Single(starts, start => start.IsCompletedSuccessfully));
    }

    // What the database believes of a node whose machine lost its power or its network.
    [RequiresPostgresFact]
    public async Task Who_is_started_again_while_the_database_still_believes_in_its_former_run_waits_and_joins_and_the_former_does_not_come_back()
    {
        await using var way = new TcpRelay(new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, PostgresServer.Shared.Port));
        var former = await _cluster.JoinAsync("one", change: options => options with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(_database) { Port = way.Port }.ConnectionString,
            LeaseTime = Lease,
        });
        await _cluster.SettleAsync(former);

        way.Freeze();
        var later = await _cluster.JoinAsync("one", change: options => options with { LeaseTime = Lease });
        await _cluster.SettleAsync(later);
        Assert.False(former.Engine.IsMember);

        way.Thaw();
        await _cluster.UntilAsync(() => former.Engine.Failure.Contains("another node is running as one", StringComparison.Ordinal), () => former.Engine.Failure);
        Assert.Equal(PostgresCluster.Shards, later.Engine.OwnedShards.Count);
        Assert.True(later.Engine.IsMember);
    }
}
