using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Routing;

/// <summary>The nodes that live now, this one among them, and how a request gets to one.</summary>
public interface INodeLinks
{
    IReadOnlyList<ClusterMember> Members { get; }

    /// <summary>Null: not delivered, or no answer in time.</summary>
    ValueTask<NodeReply?> SendAsync(ClusterMember member, NodeRequest request);
}
