using System.Globalization;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Domain.Ports;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Engine;

/// <summary>Nodes as processes, and a member without shards in this one through which the commands go.</summary>
internal sealed class ClusterSetup : EngineSetup
{
    private readonly string _connection;
    private readonly int _rehearsed;
    private readonly NodeProcesses _nodes = new();
    private readonly IJournal _journal;

    private ClusterSetup(string connection, int rehearsed)
    {
        (_connection, _rehearsed) = (connection, rehearsed);
        _journal = EngineNode.OpenJournal(connection, JournalWriters.Nodes);
        Driver = EngineNode.NewEngine(connection, "driver", [], _journal, rehearsed: 0);
    }

    public override string Name => $"PostgreSQL, {_nodes.Names.Count} {(_nodes.Names.Count == 1 ? "node" : "nodes")}";

    public PostgresEngine Driver { get; }

    public override ICommandSink Sink => Driver;

    public override IReadOnlyList<int> Processes => _nodes.Ids;

    public static async Task<ClusterSetup> StartAsync(PostgresServer server, int nodes, int rehearsed = 64)
    {
        var cluster = new ClusterSetup(server.CreateDatabase(), rehearsed);
        await cluster.Driver.StartAsync(CancellationToken.None);
        for (var node = 1; node <= nodes; node++)
        {
            await cluster.JoinAsync($"node{node}");
        }

        return cluster;
    }

    /// <summary>Ends when the shards are spread evenly.</summary>
    public async Task JoinAsync(string name)
    {
        await _nodes.StartAsync(name, ["engine", "node", _connection, name, _rehearsed.ToString(CultureInfo.InvariantCulture)]);
        await NodeProcesses.UntilAsync(() => Driver.View.Named(name) is not null && (IsEven() || Driver.View.Shards.All(row => row.Pinned.Length > 0)));
    }

    /// <summary>All shards go to one node and stay there while it lives.</summary>
    public async Task PinAllAsync(string name)
    {
        foreach (var row in Driver.View.Shards)
        {
            await Driver.MoveShardAsync(row.Id, name, CancellationToken.None);
        }

        await NodeProcesses.UntilAsync(() => Driver.View.Shards.All(row => row.Owner == Driver.View.Named(name)?.Instance && row.Pinned == name));
    }

    /// <summary>kill -9.</summary>
    public void Kill(string name) => _nodes.Kill(name);

    public override async ValueTask DisposeAsync()
    {
        _nodes.Dispose();
        await Driver.DisposeAsync();
        await _journal.DisposeAsync();
    }

    private bool IsEven()
    {
        var view = Driver.View;
        var counts = _nodes.Names.Select(name => view.Named(name) is { } node ? view.Shards.Count(row => row.Owner == node.Instance) : 0).ToList();
        return counts.Sum() == view.Shards.Count && counts.Max() - counts.Min() <= 1;
    }
}
