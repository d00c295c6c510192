using System.Runtime.Serialization;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Google.Protobuf;
using Mcptt.Actors.Akka.Serialization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Tests.Serialization;

public sealed class SerializerTests() : TestKit(AkkaSerialization.Hocon)
{
    private static readonly Command Command = new() { CommandId = "c1", To = new ActorAddress { Kind = ActorKindName.Call, Id = "4f" } };

    public static TheoryData<IMessage, int, string> Messages { get; } = new()
    {
        { new NodeRequest { Id = 7, Command = new RoutedCommand { Command = Command, Shard = 3, Epoch = 9, FromActor = true } }, 24380, "mcptt.node-request.1" },
        { new NodeReply { Id = 7, Shard = new ShardNotice { Shard = 3, Epoch = 9, Owner = -5 } }, 24380, "mcptt.node-reply.1" },
        { Command, 24380, "mcptt.command.1" },
        { new Reply { Accepted = new Accepted() }, 24380, "mcptt.reply.1" },
        { new EventEnvelope { Event = new DomainEvent { Ue = new UeEvent() } }, 24379, "mcptt.event.1" },
        { new SnapshotEnvelope(), 24379, "mcptt.snapshot.1" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_goes_under_a_number_and_a_name_that_never_change_and_comes_back_as_it_was(IMessage message, int identifier, string manifest)
    {
        var serializer = Assert.IsAssignableFrom<SerializerWithStringManifest>(Sys.Serialization.FindSerializerFor(message));

        Assert.Equal((identifier, manifest), (serializer.Identifier, serializer.Manifest(message)));
        Assert.Equal(message, Sys.Serialization.Deserialize(serializer.ToBinary(message), identifier, manifest));
    }

    [Fact]
    public void What_a_later_version_wrote_is_refused_and_named()
    {
        var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(Command);

        Assert.Contains("mcptt.node-request.2", Assert.Throws<SerializationException>(() => serializer.FromBinary([], "mcptt.node-request.2")).Message);
    }
}
