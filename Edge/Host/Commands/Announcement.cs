using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>What `serve` says when it has started: one line per listener, then "ready".</summary>
internal static class Announcement
{
    public static IEnumerable<string> Lines(McpttServer server, ServerOptions options)
    {
        yield return $"mcptt {McpttCommandLine.Version}, node {options.NodeName}, roles {string.Join(", ", options.Roles)}";
        yield return $"journal {server.JournalName}";
        if (options.Engine == EngineNames.Akka)
        {
            yield return $"engine {options.Engine}, {options.Cluster.Shards} shards, system {options.Akka.System} at {options.Akka.Host}:{options.Akka.Port}";
        }
        else if (options.Engine != EngineNames.Local)
        {
            yield return $"engine {options.Engine}, {options.Cluster.Shards} shards, other nodes by {options.Cluster.Listener}{(options.Cluster.AdvertisedAddress.Length > 0 ? $", shown as {options.Cluster.AdvertisedAddress}" : "")}";
        }

        foreach (var listener in server.SipListeners)
        {
            yield return $"sip {listener.Transport.ToString().ToLowerInvariant()} {listener.Endpoint}{(options.Sip.AdvertisedAddress.Length > 0 ? $", shown as {options.Sip.AdvertisedAddress}" : "")}";
        }

        if (options.HasMedia)
        {
            yield return $"media udp {server.MediaAddress}, ports {Ports(options.Media)}";
        }

        yield return $"api {server.ApiAddress}{(options.Api.HasTokens ? ", with token" : ", from this machine only")}";
        if (options.IsEdge && options.Sip.Open)
        {
            yield return "open: no credentials are asked for (sip.open); for labs only";
        }

        yield return "ready";
    }

    private static string Ports(MediaSettings media) => media is { FirstPort: 0, LastPort: 0 } ? "any free ones" : $"{media.FirstPort}-{media.LastPort}";
}
