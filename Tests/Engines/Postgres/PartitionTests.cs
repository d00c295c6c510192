using System.Net;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Engines.Postgres;

/// <summary>Parts of the network fail while all processes live.</summary>
[Collection(nameof(Outages))]
public sealed class PartitionTests : IAsyncLifetime
{
    private const int Actors = 24;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _database = PostgresServer.Shared.CreateDatabase();
    private readonly PostgresCluster _cluster;
    private readonly IJournal _journal;

    public PartitionTests()
    {
        _cluster = new PostgresCluster(_database);
        _journal = PostgresCluster.OpenJournal(_database);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _journal.DisposeAsync();
    }

    [RequiresPostgresFact]
    public async Task A_node_whose_way_to_the_database_is_frozen_says_nothing_stale_writes_nothing_and_joins_again()
    {
        await using var way = new TcpRelay(new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, PostgresServer.Shared.Port));
        var two = await _cluster.JoinAsync("two");
        var one = await _cluster.JoinAsync("one", change: options => options with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(_database) { Port = way.Port }.ConnectionString,
            LeaseTime = TimeSpan.FromSeconds(4),
        });
        var caller = await _cluster.JoinAsync("caller", actors: false);
        await _cluster.SettleAsync(one, two);
        var before = one.Engine.View.Named("one")!.Instance;
        await using var load = new LedgerLoad(caller.Engine, Actors, Pause);
        await load.ContinueAsync();

        way.Freeze();
        await _cluster.UntilAsync(() => two.Engine.OwnedShards.Count == PostgresCluster.Shards, () => $"two has {two.Engine.OwnedShards.Count} shards");

        // Its own clock told it so before the database let another one have its shards; all others still reach it.
        Assert.False(one.Engine.IsMember);
        Assert.NotEmpty(one.Engine.Failure);
        await load.ContinueAsync();
        foreach (var actor in load.Actors)
        {
            var stale = await one.Engine.SendAsync(LedgerKind.Get(ActorAddresses.Ue(actor)), CancellationToken.None);
            Assert.True(stale.Unavailable is not null, $"{actor}: {stale}");
        }

        // What it had on the way to the journal arrives now, after others have written.
        way.Thaw();
        await _cluster.SettleAsync(one, two);
        await load.ContinueAsync();

        Assert.NotEqual(before, one.Engine.View.Named("one")!.Instance);
        await load.VerifyAsync(_journal);
    }

    [RequiresPostgresFact]
    public async Task What_a_former_owner_writes_late_is_refused_by_the_unique_key_alone()
    {
        var one = await _cluster.JoinAsync("one");
        await _cluster.SettleAsync(one);
        var actors = Enumerable.Range(0, Actors).Select(i => $"sip:user{i}@example.org").ToList();
        one.OwnJournal!.Fault = JournalFault.Waits;
        foreach (var actor in actors)
        {
            _ = one.SayAsync(actor, $"{actor}/1", "0").AsTask();
        }

        await _cluster.UntilAsync(() => one.OwnJournal.Appends == Actors, () => "not all are being written");

        // The appends of "one" are on their way while it is gone and "two" takes everything; the commands go to "two" with their ids.
        await _cluster.CrashAsync(one);
        var two = await _cluster.JoinAsync("two");
        foreach (var actor in actors)
        {
            Assert.NotNull((await two.SayAsync(actor, $"{actor}/1", "0")).Accepted);
        }

        one.OwnJournal.Release();
        await _cluster.UntilAsync(() => one.OwnJournal.Occupied == Actors, () => $"{one.OwnJournal.Occupied} of {Actors} late appends were refused");
        foreach (var actor in actors)
        {
            Assert.Single(await _journal.ReadActorAsync(ActorAddresses.Ue(actor).PersistenceId(), 1, CancellationToken.None).ToListAsync());
        }
    }

    [RequiresPostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_a_node_is_not_reached_by_others_commands_for_it_wait_in_order_and_it_keeps_its_shards(bool frozen)
    {
        var two = await _cluster.JoinAsync("two");

        // The same port of another loopback address: what the others are told.
        const string seen = "127.0.0.2";
        var one = await _cluster.JoinAsync("one", change: options => options with { AdvertisedHost = seen });
        var port = one.Engine.View.Named("one")!.Address.Port;
        await using var way = new TcpRelay(new IPEndPoint(IPAddress.Parse(seen), port), new IPEndPoint(IPAddress.Loopback, port));
        var caller = await _cluster.JoinAsync("caller", actors: false);
        await _cluster.SettleAsync(one, two);
        await using var load = new LedgerLoad(caller.Engine, Actors, Pause);
        await load.ContinueAsync();
        var epochs = two.Engine.View.Shards.Select(row => row.Epoch).ToList();

        if (frozen)
        {
            way.Freeze();
        }
        else
        {
            way.Cut();
        }

        // Actors of the other node go on; some of this one's wait.
        var answers = load.Answers;
        await _cluster.UntilAsync(() => load.Answers > answers + 100, () => "nothing goes on");
        way.Thaw();
        way.Mend();
        await load.ContinueAsync();

        Assert.Equal(epochs, two.Engine.View.Shards.Select(row => row.Epoch));
        await load.VerifyAsync(_journal);
    }
}

/// <summary>Tests that load the machine run one after the other.</summary>
[CollectionDefinition(nameof(Outages))]
public sealed class Outages;
