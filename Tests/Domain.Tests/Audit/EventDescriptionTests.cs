using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Audit;

public sealed class EventDescriptionTests
{
    private const string Call = "3f2a9c0d1e2b3a4c5d6e7f80";
    private const string Alice = "sip:alice@example.org";

    /// <summary>Every place of every oneof of events, by its kind.</summary>
    public static TheoryData<string> Kinds => [.. Places().Select(place => place.Kind)];

    public static TheoryData<string> Histories =>
        [.. from area in (string[])["ue", "group", "call", "floor"] from name in GoldenHistory.Names(area) select $"{area}/{name}"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_event_has_words(string kind)
    {
        var happened = Event(kind, Fill);

        var told = EventDescription.Of(Owner(happened), new EventEnvelope { Event = happened });

        Assert.True(told.IsKnown, $"{kind} has no sentence: give it one in Actors/Domain/Audit/<area>EventWords.cs");
        Assert.Equal(kind, told.Kind);
        Assert.Matches(@"^\S.+\.$", told.Sentence);
        Assert.DoesNotContain("  ", told.Sentence, StringComparison.Ordinal);
        Assert.Matches(@"^((TS|RFC) \d+(\.\d+)? [\d.]+a?)?$", told.Clause);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_event_that_lacks_what_it_should_have_is_told_all_the_same(string kind)
    {
        var happened = Event(kind, static message => message);
        var names = new CallNames();

        names.Take(happened);
        var told = EventDescription.Of(Owner(happened), new EventEnvelope { Event = happened }, names);

        Assert.Equal((kind, true), (told.Kind, told.IsKnown));
    }

    [Fact]
    public void Kinds_are_named_once_and_in_words_that_can_be_typed()
    {
        Assert.Equal(EventKinds.All.Distinct(), EventKinds.All);
        Assert.All(EventKinds.All, kind => Assert.Matches("^[a-z]+(-[a-z]+)*$", kind));
        Assert.Superset(
            new HashSet<string> { "registered", "group-provisioned", "call-started", "call-ended", "floor-granted", "floor-denied", "floor-talk-started" },
            EventKinds.All.ToHashSet());
    }

    [Fact]
    public void An_event_of_a_newer_program_is_said_to_be_one()
    {
        var newer = new EventEnvelope { Event = new DomainEvent { Floor = FloorEvent.Parser.ParseFrom((byte[])[0xFA, 0x3E, 0x00]) } };

        var told = EventDescription.Of($"floor-{Call}", newer);

        Assert.Equal((EventKinds.Unknown, false, Call), (told.Kind, told.IsKnown, told.Call));
    }

    [Fact]
    public void A_leg_is_named_by_the_events_of_its_call()
    {
        var names = new CallNames();
        names.Take(new DomainEvent
        {
            Call = new CallEvent
            {
                Initiated = new CallInitiated
                {
                    Rules = new CallRules { GroupId = "sip:brigade@example.org" },
                    Invite = new IncomingInvite { McpttId = Alice },
                    Originator = new CallMember { Client = new ClientContact { McpttId = Alice } },
                },
            },
        });
        var granted = new FloorEvent { Granted = new FloorGranted { Request = new AcceptedFloorRequest { Leg = 1, Priority = 5 }, DurationS = 30 } };

        var told = EventDescription.Of($"floor-{Call}", new EventEnvelope { Event = new DomainEvent { Floor = granted } }, names);

        Assert.Equal($"{Alice} has the floor: priority 5, for 30 s at most.", told.Sentence);
        Assert.Equal((Alice, "sip:brigade@example.org", Call, 1u, "TS 24.380 6.3.4.4.2"), (told.User, told.Group, told.Call, told.Leg, told.Clause));
    }

    [Fact]
    public void Who_was_denied_is_told_with_the_cause_in_words()
    {
        var denied = new FloorEvent { Denied = new FloorDenied { Leg = 3, Cause = 7 } };

        var told = EventDescription.Of($"floor-{Call}", new EventEnvelope { Event = new DomainEvent { Floor = denied } });

        Assert.Equal("leg 3 asked for the floor and was denied: the queue is full (Floor Deny cause 7).", told.Sentence);
        Assert.Equal("TS 24.380 8.2.6.2", told.Clause);
    }

    [Fact]
    public void Every_reason_of_a_refusal_has_words_and_those_of_the_standard_its_clause()
    {
        Assert.All(Enum.GetValues<RejectionCode>(), code => Assert.DoesNotContain("newer program", RejectionWords.Of(code), StringComparison.Ordinal));
        Assert.Equal("group is disabled (Warning 115)", RejectionWords.Of(RejectionCode.GroupDisabled));
        Assert.Equal("TS 24.379 4.4.2", RejectionWords.ClauseOf(RejectionCode.GroupDisabled));
        Assert.Equal("there is no such dialog: leg 9", RejectionWords.Of(new Rejection { Code = RejectionCode.DialogUnknown, Detail = "leg 9" }));
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void Stored_histories_are_told_without_gaps(string history)
    {
        var names = new CallNames();
        var place = history.Split('/');
        foreach (var happened in GoldenHistory.Events(place[0], place[1]))
        {
            names.Take(happened);
            var told = EventDescription.Of(Owner(happened), new EventEnvelope { Event = happened }, names);

            Assert.True(told.IsKnown);
            Assert.DoesNotContain(" :", told.Sentence, StringComparison.Ordinal);
            Assert.False(told.Sentence.StartsWith(' ') || told.Sentence.Contains("  ", StringComparison.Ordinal), told.Sentence);
        }
    }

    private static string Owner(DomainEvent happened) =>
        happened.BodyCase switch
        {
            DomainEvent.BodyOneofCase.Ue => "ue-" + Alice,
            DomainEvent.BodyOneofCase.Group => "group-sip:brigade@example.org",
            DomainEvent.BodyOneofCase.Call => "call-" + Call,
            DomainEvent.BodyOneofCase.Floor => "floor-" + Call,
            _ => happened.BodyCase.ToString().ToLowerInvariant() + "-1",
        };

    private static IEnumerable<(string Kind, FieldDescriptor Area, FieldDescriptor? Field)> Places() =>
        from area in DomainEvent.Descriptor.Oneofs[0].Fields
        from field in area.MessageType.Oneofs is [var oneof, ..] ? oneof.Fields.Cast<FieldDescriptor?>() : [null]
        select (EventKinds.Of(Make(area, field, static message => message)), area, field);

    private static DomainEvent Event(string kind, Func<IMessage, IMessage> fill)
    {
        var (_, area, field) = Places().Single(place => place.Kind == kind);
        return Make(area, field, fill);
    }

    private static DomainEvent Make(FieldDescriptor area, FieldDescriptor? field, Func<IMessage, IMessage> fill)
    {
        var happened = new DomainEvent();
        var body = New(area);
        if (field is null)
        {
            body = fill(body);
        }
        else
        {
            field.Accessor.SetValue(body, fill(New(field)));
        }

        area.Accessor.SetValue(happened, body);
        return happened;
    }

    private static IMessage New(FieldDescriptor field) => field.MessageType.Parser.ParseFrom(ByteString.Empty);

    private static IMessage Fill(IMessage message) => Fill(message, depth: 4);

    private static IMessage Fill(IMessage message, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => !field.IsMap && (field.FieldType != FieldType.Message || depth > 0)))
        {
            if (field.IsRepeated)
            {
                ((System.Collections.IList)field.Accessor.GetValue(message)).Add(Value(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        return message;
    }

    private static object Value(FieldDescriptor field, int depth) =>
        field.FieldType switch
        {
            FieldType.String => "x",
            FieldType.Bool => true,
            FieldType.Bytes => ByteString.CopyFrom(1),
            FieldType.UInt32 or FieldType.Fixed32 => 1u,
            FieldType.UInt64 => 1ul,
            FieldType.Int64 => 1L,
            FieldType.Int32 => 1,
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, 1),
            FieldType.Message => Fill(New(field), depth - 1),
            _ => throw new NotSupportedException($"a field of type {field.FieldType}"),
        };
}
