using System.Net;
using Mcptt.Actors.Journals.Postgres;

namespace Mcptt.Host.Configuration;

/// <summary>What must hold for nodes that work together, and for one that does all alone.</summary>
internal static class ClusterRules
{
    public static IEnumerable<(string Key, string Problem, string Fix)> Problems(ServerOptions options, IReadOnlyDictionary<string, string> origins) =>
        options.Engine == EngineNames.Local ? OfOneNode(options) : OfSeveralNodes(options, origins);

    private static IEnumerable<(string Key, string Problem, string Fix)> OfOneNode(ServerOptions options)
    {
        if (RoleNames.All.Except(options.Roles).ToList() is { Count: > 0 } missing)
        {
            yield return (
                "node.roles",
                $"lacks {string.Join(", ", missing)}",
                "the local engine runs everything on one node: write [ \"edge\", \"actors\", \"media\" ], or set engine.kind to \"postgresql\"");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Fix)> OfSeveralNodes(ServerOptions options, IReadOnlyDictionary<string, string> origins)
    {
        if (!PostgresAddress.IsMeant(options.JournalPath))
        {
            yield return ("engine.kind", "\"postgresql\" needs the journal in PostgreSQL too", "set data.journal to postgres://role@host:port/database, or engine.kind to \"local\"");
        }

        if (!origins.ContainsKey("node.name"))
        {
            yield return ("node.name", "is not set, and each node of a cluster has its own", "set it to a name that this node keeps for ever");
        }

        var listener = options.Cluster.Listener.Address;
        if (options.Cluster.AdvertisedAddress.Length == 0 && (listener.Equals(IPAddress.Any) || listener.Equals(IPAddress.IPv6Any)))
        {
            yield return ("cluster.listener", $"{options.Cluster.Listener} is no address that other nodes can be told", "name one of this machine's addresses, or set cluster.advertisedAddress");
        }
    }
}
