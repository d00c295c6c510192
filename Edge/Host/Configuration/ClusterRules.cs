using System.Net;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Host.Composition;

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
            yield return ("engine.kind", $"\"{options.Engine}\" needs the journal in PostgreSQL too", "set data.journal to postgres://role@host:port/database, or engine.kind to \"local\"");
        }

        if (!origins.ContainsKey("node.name"))
        {
            yield return ("node.name", "is not set, and each node of a cluster has its own", "set it to a name that this node keeps for ever");
        }

        foreach (var problem in options.Engine == EngineNames.Akka ? OfAkka(options.Akka) : OfListener(options))
        {
            yield return problem;
        }
    }

    private static IEnumerable<(string Key, string Problem, string Fix)> OfAkka(AkkaSettings akka)
    {
        if (!AkkaChoice.IsBuiltIn)
        {
            yield return ("engine.kind", "\"akka\" is not built into this program", "build it with \"dotnet build -p:WithAkka=true\" (ops/docs/akka.md), or choose \"postgresql\"");
        }

        if (akka.SeedNodes.Count == 0 && akka.Hocon.Length == 0)
        {
            yield return ("akka.seedNodes", "is empty, and no akka.hocon says how the cluster is found", "name at least one node as HOST:PORT; the first node names itself first");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Fix)> OfListener(ServerOptions options)
    {
        var cluster = options.Cluster;
        string[] files = [cluster.Certificate, cluster.CertificateKey, cluster.Authority];
        if (files.Any(file => file.Length > 0) && files.Any(file => file.Length == 0))
        {
            yield return ("cluster.certificate", "is only one of three that belong together", "set cluster.certificate, cluster.certificateKey and cluster.authority (\"mcptt certs issue\")");
        }

        var listener = cluster.Listener.Address;
        if (!IPAddress.IsLoopback(listener) && !cluster.HasCertificates && !cluster.Insecure)
        {
            yield return (
                "cluster.listener",
                $"{cluster.Listener} can be reached from elsewhere, and there are no certificates: whoever reaches it could give orders as a node",
                "set cluster.certificate, cluster.certificateKey and cluster.authority (\"mcptt certs\"), or cluster.insecure where the network is closed");
        }

        if (options.Cluster.AdvertisedAddress.Length == 0 && (listener.Equals(IPAddress.Any) || listener.Equals(IPAddress.IPv6Any)))
        {
            yield return ("cluster.listener", $"{options.Cluster.Listener} is no address that other nodes can be told", "name one of this machine's addresses, or set cluster.advertisedAddress");
        }
    }
}
