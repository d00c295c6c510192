using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>The basic operation towards each participant (TS 24.380 6.3.5), row by row.</summary>
public sealed class ParticipantMachineTests
{
    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public void Who_joins_while_idle_is_told_floor_idle() => FloorRun.Of(2).Join(3).Says("3: Idle").Is("idle");

    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public void Who_joins_while_taken_is_told_floor_taken() => FloorRun.Of(2).Request(2).Join(3).Says("3: Taken u2").Is("taken", "2");

    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public void Who_joins_with_an_implicit_request_while_taken_is_queued() =>
        FloorRun.Of(2).Request(2).Join(3, @implicit: true).Says("3: Queue 1").Is("taken", "2", "3");

    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public void Who_joins_with_an_implicit_request_but_without_queueing_is_told_floor_taken() =>
        FloorRun.Of(2).Request(2).Join(3, member => member.Queueing = false, @implicit: true).Says("3: Taken u2").Is("taken", "2");

    [Fact]
    public void A_leg_that_is_added_again_unchanged_changes_nothing() => FloorRun.Of(2).Join(2).WritesNothing();

    [Fact]
    [Clause("TS24.380 6.3.5.3.3")]
    public void Request_of_another_than_the_originator_of_a_broadcast_is_denied_with_cause_5() =>
        FloorRun.Of(3, rules => rules.Broadcast = true).Request(2).Says("2: Deny 5").Request(1).Says("talkers 1", "1: Granted 30", "2,3: Taken u1 !");

    [Fact]
    [Clause("TS24.380 6.3.5.3.5")]
    public void Release_while_idle_is_answered_by_floor_idle() => FloorRun.Of(2).Release(2).Says("2: Idle");

    [Fact]
    [Clause("TS24.380 6.3.5.3.6")]
    public void RTP_while_idle_is_revoked_with_cause_3() => FloorRun.Of(2).Speak(2).Says("2: Revoke 3").Is("idle").Runs("T4", "T8/2");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Request_while_another_holds_the_floor_is_denied_without_queueing() =>
        FloorRun.Of(2).Join(3, member => member.Queueing = false).Request(1).Request(3).Says("3: Deny 1").Is("taken", "1");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Request_of_a_receive_only_member_while_taken_is_denied_with_cause_5() =>
        FloorRun.Of(2).Join(3, member => member.ReceiveOnly = true).Request(1).Says("talkers 1", "1: Granted 30", "2: Taken u1", "3: Taken u1 !")
            .Request(3).Says("3: Deny 5");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Request_in_a_broadcast_while_its_originator_talks_is_denied_with_cause_5() =>
        FloorRun.Of(2, rules => rules.Broadcast = true).Request(1).Request(2).Says("2: Deny 5");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Request_while_another_holds_the_floor_is_queued() =>
        FloorRun.Of(3).Request(1).Request(2).Says("2: Queue 1").Request(3).Says("3: Queue 2").Is("taken", "1", "2 3");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void A_repeated_request_keeps_its_place_and_is_told_it_again() =>
        FloorRun.Of(3).Request(1).Request(2).Request(3).Request(2).Says("2: Queue 1").Is("taken", "1", "2 3");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Request_into_a_full_queue_is_denied_with_cause_7() =>
        FloorRun.Of(4, rules => rules.QueueDepth = 2).Request(1).Request(2).Request(3).Request(4).Says("4: Deny 7").Is("taken", "1", "2 3");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Without_a_queue_in_the_group_a_request_is_denied_with_cause_1() =>
        FloorRun.Of(2, rules => rules.QueueDepth = 0).Request(1).Request(2).Says("2: Deny 1");

    [Fact]
    [Clause("TS24.380 6.3.5.4.5")]
    public void Release_of_a_queued_request_is_answered_by_floor_taken() =>
        FloorRun.Of(3).Request(1).Request(2).Release(2).Says("2: Taken u1").Is("taken", "1");

    [Fact]
    [Clause("TS24.380 6.3.5.4.5")]
    public void Release_of_who_never_asked_is_answered_by_floor_taken() => FloorRun.Of(3).Request(1).Release(3).Says("3: Taken u1").Is("taken", "1");

    [Fact]
    [Clause("TS24.380 6.3.5.4.6")]
    public void Queue_position_request_is_answered_with_the_position() =>
        FloorRun.Of(3).Request(1).Request(2).Request(3).AskPosition(3).Says("3: Queue 2");

    [Fact]
    [Clause("TS24.380 8.2.3.5")]
    public void Queue_position_of_who_is_not_queued_is_254() => FloorRun.Of(2).Request(1).AskPosition(2).Says("2: Queue 254");

    [Fact]
    [Clause("TS24.380 8.2.3.5")]
    public void Queue_position_above_253_is_not_disclosed()
    {
        var run = FloorRun.Of(257, rules => rules.QueueDepth = 300).Request(1);
        for (var leg = 2u; leg <= 255; leg++)
        {
            run.Request(leg);
        }

        run.AskPosition(254).Says("254: Queue 253").AskPosition(255).Says("255: Queue 255");
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.7")]
    public void RTP_while_another_talks_is_revoked_with_cause_3() =>
        FloorRun.Of(3).Request(1).Speak(3).Says("3: Revoke 3").Is("taken", "1").Speak(3).WritesNothing();

    [Fact]
    [Clause("TS24.380 6.3.5.5.3")]
    public void Release_of_the_talker_is_acknowledged_when_it_asks() =>
        FloorRun.Of(2).Request(1).Release(1, acknowledge: true).Says("1: Ack FloorRelease", "talkers", "1,2: Idle");

    [Fact]
    [Clause("TS24.380 6.3.5.6.3")]
    public void Release_while_being_revoked_is_acknowledged_when_it_asks() =>
        FloorRun.Of(2).Request(1).Speak(1).After(30).Release(1, acknowledge: true).Says("1: Ack FloorRelease", "talkers", "1,2: Idle");

    [Fact]
    [Clause("TS24.380 6.3.5.3.5")]
    public void Release_without_the_floor_is_acknowledged_when_it_asks() =>
        FloorRun.Of(2).Release(2, acknowledge: true).Says("2: Ack FloorRelease", "2: Idle");

    [Fact]
    [Clause("TS24.380 6.3.5.6.2")]
    public void T8_repeats_the_same_revoke_while_T3_runs() =>
        FloorRun.Of(2).Request(1).Speak(1).After(30).After(1).Says("1: Revoke 2").After(1).Says("1: Revoke 2").Runs("T3/1");

    [Fact]
    public void Request_while_being_revoked_has_no_procedure_and_changes_nothing() =>
        FloorRun.Of(2).Request(1).Speak(1).After(30).Request(1).WritesNothing().Is("pending-revoke", "1");

    [Fact]
    [Clause("TS24.380 6.3.5.7.3")]
    public void T8_repeats_the_revoke_to_who_sends_without_permission_up_to_a_bound()
    {
        var run = FloorRun.Of(2).Speak(2).After(20);
        Assert.Equal(9, run.Said.Count(said => said == "2: Revoke 3"));
        run.Runs("T4");
    }

    [Theory]
    [Clause("TS24.380 6.3.5.7")]
    [InlineData(false, "2: Idle")]
    [InlineData(true, "2: Taken u1")]
    public void Who_sent_without_permission_and_releases_is_told_how_things_are(bool taken, string said)
    {
        var run = FloorRun.Of(3);
        _ = taken ? run.Request(1) : run;
        run.Speak(2).Release(2).Says(said);
        run.Speak(2).Silence(2).Says(said);
        Assert.DoesNotContain(run.Run.Kind.Timers(run.State), timer => timer.Name == "T8/2");
    }

    [Fact]
    public void Who_sends_without_permission_and_then_asks_is_granted_and_its_burst_has_begun() =>
        FloorRun.Of(2).Speak(2).Request(2).Says("talkers 2", "2: Granted 30", "1: Taken u2").Runs("T2/2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.5")]
    public void Who_was_revoked_on_T2_is_denied_with_cause_4_while_the_retry_after_timer_runs() =>
        FloorRun.Of(2, rules => rules.RetryAfterMs = 10_000).Request(1).Speak(1).After(33).Is("idle")
            .Request(1).Says("1: Deny 4").After(10).Request(1).Says("talkers 1", "1: Granted 30", "2: Taken u1");

    [Fact]
    public void A_member_that_becomes_receive_only_loses_its_place_in_the_queue() =>
        FloorRun.Of(3).Request(1).Request(2).Request(3).Join(2, member => member.ReceiveOnly = true).SaysNothing().Is("taken", "1", "3");

    [Fact]
    public void Who_leaves_loses_its_place_in_the_queue_and_its_timers() =>
        FloorRun.Of(4).Request(1).Request(2).Speak(3).Leave(2).Leave(3).Is("taken", "1").Runs();

    [Fact]
    public void A_command_that_says_nothing_is_refused()
    {
        var run = FloorRun.Of(3).Do(new FloorCommand());
        run.Rejects(RejectionCode.InvalidRequest);
        run.Do(new FloorCommand { AddParticipant = new AddParticipant() }).Rejects(RejectionCode.InvalidRequest);
    }

    [Fact]
    [Clause("TS24.380 8.2.3.10")]
    public void Sequence_numbers_are_in_taken_and_idle_only_and_rise_by_one_per_use()
    {
        var run = FloorRun.Of(2);
        var first = Assert.Single(run.Messages).SequenceNumber;
        run.Request(1);
        Assert.Null(run.Messages.Single(message => message.Type == FloorMessageType.FloorGranted).SequenceNumber);
        Assert.Equal(first + 1, run.Messages.Single(message => message.Type == FloorMessageType.FloorTaken).SequenceNumber);
        run.Request(2);
        Assert.Null(Assert.Single(run.Messages).SequenceNumber);
        run.Release(2);
        Assert.Equal(first + 2, Assert.Single(run.Messages).SequenceNumber);
        run.Release(1);
        Assert.Equal(first + 3, Assert.Single(run.Messages).SequenceNumber);
    }
}
