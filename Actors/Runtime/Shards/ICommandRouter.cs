using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Shards;

/// <summary>Routes a command that an actor tells to the shard, and so the node, that owns its receiver.</summary>
public interface ICommandRouter
{
    ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken);
}
