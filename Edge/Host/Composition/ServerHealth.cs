using Mcptt.Api;
using Mcptt.Domain.Ports;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Composition;

/// <summary>
/// The parts of the server that must work for it to be ready; each is asked when somebody wants to know. Seals hinder no call, and shards may be elsewhere: these two
/// are only told of.
/// </summary>
internal sealed class ServerHealth(ServerOptions options, INodeDirectory nodes, Func<bool> isServing, Func<string> engineFailure, Func<string> journalFailure, Func<string> seals) : IServerHealth
{
    public IReadOnlyList<HealthCheck> Check()
    {
        var engine = isServing() ? engineFailure() : "starting or draining";
        var journal = journalFailure();
        return [new("engine", engine.Length == 0, engine), new("journal", journal.Length == 0, journal), new("shards", true, Shards()), new("seals", true, seals())];
    }

    private string Shards()
    {
        var picture = nodes.Read();
        var own = picture.Members.Where(member => member.Name == options.NodeName).MaxBy(member => member.Instance);
        var owned = picture.Shards.Count(place => own is not null && place.Owner == own.Instance);
        var ownerless = picture.Shards.Count(place => place.Owner == 0);
        return $"{owned} of {picture.Shards.Count} here, {picture.Members.Count} nodes"
            + (own is { Draining: true } ? ", draining" : "")
            + (ownerless > 0 ? $", {ownerless} without owner at this moment" : "");
    }
}
