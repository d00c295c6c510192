using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Engines;
using Mcptt.Scenarios.Running;
using Mcptt.Testing.Postgres;
using Xunit.Sdk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Akka.Tests.Processes;

/// <summary>Nodes as processes of their own over one PostgreSQL, and a member without shards in this process: the seed, through which a load runs.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _database = PostgresServer.Shared.CreateDatabase();
    private readonly Times _times;
    private readonly Dictionary<string, ChildProcess> _nodes = [];

    private ProcessCluster(Times times)
    {
        _times = times;
        Journal = Program.OpenJournal(_database);
        Driver = Program.NewEngine("driver", [], [], times, Journal, NullLoggerFactory.Instance);
    }

    public IJournal Journal { get; }

    public AkkaEngine Driver { get; }

    public MemberView View => Driver.Membership?.View ?? MemberView.Empty;

    private IReadOnlyList<int> Owners => Driver.Membership?.Directory.Owners ?? [];

    public static async Task<ProcessCluster> StartAsync(Times times, params string[] nodes)
    {
        var cluster = new ProcessCluster(times);
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
        _nodes[node] = ChildProcess.Start("dotnet", [typeof(Program).Assembly.Location, _database, node, Driver.Address, Milliseconds(_times.HeartbeatPause), Milliseconds(_times.StableAfter)]);
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
        UntilAsync(() =>
        {
            var owned = _nodes.Keys.Select(node => View.Named(node) is { } there ? Owners.Count(owner => owner == there.Uid) : 0).ToList();
            return owned.Sum() == Owners.Count && Owners.Count > 0 && owned.Max() - owned.Min() <= 1;
        });

    public async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited in vain; {Describe()}");
            await Task.Delay(10);
        }
    }

    /// <summary>Until each sender got some more answers; what the nodes said is shown when one gets none.</summary>
    public async Task ContinueAsync(LedgerLoad load)
    {
        try
        {
            await load.ContinueAsync();
        }
        catch (XunitException failure)
        {
            throw new XunitException($"{failure.Message}\n{Describe()}");
        }
    }

    /// <summary>Those of the actors that stand on the node now.</summary>
    public IReadOnlyList<string> ActorsOf(string node, IEnumerable<string> actors)
    {
        var uid = View.Named(node)?.Uid;
        return [.. actors.Where(actor => Owners[ShardKey.ShardOf(actor, Owners.Count)] == uid)];
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

    private string Describe()
    {
        var owners = string.Join(' ', Owners.GroupBy(owner => owner).Select(group => $"{group.Key}:{group.Count()}"));
        var printed = string.Join('\n', _nodes.Select(node => $"{node.Key}: {node.Value.Output}"));
        return $"members {string.Join(' ', View.Nodes.Select(node => $"{node.Name}={node.Uid}"))}, shards {owners}\n{printed}";
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
}
