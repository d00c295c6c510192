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
}
