using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>What this node does for another one. Called in the order in which the other node asked.</summary>
internal interface INodeRequests
{
    ValueTask<NodeReply> ServeAsync(NodeRequest request, CancellationToken cancellationToken);
}
