using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

[Clause("TS24.379 10.1.1.4")]
public sealed class CallSetupTests
{
    [Fact]
    public void Call_asks_for_a_media_session_before_anything_else()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob"));

        Assert.NotNull(Assert.Single(call.Effects).Media.Open);
        Assert.Equal("opening", call.View.Phase);
    }

    [Fact]
    public void Originator_is_answered_at_once_and_every_member_invited()
    {
        var call = new CallRun().Started();

        var answer = Assert.Single(call.Answers);
        Assert.Equal((1u, 0u, $"c{CallRun.CallId}l1"), (answer.Leg, answer.Warning, answer.LocalTag));
        Assert.Contains("m=audio 20000 RTP/AVP 96", answer.SdpAnswer, StringComparison.Ordinal);
        Assert.Contains("mc_implicit_request", answer.SdpAnswer, StringComparison.Ordinal);
        Assert.Equal(["sip:bob@example.org", "sip:carol@example.org"], call.Invites.Select(invite => invite.Client.McpttId));
        Assert.All(call.Invites, invite => Assert.Equal(("sip:alice@example.org", $"{CallRun.CallId}.{invite.Leg}@mcptt", 1800u), (invite.CallingUserId, invite.SipCallId, invite.SessionExpiresS)));
        Assert.DoesNotContain(call.Invites, invite => invite.SdpOffer.Contains("mc_implicit_request", StringComparison.Ordinal));
    }

    [Fact]
    public void Floor_opens_before_the_originator_takes_part_with_what_was_negotiated()
    {
        var floor = new CallRun().Started(rules => rules.TalkLimitMs = 9000).Floor.ToList();

        Assert.Equal((9000u, "m1"), (floor[0].Open.Rules.T2Ms, floor[0].Open.MediaNode));
        var participant = floor[1].AddParticipant;
        Assert.True(participant.ImplicitRequest);
        Assert.True(participant.Participant is { Leg: 1, Originator: true, FloorChannel: true, Queueing: true, PriorityNegotiated: true, PriorityLimit: 5 });
    }

    [Fact]
    public void Member_that_answers_is_put_into_media_and_floor()
    {
        var call = new CallRun().Started().Answered(2, "bob");

        Assert.Equal((2u, "192.0.2.12:4000", "192.0.2.12:4002"), (Assert.Single(call.Puts).Leg, call.Puts.Single().RtpRemote, call.Puts.Single().FloorRemote));
        Assert.True(Assert.Single(call.Floor).AddParticipant is { ImplicitRequest: false, Participant: { Leg: 2, Originator: false } });
        Assert.Equal("in-session", call.View.Legs.Single(leg => leg.Leg == 2).Phase);
    }

    [Fact]
    public void Plain_phone_takes_part_without_a_floor_channel()
    {
        var call = new CallRun().Started().Answered(2, "bob", CallRun.Sdp(floor: false));

        Assert.Equal("", Assert.Single(call.Puts).FloorRemote);
        Assert.False(Assert.Single(call.Floor).AddParticipant.Participant.FloorChannel);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\no=x 1 1 IN IP4 a\r\nc=IN IP4 192.0.2.1\r\nm=audio 1 RTP/AVP 18\r\n")]
    public void No_common_codec_is_488_and_no_media_is_opened(string sdp)
    {
        var call = new CallRun().Initiate(CallRun.Rules(rules => rules.Codecs.Add("AMR-WB")), CallRun.Invite("alice", sdp), CallRun.Member("bob"));

        Assert.Equal(RejectionCode.NoCommonCodec, Assert.Single(call.Refusals).Rejection.Code);
        Assert.Empty(call.Media);
        Assert.Equal(CallRun.CallId, Assert.Single(call.ToGroup).CallEnded.Call);
        Assert.True(call.Run.Kind.IsFinished(call.Run.State));
    }

    [Fact]
    public void No_media_node_is_503_for_the_originator()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")).Send(new CallCommand { MediaFailed = new MediaSessionFailed { Detail = "no ports" } });

        Assert.Equal(RejectionCode.NoResources, Assert.Single(call.Refusals).Rejection.Code);
        Assert.NotNull(Assert.Single(call.ToGroup).CallEnded);
    }

    [Fact]
    public void Media_node_that_stays_silent_is_503_too() =>
        Assert.Equal(
            RejectionCode.NoResources,
            Assert.Single(new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")).Advance(5).Refusals).Rejection.Code);

    [Fact]
    public void Fan_out_leaves_a_place_for_the_originator_and_invites_required_members_first()
    {
        var call = new CallRun().Started(rules => rules.MaxParticipants = 3, CallRun.Member("bob"), CallRun.Member("carol"), CallRun.Member("dave", required: true));

        Assert.Equal(["sip:dave@example.org", "sip:bob@example.org"], call.Invites.Select(invite => invite.Client.McpttId));
    }

    [Fact]
    public void Client_that_answers_by_hand_is_invited_for_that()
    {
        var bob = CallRun.Member("bob");
        bob.Client.ManualAnswer = true;

        Assert.Equal([false, true], new CallRun().Started(null, bob, CallRun.Member("carol")).Invites.Select(invite => invite.Automatic));
    }

    [Fact]
    [Clause("RFC4028 9")]
    public void Session_interval_below_the_minimum_is_422_with_it()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice", change: invite => invite.SessionExpiresS = 60));

        Assert.Equal((RejectionCode.SessionIntervalTooSmall, 90u), (Assert.Single(call.Refusals).Rejection.Code, call.Refusals.Single().Rejection.MinimumS));
    }

    [Fact]
    [Clause("RFC3261 13.2.2.4")]
    public void Second_branch_of_a_forked_invite_is_ended()
    {
        var call = new CallRun().Running().Answered(2, "bob", tag: "other-phone");

        var bye = Assert.Single(call.Byes);
        Assert.Equal((2u, 2u, "<sip:bob@example.org>;tag=other-phone"), (bye.Leg, bye.Dialog.LocalCseq, bye.Dialog.Remote));
        Assert.Equal(3, call.View.Legs.Count);
    }

    [Fact]
    public void Answer_that_cannot_be_used_is_ended_with_bye_and_never_reaches_the_media()
    {
        var call = new CallRun().Started().Answered(2, "bob", CallRun.Sdp(audio: "m=audio 4000 RTP/AVP 0\r\n"));

        Assert.Single(call.Byes);
        Assert.Empty(call.Puts);
    }

    [Fact]
    public void Call_once_started_is_not_started_again() =>
        Assert.Empty(new CallRun().Running().Initiate(CallRun.Rules(), CallRun.Invite("eve"), CallRun.Member("bob")).Effects);

    [Fact]
    public void Unanswered_invite_is_cancelled_after_its_time()
    {
        var call = new CallRun().Started().Acknowledged(1).Answered(3, "carol").Advance(60);

        var cancel = Assert.Single(call.Cancels);
        Assert.Equal(2u, cancel.Leg);

        // The effect that sent the INVITE: CallInitiated, MediaPlaced, Established, InviteAccepted, MembersInvited.
        Assert.Equal($"call-{CallRun.CallId}/5/0", cancel.InviteEffectId);
        Assert.Equal(call.AllEffects.Select(effect => effect.Sip?.Invite).First(invite => invite is not null), cancel.Invite);
        Assert.Equal("active", call.View.Phase);
    }
}
