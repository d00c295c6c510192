using Akka.Actor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Serialization;

/// <summary>What nodes tell each other.</summary>
public sealed class NodeSerializer(ExtendedActorSystem system)
    : ProtobufSerializer(
        system,
        new Entry("mcptt.node-request.1", typeof(NodeRequest), NodeRequest.Parser),
        new Entry("mcptt.node-reply.1", typeof(NodeReply), NodeReply.Parser),
        new Entry("mcptt.command.1", typeof(Command), Command.Parser),
        new Entry("mcptt.reply.1", typeof(Reply), Reply.Parser))
{
    /// <summary>Nodes of every version know it by this number.</summary>
    public const int Id = 24380;

    public override int Identifier => Id;
}
