using System.Diagnostics;
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
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _connection;
    private readonly int _rehearsed;
    private readonly Dictionary<string, Process> _nodes = [];
    private readonly IJournal _journal;

    private ClusterSetup(string connection, int rehearsed)
    {
        (_connection, _rehearsed) = (connection, rehearsed);
        _journal = EngineNode.OpenJournal(connection, JournalWriters.Nodes);
        Driver = EngineNode.NewEngine(connection, "driver", [], _journal, rehearsed: 0);
    }

    public override string Name => $"PostgreSQL, {_nodes.Count} {(_nodes.Count == 1 ? "node" : "nodes")}";

    public PostgresEngine Driver { get; }

    public override ICommandSink Sink => Driver;

    public override IReadOnlyList<int> Processes => [.. _nodes.Values.Select(node => node.Id)];

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
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ClusterSetup).Assembly.Location);
        }

        foreach (var argument in (string[])["engine", "node", _connection, name, _rehearsed.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        _nodes[name] = Process.Start(start)!;
        if (await _nodes[name].StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"{name} does not start");
        }

        await UntilAsync(() => Driver.View.Named(name) is not null && (IsEven() || Driver.View.Shards.All(row => row.Pinned.Length > 0)));
    }

    /// <summary>All shards go to one node and stay there while it lives.</summary>
    public async Task PinAllAsync(string name)
    {
        foreach (var row in Driver.View.Shards)
        {
            await Driver.MoveShardAsync(row.Id, name, CancellationToken.None);
        }

        await UntilAsync(() => Driver.View.Shards.All(row => row.Owner == Driver.View.Named(name)?.Instance && row.Pinned == name));
    }

    /// <summary>kill -9.</summary>
    public void Kill(string name)
    {
        _nodes.Remove(name, out var node);
        node!.Kill();
        node.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            node.Kill();
            node.Dispose();
        }

        await Driver.DisposeAsync();
        await _journal.DisposeAsync();
    }

    private bool IsEven()
    {
        var view = Driver.View;
        var counts = _nodes.Keys.Select(name => view.Named(name) is { } node ? view.Shards.Count(row => row.Owner == node.Instance) : 0).ToList();
        return counts.Sum() == view.Shards.Count && counts.Max() - counts.Min() <= 1;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException("the cluster does not settle");
            }

            await Task.Delay(20);
        }
    }
}
