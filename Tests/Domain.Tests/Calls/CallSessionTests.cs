using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Session timers, and re-INVITEs of both sides; recovery.</summary>
public sealed class CallSessionTests
{
    [Fact]
    [Clause("RFC4028 9")]
    public void Caller_that_supports_timers_is_the_refresher()
    {
        var answer = Assert.Single(Called(invite => invite.SupportsTimer = true).Answers);

        Assert.Equal((1800u, "uac"), (answer.SessionExpiresS, answer.Refresher));
    }

    [Fact]
    [Clause("RFC4028 9")]
    public void Caller_that_wants_us_to_refresh_gets_that_and_its_interval()
    {
        var answer = Assert.Single(Called(invite => (invite.SupportsTimer, invite.SessionExpiresS, invite.Refresher, invite.MinSeS) = (true, 600, "uas", 300)).Answers);

        Assert.Equal((600u, "uas"), (answer.SessionExpiresS, answer.Refresher));
    }

    [Fact]
    public void Caller_without_timers_gets_none() => Assert.Equal(0u, Assert.Single(Called(_ => { }).Answers).SessionExpiresS);

    [Fact]
    [Clause("RFC4028 7.2")]
    public void We_refresh_at_half_the_interval_with_the_same_description()
    {
        var call = Refreshing().Advance(300);

        var refresh = Assert.Single(call.Refreshes);
        Assert.Equal((2u, 2u, 600u), (refresh.Leg, refresh.Dialog.LocalCseq, refresh.SessionExpiresS));
        Assert.Equal(call.AllEffects.Select(effect => effect.Sip?.Invite).First(invite => invite?.Leg == 2)!.SdpOffer, refresh.SdpOffer);
        call.Answered(2, "bob", cseq: 2, sessionExpires: 600, refresher: "uac");
        Assert.Equal(3u, Assert.Single(call.Advance(300).Refreshes).Dialog.LocalCseq);
    }

    [Fact]
    [Clause("RFC4028 10")]
    public void Session_that_nobody_refreshes_is_ended_with_bye_before_it_runs_out()
    {
        var call = new CallRun().Started().Acknowledged(1).Answered(2, "bob", sessionExpires: 600, refresher: "uas").Answered(3, "carol");

        Assert.Empty(call.Advance(567).Byes);
        Assert.Equal(2u, Assert.Single(call.Advance(1).Byes).Leg);
    }

    [Fact]
    [Clause("RFC3261 14.1")]
    public void Refresh_that_meets_theirs_is_sent_again_a_little_later()
    {
        var call = Refreshing().Advance(300).Failed(2, 491, inDialog: true);

        Assert.Equal(3u, Assert.Single(call.Advance(3).Refreshes).Dialog.LocalCseq);
    }

    [Fact]
    [Clause("RFC3261 14.2")]
    public void Offer_that_meets_ours_is_491()
    {
        var call = Refreshing().Advance(300).Reoffered(2, "bob", CallRun.Sdp());
        Assert.Equal(RejectionCode.RequestPending, call.Decision.Rejection?.Code);

        Assert.Null(call.Advance(41).Reoffered(2, "bob", CallRun.Sdp()).Decision.Rejection);
    }

    [Fact]
    public void Refresh_that_fails_is_tried_again_until_the_session_runs_out()
    {
        var call = Refreshing().Advance(300).Failed(2, 500, inDialog: true);

        Assert.Single(call.Advance(140).Refreshes);
        Assert.Equal(2u, Assert.Single(call.Failed(2, 500, inDialog: true).Advance(300).Byes).Leg);
    }

    [Fact]
    public void Update_without_sdp_refreshes_the_session_alone()
    {
        var call = new CallRun().Started().Acknowledged(1).Answered(2, "bob", sessionExpires: 600, refresher: "uas").Answered(3, "carol").Advance(500);
        call.Reoffered(2, "bob", "", change: update => (update.SupportsTimer, update.SessionExpiresS, update.Refresher) = (true, 600, "uac"));

        var session = call.Decision.Accepted.Session;
        Assert.Equal(("", 600u, "uac"), (session.SdpAnswer, session.SessionExpiresS, session.Refresher));
        Assert.Empty(call.Effects);
        Assert.Empty(call.Advance(500).Byes);
    }

    [Fact]
    public void Held_leg_hears_nothing_until_it_comes_back()
    {
        var call = new CallRun().Running().Reoffered(1, "alice", CallRun.Sdp(lines: "a=sendonly\r\n"));
        Assert.True(Assert.Single(call.Puts).SendOnly);
        Assert.Contains("a=recvonly", call.Decision.Accepted.Session.SdpAnswer, StringComparison.Ordinal);

        Assert.False(Assert.Single(call.Reoffered(1, "alice", CallRun.Sdp(), cseq: 3).Puts).SendOnly);
    }

    [Fact]
    public void New_address_goes_to_the_media_node_and_the_dialog()
    {
        var call = new CallRun().Running().Reoffered(1, "alice", CallRun.Sdp("192.0.2.99"), change: reoffer => reoffer.ContactUri = "sip:alice@192.0.2.99");

        Assert.Equal("192.0.2.99:4000", Assert.Single(call.Puts).RtpRemote);
        Assert.Equal("sip:alice@192.0.2.99", call.Bye(2, "bob").Bye(3, "carol").Byes.Single().Dialog.RemoteTarget);
    }

    [Fact]
    [Clause("TS24.380 14.3.1")]
    public void Offer_in_a_session_never_asks_implicitly() =>
        Assert.DoesNotContain("mc_implicit_request", new CallRun().Running().Reoffered(1, "alice", CallRun.Sdp()).Decision.Accepted.Session.SdpAnswer, StringComparison.Ordinal);

    [Fact]
    public void Offer_that_cannot_be_answered_leaves_the_session_as_it_was()
    {
        var call = new CallRun().Running().Reoffered(1, "alice", CallRun.Sdp(audio: "m=audio 4000 RTP/AVP 0\r\n"));

        Assert.Equal(RejectionCode.NoCommonCodec, call.Decision.Rejection?.Code);
        Assert.Null(call.Reoffered(1, "alice", CallRun.Sdp()).Decision.Rejection);
    }

    [Theory]
    [InlineData(1u, RejectionCode.CseqOutOfOrder)]
    [Clause("RFC3261 12.2.2")]
    public void Reoffer_out_of_order_is_refused(uint cseq, RejectionCode code) =>
        Assert.Equal(code, new CallRun().Running().Reoffered(1, "alice", CallRun.Sdp(), cseq).Decision.Rejection?.Code);

    [Fact]
    public void Reoffer_of_a_dialog_that_nobody_has_is_481() =>
        Assert.Equal(RejectionCode.DialogUnknown, new CallRun().Running().Reoffered(1, "eve", CallRun.Sdp()).Decision.Rejection?.Code);

    [Fact]
    [Clause("RFC3261 14.2")]
    public void Reinvite_without_sdp_gets_our_offer()
    {
        var offer = new CallRun().Running().Reoffered(1, "alice", "", change: reoffer => reoffer.WantsOffer = true).Decision.Accepted.Session.SdpOffer;

        Assert.Contains("m=audio 20000", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("mc_implicit_request", offer, StringComparison.Ordinal);
    }

    [Fact]
    public void Recovery_opens_the_same_ports_and_puts_every_leg_again()
    {
        var call = new CallRun().Running();

        var resumed = call.Run.Recover();

        Assert.Equal((20000u, 20002u, "m1"), (resumed[0].Media.Open.RtpPort, resumed[0].Media.Open.FloorPort, resumed[0].Media.MediaNode));
        Assert.Equal([1u, 2u, 3u], resumed.Skip(1).Select(effect => effect.Media.PutLeg.Leg));
        Assert.Empty(call.MediaOpened().Effects);
    }

    [Fact]
    public void Floor_is_told_to_say_everything_again_when_its_words_came_before_the_session()
    {
        var call = new CallRun().Running();
        call.Run.Recover();
        call.Send(new CallCommand
        {
            MediaOpened = new MediaSessionOpened { MediaNode = "m1", Address = "198.51.100.1", RtpPort = 20000, FloorPort = 20002, Missed = true },
        });

        Assert.Equal([1u, 2u, 3u], call.Puts.Select(put => put.Leg));
        Assert.True(Assert.Single(call.Floor).Open.Moved);
        Assert.Empty(call.Refreshes);
    }

    [Fact]
    public void Call_that_was_opening_asks_for_media_again_after_recovery() =>
        Assert.NotNull(Assert.Single(new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")).Run.Recover()).Media.Open);

    private static CallRun Called(Action<IncomingInvite> change) =>
        new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice", change: change), CallRun.Member("bob")).MediaOpened();

    private static CallRun Refreshing() =>
        new CallRun().Started().Acknowledged(1).Answered(2, "bob", sessionExpires: 600, refresher: "uac").Answered(3, "carol");
}
