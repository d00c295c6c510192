#if WITH_AKKA
using Mcptt.Actors.Akka;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Shards;
using Mcptt.Benchmarks.Engine;
using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Akka;

/// <summary>Nodes as processes, and a member without shards in this one, their seed, through which the commands go.</summary>
internal sealed class AkkaSetup : EngineSetup
{
    private readonly NodeProcesses _nodes = new();
    private readonly string _connection;
    private readonly IJournal _journal;
    private readonly AkkaEngine _driver;
    private readonly AkkaDirectory _directory;

    private AkkaSetup(string connection)
    {
        _connection = connection;
        _journal = EngineNode.OpenJournal(connection, JournalWriters.Nodes);
        _driver = AkkaNode.NewEngine("driver", [], _journal, []);
        _directory = new AkkaDirectory(_driver);
    }

    public override string Name => $"{AkkaBenchmarks.ColumnPrefix}, {_nodes.Names.Count} nodes";

    public override ICommandSink Sink => _driver;

    public override IReadOnlyList<int> Processes => _nodes.Ids;

    public static async Task<AkkaSetup> StartAsync(PostgresServer server, int nodes)
    {
        var cluster = new AkkaSetup(server.CreateDatabase());
        await cluster._driver.StartAsync(CancellationToken.None);
        for (var node = 1; node <= nodes; node++)
        {
            await cluster._nodes.StartAsync($"node{node}", ["engine", "akka-node", cluster._connection, $"node{node}", cluster._driver.Address]);
        }

        await NodeProcesses.UntilAsync(cluster.IsEven);
        return cluster;
    }

    /// <summary>One actor of each shard.</summary>
    public IReadOnlyDictionary<int, int> ActorPerShard()
    {
        var shards = _directory.Read().Shards.Count;
        return Enumerable.Range(0, EngineLoad.Actors).GroupBy(actor => ShardKey.ShardOf(EngineLoad.UserOf(actor), shards)).ToDictionary(alike => alike.Key, alike => alike.First());
    }

    public IReadOnlyList<int> ShardsOf(string node) => ShardsOf(_directory.Read(), node);

    public void Kill(string name) => _nodes.Kill(name);

    public override async ValueTask DisposeAsync()
    {
        _nodes.Dispose();
        await _driver.DisposeAsync();
        await _journal.DisposeAsync();
    }

    private bool IsEven()
    {
        var picture = _directory.Read();
        var counts = _nodes.Names.Select(name => ShardsOf(picture, name).Count).ToList();
        return picture.Shards.Count > 0 && counts.Sum() == picture.Shards.Count && counts.Max() - counts.Min() <= 1;
    }

    private static IReadOnlyList<int> ShardsOf(ClusterPicture picture, string node) =>
        [.. picture.Shards.Where(place => picture.Members.Any(member => member.Name == node && member.Instance == place.Owner)).Select(place => place.Shard)];
}
#endif
