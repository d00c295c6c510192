using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>The general floor control operation (TS 24.380 6.3.4), row by row.</summary>
public sealed class GeneralMachineTests
{
    [Fact]
    [Clause("TS24.380 6.3.4.2.2")]
    public void A_call_with_an_accepted_implicit_request_starts_with_a_grant_to_its_originator() =>
        FloorRun.Opened().Join(1, @implicit: true).Says("talkers 1", "1: Granted 30").Is("taken", "1").Runs();

    [Fact]
    [Clause("TS24.380 6.3.4.2.2")]
    public void A_call_without_implicit_request_starts_idle() =>
        FloorRun.Opened().SaysNothing().Runs("T4").Join(1).Says("1: Idle").Is("idle").Runs("T4");

    [Fact]
    [Clause("TS24.380 6.3.4.3.2")]
    public void Entering_idle_with_an_empty_queue_tells_everybody_and_starts_T4() =>
        FloorRun.Of(3).Request(2).Release(2).Says("talkers", "1,2,3: Idle").Is("idle").Runs("T4");

    [Fact]
    [Clause("TS24.380 6.3.4.3.2")]
    public void Entering_idle_starts_T7_where_it_is_configured() =>
        FloorRun.Of(2, rules => rules.T7Ms = 5_000).Request(2).Release(2).Runs("T4", "T7");

    [Fact]
    [Clause("TS24.380 6.3.4.3.2")]
    public void Entering_idle_with_a_queue_grants_its_head_without_floor_idle() =>
        FloorRun.Of(3).Request(1).Request(2).Request(3).Release(1)
            .Says("talkers 2", "2: Granted 30", "1,3: Taken u2").Is("taken", "2", "3").Runs("T20/2");

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public void Request_of_the_only_participant_is_denied_with_cause_3() =>
        FloorRun.Of(1).Request(1).Says("1: Deny 3").Is("idle").Runs("T4");

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public void Request_of_a_receive_only_member_is_denied_with_cause_5() =>
        FloorRun.Of(2).Join(3, member => member.ReceiveOnly = true).Request(3).Says("3: Deny 5").Is("idle").Runs("T4");

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public void Request_while_idle_is_granted_and_stops_T4_and_T7() =>
        FloorRun.Of(3, rules => rules.T7Ms = 5_000).Request(2).Says("talkers 2", "2: Granted 30", "1,3: Taken u2").Is("taken", "2").Runs();

    [Fact]
    [Clause("TS24.380 6.3.4.3.4")]
    public void T7_repeats_floor_idle_until_C7_reaches_its_limit() =>
        FloorRun.Of(2, rules =>
        {
            rules.T7Ms = 5_000;
            rules.C7 = 3;
        }).Request(1).Release(1).After(5).Says("1,2: Idle").After(5).Says("1,2: Idle").Runs("T4").After(15).SaysNothing();

    [Fact]
    [Clause("TS24.380 6.3.4.3.5")]
    public void T4_tells_the_call_that_the_floor_is_inactive_and_starts_again() =>
        FloorRun.Of(2).After(29.9).SaysNothing().After(0.2).Says("call: FloorInactive").Runs("T4").After(30).Says("call: FloorInactive");

    [Fact]
    [Clause("TS24.379 6.3.8.1")]
    public void T4_does_not_run_in_a_chat_call() =>
        FloorRun.Of(2, rules => rules.SessionType = SessionType.Chat).Request(1).Release(1).Runs();

    [Fact]
    [Clause("TS24.380 6.3.4.4.2")]
    public void Entering_taken_grants_the_talker_and_tells_the_others() =>
        FloorRun.Of(4).Request(3).Says("talkers 3", "3: Granted 30", "1,2,4: Taken u3");

    [Fact]
    [Clause("TS24.380 6.3.4.4.3")]
    public void First_RTP_of_the_talker_starts_T2_not_the_grant() =>
        FloorRun.Of(2).Request(1).Runs().After(2).Speak(1).SaysNothing().Runs("T2/1").Speak(1).WritesNothing();

    [Fact]
    [Clause("TS24.380 6.3.4.4.3")]
    public void RTP_of_a_talker_from_the_queue_stops_T20() =>
        FloorRun.Of(2).Request(1).Request(2).Release(1).Runs("T20/2").Speak(2).Runs("T2/2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.8")]
    public void Request_of_the_talker_is_granted_again_with_what_is_left_of_T2() =>
        FloorRun.Of(2).Request(1).Speak(1).After(10.4).Request(1).Says("1: Granted 19").Is("taken", "1").Runs("T2/1");

    [Fact]
    [Clause("TS24.380 8.2.3.3")]
    public void Duration_is_never_zero() =>
        FloorRun.Of(2).Request(1).Speak(1).After(29.9).Request(1).Says("1: Granted 1");

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public void Release_by_the_talker_ends_the_burst() =>
        FloorRun.Of(2).Request(1).Speak(1).Release(1).Says("talkers", "1,2: Idle").Is("idle").Runs("T4");

    [Fact]
    [Clause("TS24.380 6.3.4.4.4")]
    public void End_of_RTP_media_ends_the_burst_without_revoke() =>
        FloorRun.Of(2).Request(1).Speak(1).Silence(1).Says("talkers", "1,2: Idle").Is("idle");

    [Fact]
    [Clause("TS24.380 6.3.4.4.4")]
    public void Silence_seen_before_the_grant_does_not_end_the_burst()
    {
        var run = FloorRun.Of(3).Request(2).Release(2).Request(1);
        var epoch = run.Effects[0].Media.SetTalkers.Epoch;
        run.Silence(1, epoch - 1).WritesNothing().Is("taken", "1").Silence(1, epoch).Is("idle");
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.5")]
    public void T2_revokes_with_cause_2_and_enters_pending_revoke() =>
        FloorRun.Of(2).Request(1).Speak(1).After(30).Says("1: Revoke 2").Is("pending-revoke", "1").Runs("T3/1", "T8/1");

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public void A_talker_who_leaves_the_call_frees_the_floor() =>
        FloorRun.Of(3).Request(1).Leave(1).Says("talkers", "2,3: Idle").Is("idle");

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public void A_talker_who_leaves_the_call_is_followed_by_the_queue() =>
        FloorRun.Of(3).Request(1).Request(3).Leave(1).Says("talkers 3", "3: Granted 30", "2: Taken u3");

    [Fact]
    [Clause("TS24.380 6.3.4.4.9")]
    public void T20_repeats_the_grant_of_a_queued_request_until_C20_reaches_its_limit() =>
        FloorRun.Of(2).Request(1).Request(2).Release(1)
            .After(1).Says("2: Granted 30").After(1).Says("2: Granted 30").Runs().After(20).SaysNothing().Is("taken", "2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.2")]
    public void T20_does_not_run_for_a_grant_at_once() => FloorRun.Of(2).Request(1).Runs().After(3).SaysNothing();

    [Fact]
    [Clause("TS24.380 11.1.3")]
    public void Floor_ack_of_the_granted_may_stop_T20() =>
        FloorRun.Of(2).Request(1).Request(2).Release(1).Ack(2, Mcptt.Protocol.Floor.FloorMessageType.FloorGranted).SaysNothing().Runs();

    [Fact]
    [Clause("TS24.380 6.3.4.5.2")]
    public void Pending_revoke_keeps_forwarding_the_talker() =>
        FloorRun.Of(2).Request(1).Speak(1).After(30).Says("1: Revoke 2").Speak(1).WritesNothing().Is("pending-revoke", "1");

    [Theory]
    [Clause("TS24.380 6.3.4.5")]
    [InlineData("release")]
    [InlineData("T1")]
    [InlineData("leave")]
    [InlineData("T3")]
    public void Pending_revoke_ends_and_serves_the_queue_by(string how)
    {
        var run = FloorRun.Of(3).Request(1).Speak(1).Request(3).After(30).Is("pending-revoke", "1", "3");
        _ = how switch
        {
            "release" => run.Release(1),
            "T1" => run.Silence(1),
            "leave" => run.Leave(1),
            _ => run.After(3),
        };
        run.Is("taken", "3");
        Assert.Contains("talkers 3", run.Said);
        Assert.Contains("3: Granted 30", run.Said);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.5.4")]
    public void T3_takes_the_floor_away() =>
        FloorRun.Of(2).Request(1).Speak(1).After(30).After(3).Says("1: Revoke 2", "1: Revoke 2", "talkers", "1,2: Idle").Is("idle");

    [Fact]
    [Clause("TS24.380 6.3.4.4.10")]
    public void The_last_talker_left_alone_is_revoked_with_cause_1() =>
        FloorRun.Of(2).Request(1).Speak(1).Leave(2).Says("1: Revoke 1").Is("pending-revoke", "1");

    [Fact]
    [Clause("TS24.380 6.3.4.7")]
    public void Call_release_stops_the_media_and_every_timer() =>
        FloorRun.Of(3, rules => rules.T7Ms = 5_000).Request(1).Speak(1).Request(2).Close().Says("talkers").Is("closed").Runs();

    [Fact]
    public void A_closed_floor_answers_clearly()
    {
        var run = FloorRun.Of(2).Close();
        run.Close().WritesNothing();
        run.Leave(1).WritesNothing();
        run.Request(1).Rejects(RejectionCode.CallReleased);
        run.Join(3).Rejects(RejectionCode.CallReleased);
        Assert.True(run.Run.Kind.IsFinished(run.State));
    }

    [Fact]
    public void A_floor_that_was_never_opened_answers_clearly()
    {
        var kind = new Mcptt.Domain.Floor.FloorKind();
        var request = new Command { Floor = new FloorCommand { Request = new RequestFloor { Leg = 1 } } };
        Assert.Equal(RejectionCode.CallUnknown, kind.Decide(kind.Initial("c"), request).Rejection?.Code);
        var timer = new Command { Timer = new TimerFired { Name = "T2/1", DueUs = 1 } };
        Assert.Empty(kind.Decide(kind.Initial("c"), timer).Events);
        Assert.Null(kind.Decide(kind.Initial("c"), timer).Rejection);
    }

    [Fact]
    public void A_floor_that_was_closed_before_it_was_opened_stays_closed()
    {
        var run = new Laws.ActorRun<Mcptt.Domain.Floor.FloorState>(new Mcptt.Domain.Floor.FloorKind(), FloorRun.CallId);
        run.Send(command => command.Floor = new FloorCommand { Close = new CloseFloor() });
        var (decision, _) = run.Send(command => command.Floor = new FloorCommand { Open = new OpenFloor() });
        Assert.Equal(RejectionCode.CallReleased, decision.Rejection?.Code);
    }

    [Fact]
    public void A_leg_that_is_not_in_the_call_is_refused() =>
        FloorRun.Of(2).Request(7).Rejects(RejectionCode.DialogUnknown).Speak(7).Rejects(RejectionCode.DialogUnknown).Leave(7).WritesNothing();

    [Fact]
    public void An_old_timer_changes_nothing()
    {
        var run = FloorRun.Of(2).Request(1).Speak(1);
        var old = Assert.Single(run.Run.Kind.Timers(run.State));
        run.After(0.5).Release(1).Request(1).Speak(1);
        var (decision, effects) = run.Run.Fire(old);
        Assert.Empty(decision.Events);
        Assert.Empty(effects);
        run.Is("taken", "1");
    }
}
