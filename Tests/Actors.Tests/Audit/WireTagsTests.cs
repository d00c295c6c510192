using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

public sealed class WireTagsTests
{
    private const int Rounds = 40;
    private const int Depth = 5;

    private static readonly ActorAddress[] Actors =
        [ActorAddresses.Ue("sip:zoë@example.org"), ActorAddresses.Group("sip:g@example.org"), ActorAddresses.Call("00ff"), ActorAddresses.Floor("00ff")];

    [Fact]
    public void Tags_read_from_octets_are_those_of_the_message_for_every_kind_of_event()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var wire = new WireTags();
        foreach (var area in DomainEvent.Descriptor.Oneofs[0].Fields)
        {
            IEnumerable<FieldDescriptor?> kinds = area.MessageType.Oneofs is [var oneof, ..] ? oneof.Fields : [null];
            foreach (var kind in kinds)
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var envelope = new EventEnvelope { Event = Event(area, kind, random), OnBehalfOf = Word(random), CommandId = Word(random), Count = 1 };
                    var actor = Actors[random.Next(Actors.Length)];
                    wire.Read(actor.PersistenceId(), envelope.ToByteArray());
                    Assert.True(
                        EventTags.Of(actor, envelope).Order(StringComparer.Ordinal).SequenceEqual(Tags(wire).Order(StringComparer.Ordinal)),
                        $"seed {seed}: {actor.PersistenceId()} {envelope}\nmessage: {string.Join(' ', EventTags.Of(actor, envelope))}\noctets: {string.Join(' ', Tags(wire))}");
                }
            }
        }
    }

    [Fact]
    public void What_is_of_no_actor_has_no_tags_and_spoilt_octets_end_without_harm()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var wire = new WireTags();
        wire.Read(SealLimits.PersistenceId, new EventEnvelope { OnBehalfOf = "sip:a@b" }.ToByteArray());
        Assert.Empty(Tags(wire));

        for (var round = 0; round < 20_000; round++)
        {
            var octets = new byte[random.Next(60)];
            random.NextBytes(octets);
            wire.Read("ue-x", octets);
            EnvelopeLink.TryRead(octets, out _);
        }
    }

    private static IEnumerable<string> Tags(WireTags wire) => Enumerable.Range(0, wire.Count).Select(i => Encoding.UTF8.GetString(wire[i])).ToList();

    private static DomainEvent Event(FieldDescriptor area, FieldDescriptor? kind, Random random)
    {
        var happened = new DomainEvent { TimeUs = 5 };
        var body = area.MessageType.Parser.ParseFrom(ByteString.Empty);
        if (kind is null)
        {
            Fill(body, random, Depth);
        }
        else
        {
            kind.Accessor.SetValue(body, Filled(kind.MessageType, random, Depth));
        }

        area.Accessor.SetValue(happened, body);
        return happened;
    }

    private static IMessage Filled(MessageDescriptor descriptor, Random random, int depth)
    {
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        Fill(message, random, depth);
        return message;
    }

    // Whatever names somebody, and every message in which something could.
    private static void Fill(IMessage message, Random random, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => !field.IsMap && random.Next(4) > 0))
        {
            if (field.FieldType == FieldType.String && !field.IsRepeated)
            {
                field.Accessor.SetValue(message, Word(random));
            }
            else if (field.FieldType == FieldType.Message && depth > 0 && field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                for (var i = random.Next(3); i > 0; i--)
                {
                    list.Add(Filled(field.MessageType, random, depth - 1));
                }
            }
            else if (field.FieldType == FieldType.Message && depth > 0)
            {
                field.Accessor.SetValue(message, Filled(field.MessageType, random, depth - 1));
            }
        }
    }

    private static string Word(Random random) => random.Next(4) switch { 0 => "", 1 => "operator", 2 => $"sip:ü{random.Next(6)}@example.org", _ => $"sip:{random.Next(6)}@example.org" };
}
