using Akka.Actor;
using Akka.Cluster.Sharding;
using Mcptt.Actors.Routing;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Sharding;

/// <summary>
/// The sharded actor: what Akka knows of one of our actors. What comes from other nodes goes through it into the cell's mailbox, in its order; it is there while the cell is, and
/// passivates when the cell was unloaded. Mailbox, timers, outbox and journal are the cell's own.
/// </summary>
internal sealed class CellEntity(RunningShards shards) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeRequest { Command: { } routed } request:
                _ = ServeAsync(shards.Find((int)routed.Shard, routed.Epoch), request, Sender, Self);
                break;
            case CellGone:
                Context.Parent.Tell(new Passivate(HandOff.Instance));
                break;
            case HandOff:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // Until its first wait it runs in the order of the messages, and by then the command is in the cell's mailbox.
    private static async Task ServeAsync(RunningShard? shard, NodeRequest request, IActorRef sender, IActorRef self)
    {
        var routed = request.Command;
        var reply = shard is null
            ? RouteReplies.Unavailable(UnavailableReason.Moved, $"shard {routed.Shard} is not run here with epoch {routed.Epoch}")
            : await shard.Actors.SendAsync(routed.Command, routed.FromActor ? CommandSource.Actor : CommandSource.Outside, CancellationToken.None);
        sender.Tell(new NodeReply { Id = request.Id, Reply = reply }, self);
    }
}
