using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Where the media session of a call is: asked for, lost, moved, opened twice.</summary>
public sealed class CallMediaTests
{
    [Fact]
    [Clause("RFC3264 8.3.1")]
    public void Lost_session_is_opened_elsewhere_and_every_leg_told_by_reinvite_at_once()
    {
        var call = Lost(new CallRun().Running());
        var open = Assert.Single(call.Media);
        Assert.Equal(("", 0u, "m1"), (open.MediaNode, open.Open.RtpPort, Assert.Single(open.Open.Avoid)));

        call.MediaOpened(30000, "m2");

        Assert.Equal([1u, 2u, 3u], call.Puts.Select(put => put.Leg));
        Assert.All(call.Media, effect => Assert.Equal("m2", effect.MediaNode));
        Assert.Equal([1u, 2u, 3u], call.Refreshes.Select(refresh => refresh.Leg));
        Assert.All(call.Refreshes, refresh => Assert.Contains("m=audio 30000", refresh.SdpOffer, StringComparison.Ordinal));
        Assert.All(call.Refreshes, refresh => Assert.Matches(@"o=\S+ \d+ 2 ", refresh.SdpOffer));
        Assert.Equal(("m2", true, ""), (call.Floor.Single().Open.MediaNode, call.Floor.Single().Open.Moved, call.Floor.Single().Open.NextMediaNode));
        Assert.Empty(call.Answered(2, "bob", cseq: 2).Refreshes);
    }

    [Fact]
    public void Loss_of_a_node_or_run_that_has_not_the_session_means_nothing()
    {
        var call = new CallRun().Started().Send(Opened("m1", 20000, "run1"));
        Assert.Empty(Lost(call, "m2").Effects);
        Assert.Empty(Lost(call, "m1", "run0").Effects);
        Assert.NotNull(Assert.Single(Lost(call, "m1", "run1").Media).Open);
        Assert.Empty(Lost(call, "m1", "run1").Effects);
    }

    [Fact]
    public void Ports_that_another_run_of_the_node_opened_again_are_the_same_session()
    {
        var call = new CallRun().Running().Send(Opened("m1", 20000, "run2"));

        Assert.Single(call.Decision.Events);
        Assert.Empty(call.Effects);
        Assert.Empty(Lost(call, "m1", "run1").Effects);
        Assert.Empty(call.Send(Opened("m1", 20000, "run2")).Decision.Events);
    }

    [Fact]
    public void Node_that_came_back_without_the_ports_is_asked_for_others()
    {
        var call = new CallRun().Running().Send(Failed("m1"));

        Assert.Empty(Assert.Single(call.Media).Open.Avoid);
        Assert.Equal(3, call.MediaOpened(30000).Refreshes.Count());
    }

    [Fact]
    public void Nodes_that_cannot_take_it_are_asked_one_after_the_other_and_not_again()
    {
        var call = Lost(new CallRun().Running()).Send(Failed("m2"));
        Assert.Equal(["m1", "m2"], Assert.Single(call.Media).Open.Avoid);

        // It is the only one: the timer asks again.
        Assert.Empty(call.Send(Failed("m2")).Effects);
        Assert.Empty(call.Send(Failed("")).Effects);
        Assert.Equal(["m1", "m2"], Assert.Single(call.Advance(2).Media).Open.Avoid);
        Assert.Equal(3, call.MediaOpened(30000, "m2").Refreshes.Count());
    }

    [Fact]
    public void Call_that_no_media_node_carries_is_released_after_the_last_attempt()
    {
        var call = Lost(new CallRun().Running());

        Assert.Equal(9, call.Advance(19).Media.Count());
        Assert.Equal(3, call.Advance(1).Byes.Count());
        Assert.Contains("no media node", call.View.ToString() + call.Run.Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Call_that_begins_asks_three_nodes_and_is_then_refused()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob"));
        Assert.Equal(["m1"], Assert.Single(call.Send(Failed("m1")).Media).Open.Avoid);
        Assert.Equal(["m1", "m2"], Assert.Single(call.Send(Failed("m2")).Media).Open.Avoid);
        Assert.Equal(["m1", "m2", "m3"], Assert.Single(call.Send(Failed("m3")).Media).Open.Avoid);

        Assert.Equal(RejectionCode.NoResources, Assert.Single(call.Send(Failed("m4")).Refusals).Rejection.Code);
    }

    [Theory]
    [InlineData("m1")]
    [InlineData("")]
    public void Call_that_begins_is_refused_when_there_is_no_other_node(string again)
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob")).Send(Failed("m1"));

        Assert.Equal(RejectionCode.NoResources, Assert.Single(call.Send(Failed(again)).Refusals).Rejection.Code);
    }

    [Fact]
    public void Call_that_begins_finds_its_node_at_the_second_attempt()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob")).Send(Failed("m1")).MediaOpened(20000, "m2");

        Assert.Single(call.Answers);
        Assert.Single(call.Invites);
    }

    [Fact]
    [Clause("RFC3261 14.1")]
    public void Leg_whose_own_invite_is_not_acknowledged_yet_follows_after_its_ack()
    {
        var call = Lost(new CallRun().Started().Answered(2, "bob").Answered(3, "carol")).MediaOpened(30000, "m2");
        Assert.Equal([2u, 3u], call.Refreshes.Select(refresh => refresh.Leg));

        Assert.Equal(1u, Assert.Single(call.Acknowledged(1).Refreshes).Leg);
    }

    [Fact]
    [Clause("RFC3261 14.1")]
    public void Leg_that_is_being_refreshed_follows_after_its_answer_and_one_that_crosses_ours_a_little_later()
    {
        var call = new CallRun().Started().Acknowledged(1).Answered(2, "bob", sessionExpires: 600, refresher: "uac").Answered(3, "carol").Advance(300);
        Lost(call).MediaOpened(30000, "m2");
        Assert.Equal([1u, 3u], call.Refreshes.Select(refresh => refresh.Leg));

        Assert.Contains("m=audio 30000", Assert.Single(call.Answered(2, "bob", cseq: 2).Refreshes).SdpOffer, StringComparison.Ordinal);
        Assert.Empty(call.Failed(3, 491, inDialog: true).Refreshes);
        Assert.Equal(3u, Assert.Single(call.Advance(3).Refreshes).Leg);
    }

    [Fact]
    public void Legs_whose_edge_died_with_the_media_node_are_told_last()
    {
        var call = new CallRun().Started().Acknowledged(1);
        call.Send(new CallCommand
        {
            LegAnswered = new LegAnswered
            {
                Leg = 2,
                Remote = "<sip:bob@example.org>;tag=to-bob",
                ContactUri = "sip:bob@192.0.2.1",
                SdpAnswer = CallRun.Sdp("192.0.2.12"),
                Cseq = 1,
                Flow = new Flow { EdgeNode = "m1" },
            },
        });

        Assert.Equal([1u, 3u, 2u], Lost(call.Answered(3, "carol")).MediaOpened(30000, "m2").Refreshes.Select(refresh => refresh.Leg));
    }

    [Fact]
    public void Member_who_answers_an_offer_from_before_the_loss_is_told_where_the_voice_is_now()
    {
        var call = Lost(new CallRun().Started().Acknowledged(1).Answered(2, "bob")).MediaOpened(30000, "m2").Answered(3, "carol");

        Assert.Contains("m=audio 30000", Assert.Single(call.Refreshes).SdpOffer, StringComparison.Ordinal);
    }

    [Fact]
    public void Phone_that_refuses_to_follow_is_asked_again_and_leaves_at_the_third_refusal()
    {
        var call = Lost(new CallRun().Running()).MediaOpened(30000, "m2");
        for (var refusal = 1; refusal < 3; refusal++)
        {
            Assert.Empty(call.Failed(2, 488, inDialog: true).Byes);
            Assert.Equal(2u, Assert.Single(call.Advance(2).Refreshes).Leg);
        }

        Assert.Equal(("media not followed", 2u), call.Failed(2, 488, inDialog: true).Byes.Select(bye => (bye.Reason, bye.Leg)).Single());
        Assert.Equal(2u, Assert.Single(call.Media).RemoveLeg.Leg);
    }

    [Theory]
    [InlineData(408u, 1)]
    [InlineData(481u, 0)]
    [Clause("RFC3261 12.2.1.2")]
    public void Phone_that_is_not_there_any_more_is_released(uint status, int byes)
    {
        var call = Lost(new CallRun().Running()).MediaOpened(30000, "m2").Failed(2, status, inDialog: true);

        Assert.Equal(byes, call.Byes.Count());
        Assert.Equal(2u, Assert.Single(call.Media).RemoveLeg.Leg);
    }

    [Fact]
    public void Leg_whose_edge_tells_no_outcome_is_not_left_without_media_for_ever() =>
        Assert.Equal(3, Lost(new CallRun().Running()).MediaOpened(30000, "m2").Advance(40).Byes.Count());

    [Fact]
    public void Session_timers_go_on_as_they_were()
    {
        var call = new CallRun().Started().Acknowledged(1).Answered(2, "bob", sessionExpires: 600, refresher: "uac").Answered(3, "carol").Advance(100);
        Lost(call).MediaOpened(30000, "m2");
        Assert.Equal(600u, call.Refreshes.Single(refresh => refresh.Leg == 2).SessionExpiresS);
        call.Answered(1, "alice", cseq: 2).Answered(2, "bob", cseq: 2, sessionExpires: 600, refresher: "uac").Answered(3, "carol", cseq: 2);

        Assert.Empty(call.Advance(299).Refreshes);
        Assert.Equal(2u, Assert.Single(call.Advance(1).Refreshes).Leg);
    }

    [Fact]
    public void Recorded_call_says_which_time_no_recording_has()
    {
        var call = Lost(new CallRun().Running(rules => rules.Recorded = true)).Advance(1.5).MediaOpened(30000, "m2");

        var gap = call.Decision.Events[0].Call.RecordingGap.Missing;
        Assert.Equal((RecordingFault.NodeLost, "m1", 1_500_000), (gap.Fault, gap.MediaNode, gap.ToUs - gap.FromUs));
        Assert.True(call.AllEffects.Last(effect => effect.Media?.Open is not null).Media.Open.Recorded);
    }

    [Fact]
    public void Node_that_is_to_be_emptied_goes_on_until_every_leg_has_answered_from_the_new_one()
    {
        var call = Draining(new CallRun().Running());
        Assert.Equal("m1", Assert.Single(Assert.Single(call.Media).Open.Avoid));

        call.MediaOpened(30000, "m2");
        Assert.Equal([("m2", 1u), ("m2", 2u), ("m2", 3u)], call.Media.Select(effect => (effect.MediaNode, effect.PutLeg.Leg)));
        var floor = Assert.Single(call.Floor).Open;
        Assert.Equal(("m1", "m2", false), (floor.MediaNode, floor.NextMediaNode, floor.Moved));
        Assert.Equal([1u, 2u, 3u], call.Refreshes.Select(refresh => refresh.Leg));

        // Both have each leg, whatever comes meanwhile.
        Assert.Equal([("m2", 3u), ("m1", 3u)], call.Answered(3, "carol", cseq: 2).Media.Select(effect => (effect.MediaNode, effect.PutLeg.Leg)));
        Assert.Equal(["m2", "m1"], call.Bye(3, "carol").Media.Select(effect => effect.MediaNode));
        Assert.Equal(["m2", "m1"], call.Answered(1, "alice", cseq: 2).Media.Select(effect => effect.MediaNode));

        var closed = call.Answered(2, "bob", cseq: 2).Media.Single(effect => effect.Close is not null);
        Assert.Equal("m1", closed.MediaNode);
        floor = call.Floor.Single(command => command.Open is not null).Open;
        Assert.Equal(("m2", "", true), (floor.MediaNode, floor.NextMediaNode, floor.Moved));
        Assert.Equal("m2", Assert.Single(call.Bye(2, "bob").Media, effect => effect.Close is not null).MediaNode);
    }

    [Fact]
    public void Former_session_does_not_wait_for_a_phone_that_does_not_answer()
    {
        var call = Draining(new CallRun().Running()).MediaOpened(30000, "m2").Answered(2, "bob", cseq: 2);

        Assert.Empty(call.Advance(2.9).Media);
        Assert.Equal(("m1", true), call.Advance(0.1).Media.Select(effect => (effect.MediaNode, effect.Close is not null)).Single());
        Assert.Equal("m2", Assert.Single(call.Answered(3, "carol", cseq: 2).Media).MediaNode);
    }

    [Fact]
    public void Session_stays_where_it_is_when_no_other_node_takes_it()
    {
        var call = Draining(new CallRun().Running()).Send(Failed(""));
        Assert.Empty(call.Effects);

        Assert.NotNull(Assert.Single(Draining(call).Media).Open);
        Assert.Empty(call.Advance(5).Effects);
        Assert.Equal(RejectionCode.AlreadyExists, call.MediaOpened(30000, "m2").Decision.Rejection?.Code);
        Assert.Empty(Draining(new CallRun().Running(), "m2").Effects);
    }

    [Fact]
    public void Node_that_dies_while_its_sessions_move_is_lost_like_any_other()
    {
        var call = Draining(new CallRun().Running());
        Assert.Equal(["m1"], Assert.Single(Lost(call).Media).Open.Avoid);

        call.MediaOpened(30000, "m2");
        Assert.True(Assert.Single(call.Floor).Open.Moved);
        Assert.Equal(3, call.Refreshes.Count());
    }

    [Fact]
    public void Call_that_is_released_while_it_moves_closes_both_sessions() =>
        Assert.Equal(
            ["m2", "m1"],
            Draining(new CallRun().Running()).MediaOpened(30000, "m2").Send(new CallCommand { Release = new ReleaseCall() })
                .Media.Where(effect => effect.Close is not null).Select(effect => effect.MediaNode));

    [Fact]
    public void Recovery_of_a_call_that_seeks_a_node_asks_again()
    {
        Assert.NotNull(Assert.Single(Lost(new CallRun().Running()).Run.Recover()).Media.Open);
        var moving = Draining(new CallRun().Running()).Run.Recover().Select(effect => effect.Media).Where(media => media.Open is not null).ToList();
        Assert.Equal([("m1", 20000u, 0), ("", 0u, 1)], moving.Select(media => (media.MediaNode, media.Open.RtpPort, media.Open.Avoid.Count)));
    }

    [Fact]
    public void Session_that_was_opened_twice_stays_where_it_was_first_and_the_other_node_hears_it()
    {
        var call = new CallRun().Running().MediaOpened(30000, "m2");

        Assert.Equal(RejectionCode.AlreadyExists, call.Decision.Rejection?.Code);
        Assert.Empty(call.Effects);
        Assert.Equal("m1", call.View.MediaNode);
    }

    [Fact]
    public void Session_of_a_call_that_is_over_or_never_was_is_nobodys()
    {
        Assert.Equal(RejectionCode.CallUnknown, new CallRun().MediaOpened().Decision.Rejection?.Code);
        var over = new CallRun().Running().Send(new CallCommand { Release = new ReleaseCall() });
        Assert.Equal(RejectionCode.CallReleased, over.MediaOpened().Decision.Rejection?.Code);
        Assert.Equal(RejectionCode.CallReleased, Checked(over, "m1", 20000));
    }

    [Fact]
    public void Media_node_that_asks_learns_whether_the_session_is_still_there()
    {
        var call = new CallRun().Running();
        Assert.Null(Checked(call, "m1", 20000));
        Assert.Equal(RejectionCode.AlreadyExists, Checked(call, "m1", 20010));
        Assert.Equal(RejectionCode.AlreadyExists, Checked(call, "m2", 20000));
        Assert.Null(Checked(Lost(call), "m2", 20000));
        Assert.Null(Checked(new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")), "m2", 20000));
    }

    [Fact]
    public void Session_is_wanted_near_the_callers_edge() =>
        Assert.Equal("e1", new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")).Media.Single().Open.NearNode);

    private static RejectionCode? Checked(CallRun call, string node, uint port) =>
        call.Send(new CallCommand { CheckMedia = new CheckMediaSession { MediaNode = node, RtpPort = port } }).Decision.Rejection?.Code;

    private static CallRun Lost(CallRun call, string node = "m1", string run = "") =>
        call.Send(new CallCommand { MediaNodeLost = new MediaNodeLost { MediaNode = node, Run = run } });

    private static CallRun Draining(CallRun call, string node = "m1") =>
        call.Send(new CallCommand { MediaNodeDraining = new MediaNodeDraining { MediaNode = node } });

    private static CallCommand Opened(string node, uint port, string run) =>
        new() { MediaOpened = new MediaSessionOpened { MediaNode = node, Address = "198.51.100.1", RtpPort = port, FloorPort = port + 2, Run = run } };

    private static CallCommand Failed(string node) => new() { MediaFailed = new MediaSessionFailed { Detail = "full", MediaNode = node } };
}
