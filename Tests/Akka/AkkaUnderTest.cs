using Mcptt.Actors.Tests.Ledger;
using Mcptt.Engines.Suite;

namespace Mcptt.Actors.Akka.Tests;

/// <summary>The Akka.NET engine in the suite of all engines. The seed, a member without actors, is there from the first start on, and is the caller too.</summary>
internal sealed class AkkaUnderTest : IClusterUnderTest
{
    private readonly AkkaCluster _cluster = new();
    private readonly Dictionary<string, AkkaCluster.Member> _members = [];

    public FaultyJournal Journal => _cluster.Faulty;

    public World World => _cluster.World;

    public async Task<IEngine> StartAsync(string node, EngineOptions options)
    {
        await StartCallerAsync();
        _members[node] = await _cluster.JoinAsync(node, engine: options);
        return _members[node].Engine;
    }

    public async Task<IEngine> StartCallerAsync() => (_members["caller"] = _members.GetValueOrDefault("caller") ?? await _cluster.JoinAsync("caller", actors: false)).Engine;

    public async Task CrashAsync(string node) => await _members[node].Engine.DisposeAsync();

    public Task LeaveAsync(string node) => _members[node].Engine.StopAsync(CancellationToken.None);

    public Task SettleAsync(params string[] nodes) => _cluster.SettleAsync([.. nodes.Select(node => _members[node])]);

    public Task DrainAsync(string node, bool draining) =>
        draining ? _members[node].Engine.DrainAsync(CancellationToken.None) : _members[node].Engine.ResumeAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}

public sealed class AkkaEngineSuiteTests() : ClusterSuite(new AkkaUnderTest());
