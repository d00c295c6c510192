using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;

namespace Mcptt.Actors;

/// <summary>The directory of an engine that runs everything on one node, in one shard.</summary>
public sealed class SoleNodeDirectory(string name, IReadOnlyList<string> roles, string version, DateTimeOffset started) : INodeDirectory
{
    private const string Why = "the local engine runs everything on this node";

    private const int Instance = 1;

    private readonly ClusterPicture _picture = new(
        [new ClusterMember(name, Instance, "", roles, "", version, started, Draining: false, MediaLoad: null)], [new ShardPlace(0, Instance, 1, "")], "");

    public ClusterPicture Read() => _picture;

    public ValueTask<NodeOrder> DrainAsync(string node, bool draining, CancellationToken cancellationToken) =>
        new(node == name ? NotPossible("it cannot be drained; stop the server instead") : new(NodeOrderOutcome.UnknownNode, $"there is no node \"{node}\", only \"{name}\""));

    public ValueTask<NodeOrder> MoveAsync(int shard, string node, CancellationToken cancellationToken) =>
        new(shard == 0 ? NotPossible("no shard can be moved") : new(NodeOrderOutcome.UnknownShard, $"there is no shard {shard}, only shard 0"));

    private NodeOrder NotPossible(string what) => new(NodeOrderOutcome.NotPossible, $"{Why}: {what} (engine.kind)");
}
