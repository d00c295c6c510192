#if WITH_AKKA
using System.Net;
using System.Text.Json;
using Mcptt.Scenarios.Running;

namespace Mcptt.Scenarios.Cluster;

/// <summary>The Akka.NET engine with its own defaults: every node is a seed of the others. Who owns what is known when all nodes that answer say the same.</summary>
internal sealed class AkkaSite : SiteEngine
{
    private int[] _ports = [];

    public override IEnumerable<string> SettingsOf(int node, int nodes)
    {
        _ports = _ports.Length == nodes ? _ports : [.. Enumerable.Range(0, nodes).Select(_ => FreePorts.Tcp())];
        var seeds = string.Join(", ", _ports.Select(port => $"\"127.0.0.1:{port}\""));
        return ["engine.kind=akka", "akka.host=127.0.0.1", $"akka.port={_ports[node]}", $"akka.seedNodes=[{seeds}]"];
    }

    public override async Task<IReadOnlyList<string?>> OwnersAsync(IReadOnlyList<ServerProcess> nodes, string database)
    {
        var owners = new string?[ClusterSite.Shards];
        var pictures = (await Task.WhenAll(nodes.Select(TryReadAsync))).OfType<JsonElement>().Select(ByShard).ToList();
        for (var shard = 0; shard < owners.Length; shard++)
        {
            var named = pictures.Select(picture => picture.GetValueOrDefault(shard)).Distinct().ToList();
            owners[shard] = named.Count == 1 ? named[0] : null;
        }

        return owners;
    }

    // Null: the node does not run, or serves nothing yet.
    private static async Task<JsonElement?> TryReadAsync(ServerProcess node)
    {
        try
        {
            var (status, text) = await node.AskAsync("/v1/shards");
            return status == HttpStatusCode.OK ? JsonSerializer.Deserialize<JsonElement>(text) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Dictionary<int, string?> ByShard(JsonElement picture) =>
        picture.GetProperty("items").EnumerateArray().ToDictionary(
            item => item.GetProperty("shard").GetInt32(),
            item => item.TryGetProperty("node", out var node) ? node.GetString() : null);
}
#endif
