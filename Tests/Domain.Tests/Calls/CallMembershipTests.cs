using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Who comes into a running call, who leaves it, and when that ends it.</summary>
public sealed class CallMembershipTests
{
    [Fact]
    [Clause("TS24.379 10.1.1.4.2")]
    public void Join_of_a_running_call_is_200_with_warning_123_and_no_implicit_request()
    {
        var call = new CallRun().Running().Join("dave");

        var answer = Assert.Single(call.Answers);
        Assert.Equal((4u, 123u), (answer.Leg, answer.Warning));
        Assert.Empty(call.Invites);
        Assert.False(Assert.Single(call.Floor).AddParticipant.ImplicitRequest);
    }

    [Fact]
    public void Join_while_media_is_opened_is_answered_together_with_the_originator()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob")).Join("bob");
        Assert.Empty(call.Effects);

        Assert.Equal([(1u, 0u), (2u, 123u)], call.MediaOpened().Answers.Select(answer => (answer.Leg, answer.Warning)));
        Assert.Empty(call.Invites);
    }

    [Fact]
    public void Join_of_a_full_call_is_122() =>
        Assert.Equal(
            RejectionCode.TooManyParticipants,
            Assert.Single(new CallRun().Running(rules => rules.MaxParticipants = 3).Join("dave").Refusals).Rejection.Code);

    [Fact]
    public void Member_that_answers_after_the_last_place_was_taken_gets_bye()
    {
        var call = new CallRun().Started(rules => rules.MaxParticipants = 3).Acknowledged(1).Answered(2, "bob").Join("dave");
        Assert.Single(call.Answers);

        Assert.Equal(3u, Assert.Single(call.Answered(3, "carol").Byes).Leg);
    }

    [Fact]
    public void Join_without_the_codec_of_the_call_is_488() =>
        Assert.Equal(
            RejectionCode.NoCommonCodec,
            Assert.Single(new CallRun().Running().Join("dave", CallRun.Sdp(audio: "m=audio 4000 RTP/AVP 0\r\n")).Refusals).Rejection.Code);

    [Fact]
    public void Client_in_the_call_that_invites_again_replaces_its_leg()
    {
        var call = new CallRun().Running().Join("bob");

        Assert.Equal(2u, Assert.Single(call.Byes).Leg);
        Assert.Equal(4u, Assert.Single(call.Answers).Leg);
        Assert.Equal([1u, 3u, 4u], call.View.Legs.Select(leg => leg.Leg));
        Assert.Equal(2u, call.Media.Single(effect => effect.RemoveLeg is not null).RemoveLeg.Leg);
    }

    [Fact]
    public void Join_that_crosses_our_invite_cancels_it()
    {
        var call = new CallRun().Started().Acknowledged(1).Join("bob");

        Assert.Equal(2u, Assert.Single(call.Cancels).Leg);
        Assert.Equal(4u, Assert.Single(call.Answers).Leg);
    }

    [Fact]
    public void Join_of_a_call_that_ended_goes_back_to_the_group()
    {
        var call = new CallRun().Running().Send(new CallCommand { Release = new ReleaseCall() }).Join("dave");

        var route = Assert.Single(call.ToGroup).RouteGroupCall;
        Assert.Equal((CallRun.CallId, "sip:dave@example.org", 24), (route.BouncedCall, route.Invite.McpttId, route.NewCallId.Length));
        Assert.Empty(call.Sip);
    }

    [Fact]
    [Clause("TS24.379 10.1.1.4.6")]
    public void Client_that_affiliates_late_is_invited_once()
    {
        var call = new CallRun().Running().Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member("dave") } });

        Assert.Equal((4u, "sip:alice@example.org"), (Assert.Single(call.Invites).Leg, call.Invites.Single().CallingUserId));
        Assert.Empty(call.Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member("dave") } }).Effects);
    }

    [Fact]
    public void Late_entry_while_media_is_opened_waits_for_it()
    {
        var call = new CallRun()
            .Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob"))
            .Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member("dave") } });
        Assert.Empty(call.Effects);

        Assert.Equal(2, call.MediaOpened().Invites.Count());
    }

    [Fact]
    [Clause("TS24.379 10.1.1.4.4.3")]
    public void Client_that_deaffiliates_gets_bye()
    {
        var call = new CallRun().Running().Send(Remove("bob"));

        Assert.Equal((2u, 2u), (Assert.Single(call.Byes).Leg, call.Byes.Single().Dialog.LocalCseq));
        Assert.Equal(2u, Assert.Single(call.Floor).RemoveParticipant.Leg);
    }

    [Fact]
    public void Client_that_deaffiliates_while_it_rings_is_cancelled() => Assert.Equal(2u, Assert.Single(new CallRun().Started().Send(Remove("bob")).Cancels).Leg);

    [Fact]
    public void Participant_that_leaves_is_taken_out_of_media_and_floor_and_the_others_stay()
    {
        var call = new CallRun().Running().Bye(2, "bob");

        Assert.Empty(call.Byes);
        Assert.Equal(2u, call.Media.Single(effect => effect.RemoveLeg is not null).RemoveLeg.Leg);
        Assert.Equal("active", call.View.Phase);
    }

    [Fact]
    [Clause("TS24.379 6.3.8.1")]
    public void Call_ends_when_one_participant_is_left()
    {
        var call = new CallRun().Running().Bye(2, "bob").Bye(1, "alice");

        Assert.Equal(3u, Assert.Single(call.Byes).Leg);
        Assert.NotNull(call.Media.Last().Close);
        Assert.NotNull(Assert.Single(call.ToGroup).CallEnded);
        Assert.Contains(call.Floor, command => command.Close is not null);
        Assert.Empty(call.Run.Kind.Timers(call.Run.State));
    }

    [Fact]
    public void Call_waits_for_members_who_still_ring()
    {
        var call = new CallRun().Started().Acknowledged(1).Failed(2, 486);
        Assert.Empty(call.Effects);

        Assert.Equal(1u, Assert.Single(call.Failed(3, 480).Byes).Leg);
    }

    [Fact]
    public void Call_without_any_other_client_lasts_until_the_floor_is_inactive()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")).MediaOpened().Acknowledged(1);
        Assert.Equal("active", call.View.Phase);

        Assert.Single(call.Send(new CallCommand { FloorInactive = new FloorInactive() }).Byes);
    }

    [Fact]
    [Clause("TS24.379 6.3.8.1")]
    public void Hang_timer_and_longest_duration_end_the_call()
    {
        Assert.Equal(3, new CallRun().Running().Send(new CallCommand { FloorInactive = new FloorInactive() }).Byes.Count());
        Assert.Equal(3, new CallRun().Running(rules => rules.MaxDurationMs = 60_000).Advance(60).Byes.Count());
    }

    [Fact]
    public void Operator_ends_the_call_with_a_reason() =>
        Assert.All(new CallRun().Running().Send(new CallCommand { Release = new ReleaseCall { Reason = "drill over" } }).Byes, bye => Assert.Equal("drill over", bye.Reason));

    private static CallCommand Remove(string name) =>
        new() { RemoveClient = new RemoveClient { McpttId = $"sip:{name}@example.org", ClientId = name + "-1" } };
}
