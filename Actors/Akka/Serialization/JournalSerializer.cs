using Akka.Actor;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Serialization;

/// <summary>What is in the columns `message` and `snapshot`, by what is in `identifier` (`serializer_id`) and `manifest`.</summary>
public sealed class JournalSerializer(ExtendedActorSystem system)
    : ProtobufSerializer(
        system,
        new Entry(JournalFormat.EventManifest, typeof(EventEnvelope), EventEnvelope.Parser),
        new Entry(JournalFormat.SnapshotManifest, typeof(SnapshotEnvelope), SnapshotEnvelope.Parser))
{
    public override int Identifier => JournalFormat.SerializerId;
}
