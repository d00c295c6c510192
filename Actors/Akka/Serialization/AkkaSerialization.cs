using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Serialization;

/// <summary>
/// Which serializer Akka uses for what: part of what goes over the wire and of what is stored. A site that reads the journal with its own actor system, through
/// Akka.Persistence.Sql or Akka.Persistence.Query, adds <see cref="Hocon"/> to its configuration.
/// </summary>
public static class AkkaSerialization
{
    public static string Hocon { get; } =
        $$"""
        akka.actor {
          serializers {
            mcptt-node = "{{Name(typeof(NodeSerializer))}}"
            mcptt-journal = "{{Name(typeof(JournalSerializer))}}"
          }
          serialization-bindings {
            "{{Name(typeof(NodeRequest))}}" = mcptt-node
            "{{Name(typeof(NodeReply))}}" = mcptt-node
            "{{Name(typeof(Command))}}" = mcptt-node
            "{{Name(typeof(Reply))}}" = mcptt-node
            "{{Name(typeof(EventEnvelope))}}" = mcptt-journal
            "{{Name(typeof(SnapshotEnvelope))}}" = mcptt-journal
          }
        }
        """;

    private static string Name(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
