using Mcptt.Scenarios.Running;
using Npgsql;

namespace Mcptt.Scenarios.Cluster;

/// <summary>The PostgreSQL engine: the nodes meet in the database, which says who owns what.</summary>
internal sealed class PostgresSite : SiteEngine
{
    public override IEnumerable<string> SettingsOf(int node, int nodes) =>
        ["engine.kind=postgresql", $"cluster.listener=127.0.0.1:{FreePorts.Tcp()}", "cluster.leaseSeconds=10"];

    public override async Task<IReadOnlyList<string?>> OwnersAsync(IReadOnlyList<ServerProcess> nodes, string database)
    {
        var owners = new string?[ClusterSite.Shards];
        await using var source = NpgsqlDataSource.Create(database);
        await using var ask = source.CreateCommand("SELECT id, name FROM shard JOIN node ON owner = instance");
        await using var row = await ask.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            owners[row.GetInt32(0)] = row.GetString(1);
        }

        return owners;
    }
}
