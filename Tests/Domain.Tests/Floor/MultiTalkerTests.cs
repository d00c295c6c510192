using Google.Protobuf;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Multi-talker groups (TS 24.380 6.3.4.4.6, 6.3.4.4.7a, facts 2.7).</summary>
public sealed class MultiTalkerTests
{
    private static FloorRun Group(uint most = 2, uint members = 4) =>
        FloorRun.Of(members, rules => rules.MaxTalkers = most, member => member.MultiTalkerAllowed = member.Leg != 4);

    [Fact]
    [Clause("TS24.380 6.3.4.4.7a")]
    public void Below_the_maximum_a_talker_is_added_without_revoking_anybody() =>
        Group().Request(1).Says("talkers 1", "1: Granted 30", "2,3,4: Taken u1 I")
            .Request(2).Says("talkers 1 2", "2: Granted 30", "1,3,4: Taken u1 u2 I").Is("taken", "1 2");

    [Fact]
    [Clause("TS24.380 8.2.7")]
    public void Taken_lists_users_SSRCs_aliases_and_locations_in_equal_order()
    {
        var here = FloorLocation.Coordinates(1, 2);
        var run = Group().Request(1).Request(2, change: request =>
        {
            request.FunctionalAlias = "sip:driver@example.org";
            request.Location = ByteString.CopyFrom(here.Value);
        });
        var taken = run.Messages.Single(message => message.Type == FloorMessageType.FloorTaken);
        Assert.Equal(["sip:u1@example.org", "sip:u2@example.org"], taken.GrantedUsers!);
        Assert.Equal([1001u, 1002u], taken.Ssrcs!);
        Assert.Equal(["", "sip:driver@example.org"], taken.FunctionalAliases!);
        Assert.Equal([FloorLocation.NotProvided, here], taken.Locations!);
        Assert.Null(taken.GrantedPartyIdentity);
        Assert.Null(taken.GrantedSsrc);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7a")]
    public void A_member_who_may_not_add_itself_waits() => Group().Request(1).Request(4).Says("4: Queue 1").Is("taken", "1", "4");

    [Fact]
    public void Who_may_not_add_itself_is_not_overtaken_while_it_waits() =>
        Group(3).Request(1).Request(4).Request(2).Says("2: Queue 2").Release(1).Is("taken", "4 2");

    [Theory]
    [Clause("TS24.380 6.3.4.4.7a")]
    [InlineData("waited too long")]
    [InlineData("released")]
    [InlineData("left")]
    [InlineData("may not talk any more")]
    [InlineData("cancelled")]
    public void When_the_head_of_the_queue_goes_the_next_one_takes_the_free_place(string how)
    {
        var run = FloorRun.Of(
            4,
            rules => (rules.MaxTalkers, rules.MaxQueueTimeMs) = (3, 9_000),
            member => (member.MultiTalkerAllowed, member.MayCancelQueued) = (member.Leg != 4, true));
        run.Request(1).Request(4).After(1).Request(2).Is("taken", "1", "4 2");
        _ = how switch
        {
            "waited too long" => run.After(8),
            "released" => run.Release(4),
            "left" => run.Leave(4),
            "may not talk any more" => run.Join(4, member => (member.ReceiveOnly, member.MayCancelQueued) = (true, true)),
            _ => run.Do(new FloorCommand { QueuedRequests = new QueuedFloorRequestsReceived { Leg = 1, Users = { "sip:u4@example.org" } } }),
        };
        run.Is("taken", "1 2");
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7a")]
    public void At_the_maximum_a_preemptive_request_revokes_the_talker_of_lowest_priority() =>
        Group().Request(1, 6).Request(2, 4).Request(3, 5).Says("3: Queue 1", "2: Revoke 4")
            .Release(2).Says("talkers 1", "1,3,4: ReleaseMultiTalker u2", "2: Taken u1 I", "talkers 1 3", "3: Granted 30", "1,2,4: Taken u1 u3 I");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7a")]
    public void At_the_maximum_a_request_that_does_not_preempt_waits_for_a_place() =>
        Group().Request(1).Request(2).Request(3).Says("3: Queue 1").Silence(1).Is("taken", "2 3");

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public void A_talker_who_ends_is_announced_to_the_rest_and_told_who_talks_on() =>
        Group().Request(1).Request(2).Release(1).Says("talkers 2", "2,3,4: ReleaseMultiTalker u1", "1: Taken u2 I").Is("taken", "2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public void The_last_talker_who_ends_is_announced_and_the_floor_is_idle() =>
        Group().Request(1).Release(1).Says("2,3,4: ReleaseMultiTalker u1", "talkers", "1,2,3,4: Idle").Is("idle");

    [Fact]
    public void Release_multi_talker_says_whose_stream_ended()
    {
        var released = Group().Request(1).Request(2).Release(2).Messages.First(message => message.Type == FloorMessageType.FloorReleaseMultiTalker);
        Assert.Equal("sip:u2@example.org", released.UserId);
        Assert.Equal(1002u, released.GrantedSsrc);
        Assert.True(released.Indicator!.Value.HasFlag(FloorIndicator.MultiTalker));
    }

    [Fact]
    public void A_talker_who_leaves_the_call_is_announced_to_the_rest() =>
        Group().Request(1).Request(2).Leave(1).Says("talkers 2", "2,3,4: ReleaseMultiTalker u1").Is("taken", "2");

    [Fact]
    public void T2_revokes_one_talker_and_the_other_talks_on() =>
        Group().Request(1).Speak(1).After(10).Request(2).Speak(2).After(20).Says("1: Revoke 2").Is("taken", "1 2").After(3).Is("taken", "2");
}
