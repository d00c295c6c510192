using Mcptt.Actors;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Engines.Postgres;

namespace Mcptt.Engines.Suite;

internal sealed class PostgresUnderTest : IClusterUnderTest
{
    private readonly PostgresCluster _cluster = new();
    private readonly Dictionary<string, PostgresCluster.Member> _members = [];

    public FaultyJournal Journal => _cluster.Journal;

    public World World => _cluster.World;

    public async Task<IEngine> StartAsync(string node, EngineOptions options)
    {
        _members[node] = await _cluster.JoinAsync(node, options: options);
        return _members[node].Engine;
    }

    public async Task<IEngine> StartCallerAsync() => (await _cluster.JoinAsync("caller", actors: false)).Engine;

    public Task CrashAsync(string node) => _cluster.CrashAsync(_members[node]);

    public Task LeaveAsync(string node) => _members[node].Engine.StopAsync(CancellationToken.None);

    public Task SettleAsync(params string[] nodes) => _cluster.SettleAsync([.. nodes.Select(node => _members[node])]);

    public async Task DrainAsync(string node, bool draining) => Assert.True(await _members[node].Engine.DrainNodeAsync(node, draining, CancellationToken.None));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}

public sealed class PostgresEngineSuiteTests() : ClusterSuite(new PostgresUnderTest());
