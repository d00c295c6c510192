using Mcptt.Scenarios.Running;

namespace Mcptt.Scenarios.Cluster;

/// <summary>How the nodes of a site find each other, and who owns which shard.</summary>
internal abstract class SiteEngine
{
    /// <summary>Settings of one node, by its place among so many.</summary>
    public abstract IEnumerable<string> SettingsOf(int node, int nodes);

    /// <summary>Name of the living owner of each shard; null: it has none at this moment.</summary>
    public abstract Task<IReadOnlyList<string?>> OwnersAsync(IReadOnlyList<ServerProcess> nodes, string database);
}
