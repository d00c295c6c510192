using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests;

public sealed class EventTagsTests
{
    [Fact]
    public void An_event_is_tagged_with_its_actor_and_with_whom_it_names()
    {
        var left = new GroupEvent { ClientDeaffiliated = new GroupClientDeaffiliated { McpttId = "sip:bob@example.org", ClientId = "phone" } };
        var envelope = new EventEnvelope { Event = new DomainEvent { Group = left }, OnBehalfOf = "sip:alice@example.org" };

        var tags = EventTags.Of(ActorAddresses.Group("sip:brigade@example.org"), envelope);

        Assert.Equal(["group:sip:brigade@example.org", "user:sip:alice@example.org", "user:sip:bob@example.org"], tags);
    }

    [Fact]
    public void Call_and_floor_of_a_call_have_one_tag()
    {
        var envelope = new EventEnvelope { Event = new DomainEvent { Group = new GroupEvent { CallCleared = new GroupCallCleared { Call = "c1" } } } };

        Assert.Equal(["call:c1"], EventTags.Of(ActorAddresses.Call("c1"), envelope));
        Assert.Equal(["call:c1"], EventTags.Of(ActorAddresses.Floor("c1"), envelope));
        Assert.Equal(["group:sip:g@example.org", "call:c1"], EventTags.Of(ActorAddresses.Group("sip:g@example.org"), envelope));
    }

    [Fact]
    public void An_operator_is_no_user_and_an_identity_is_tagged_once()
    {
        var envelope = new EventEnvelope { Event = new DomainEvent(), OnBehalfOf = "operator" };
        Assert.Equal(["user:sip:alice@example.org"], EventTags.Of(ActorAddresses.Ue("sip:alice@example.org"), envelope));

        envelope.OnBehalfOf = "sip:alice@example.org";
        Assert.Equal(["user:sip:alice@example.org"], EventTags.Of(ActorAddresses.Ue("sip:alice@example.org"), envelope));
    }

    [Fact]
    public void Whoever_stands_in_a_message_of_the_event_is_tagged_too()
    {
        var joined = new FloorEvent { ParticipantAdded = new FloorParticipantAdded { Participant = new FloorParticipant { McpttId = "sip:bob@example.org", Leg = 2 } } };
        Assert.Equal(["call:c1", "user:sip:bob@example.org"], Of(ActorAddresses.Floor("c1"), new DomainEvent { Floor = joined }));

        var started = new CallInitiated { Rules = new CallRules { GroupId = "sip:g@example.org" }, Originator = Member("sip:alice@example.org") };
        started.Members.Add(Member("sip:not-invited-yet@example.org"));
        Assert.Equal(
            ["call:c1", "group:sip:g@example.org", "user:sip:alice@example.org"],
            Of(ActorAddresses.Call("c1"), new DomainEvent { Call = new CallEvent { Initiated = started } }));
    }

    [Fact]
    public void Each_of_those_who_are_invited_is_tagged_and_a_list_of_members_is_not()
    {
        var invited = new MembersInvited();
        invited.Invitations.Add(Enumerable.Range(0, 500).Select(i => new MemberInvitation { GroupId = "sip:g@example.org", Member = Member($"sip:user{i}@example.org") }));
        var tags = Of(ActorAddresses.Call("c1"), new DomainEvent { Call = new CallEvent { MembersInvited = invited } });
        Assert.Equal(502, tags.Count);
        Assert.Contains("user:sip:user499@example.org", tags);

        var document = new GroupDocument { GroupId = "sip:g@example.org" };
        document.Members.Add(new GroupMember { McpttId = "sip:alice@example.org" });
        var put = new GroupEvent { DocumentPut = new GroupDocumentPut { Document = document } };
        Assert.Equal(["group:sip:g@example.org"], Of(ActorAddresses.Group("sip:g@example.org"), new DomainEvent { Group = put }));
    }

    private static IReadOnlyList<string> Of(ActorAddress actor, DomainEvent happened) => EventTags.Of(actor, new EventEnvelope { Event = happened });

    private static CallMember Member(string mcpttId) => new() { Client = new ClientContact { McpttId = mcpttId } };
}
