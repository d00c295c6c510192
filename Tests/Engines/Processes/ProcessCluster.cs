using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Membership;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Scenarios.Running;
using Mcptt.Testing.Postgres;

namespace Mcptt.Engines.Processes;

/// <summary>Nodes as processes of their own over one PostgreSQL, and a member without shards in this process through which a load runs.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _database;
    private readonly TimeSpan _lease;
    private readonly Dictionary<string, ChildProcess> _nodes = [];

    private ProcessCluster(string database, TimeSpan lease)
    {
        (_database, _lease) = (database, lease);
        Journal = Program.OpenJournal(database);

        // The driver must never be the one whose lease runs out.
        Driver = Program.NewEngine(database, "driver", TimeSpan.FromSeconds(60), [], Journal, new PrintingLoggers());
    }

    public IJournal Journal { get; }

    public PostgresEngine Driver { get; }

    public static async Task<ProcessCluster> StartAsync(TimeSpan lease, params string[] nodes)
    {
        var cluster = new ProcessCluster(PostgresServer.Shared.CreateDatabase(), lease);
        await cluster.Driver.StartAsync(CancellationToken.None);
        foreach (var node in nodes)
        {
            await cluster.StartAsync(node);
        }

        await cluster.SettleAsync();
        return cluster;
    }

    public async Task StartAsync(string node)
    {
        var lease = _lease.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        _nodes[node] = ChildProcess.Start("dotnet", [typeof(Program).Assembly.Location, _database, node, lease]);
        await _nodes[node].WaitForOutputAsync("ready", Patience);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(string node)
    {
        await _nodes[node].KillAsync();
        _nodes.Remove(node);
    }

    public void Signal(string node, string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {_nodes[node].Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Every node that runs has its even share.</summary>
    public Task SettleAsync() =>
        UntilAsync(view =>
        {
            var owned = _nodes.Keys.Select(node => view.Named(node) is { } there ? view.Shards.Count(row => row.Owner == there.Instance) : 0).ToList();
            return owned.Sum() == view.Shards.Count && view.Shards.Count > 0 && owned.Max() - owned.Min() <= 1;
        });

    public async Task UntilAsync(Func<ClusterView, bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition(Driver.View))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited in vain; nodes {string.Join(' ', Driver.View.Nodes)}\n{Account()}");
            await Task.Delay(10);
        }
    }

    public string Account() => string.Join('\n', _nodes.Select(node => $"---- {node.Key}\n{node.Value.Output}"));

    /// <summary>Those of the actors that stand on the node now.</summary>
    public IReadOnlyList<string> ActorsOf(string node, IEnumerable<string> actors)
    {
        var view = Driver.View;
        var instance = view.Named(node)?.Instance;
        return [.. actors.Where(actor => view.Shards[ShardKey.ShardOf(actor, view.Shards.Count)].Owner == instance)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        await Driver.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
