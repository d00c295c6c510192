using Mcptt.Domain;

namespace Mcptt.Actors.Shards;

/// <summary>What an engine knows of the nodes on which actors lean. When it may have changed, the engine says so to each shard (<see cref="ActorShard.NodesChanged"/>).</summary>
public interface INodeWatch
{
    /// <summary>Null: the node is there and stays, or it is too early to say otherwise.</summary>
    NodeFate? FateOf(NodeRun node);
}

/// <summary>An engine of one node: what that node held is made anew when it starts (Resume).</summary>
public sealed class SoleNode : INodeWatch
{
    public static readonly SoleNode Instance = new();

    private SoleNode()
    {
    }

    public NodeFate? FateOf(NodeRun node) => null;
}
