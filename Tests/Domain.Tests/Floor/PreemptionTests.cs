using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Effective priority, the order of the queue, and pre-emption (TS 24.380 6.3.4.4.7, 6.3.5.4.4).</summary>
public sealed class PreemptionTests
{
    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Priority_that_was_not_negotiated_is_ignored() =>
        FloorRun.Of(2).Join(3, member => member.PriorityNegotiated = false).Request(1).Request(3, priority: 200).Says("3: Queue 1").Is("taken", "1", "3");

    [Fact]
    [Clause("TS24.380 14.3.3")]
    public void Nobody_lifts_itself_above_the_negotiated_priority() =>
        FloorRun.Of(3).Request(1, priority: 10).Request(2, priority: 255).Says("2: Queue 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void The_queue_is_in_the_order_of_priority_then_arrival() =>
        FloorRun.Of(5, rules => rules.QueueDepth = 9).Request(1, 9).Request(2, 3).Request(3, 7).Request(4, 7).Request(5, 8).Is("taken", "1", "5 3 4 2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void A_strictly_higher_priority_preempts_through_pending_revoke() =>
        FloorRun.Of(3).Request(1).Speak(1).Request(3, priority: 8).Says("3: Queue 1", "1: Revoke 4").Is("pending-revoke", "1", "3").Runs("T3/1", "T8/1")
            .Release(1).Says("talkers 3", "3: Granted 30", "1,2: Taken u3").Is("taken", "3");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void An_equal_priority_never_preempts() => FloorRun.Of(3).Request(1, 8).Request(2, 8).Says("2: Queue 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void A_preemptor_goes_to_the_head_even_without_queueing_and_is_told_no_position() =>
        FloorRun.Of(2).Join(3, member => member.Queueing = false).Request(1).Request(2).Request(3, priority: 8)
            .Says("1: Revoke 4").Is("pending-revoke", "1", "3 2").After(3).Is("taken", "3", "2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void A_preemptor_that_waits_already_moves_to_the_head() =>
        FloorRun.Of(4).Request(1).Request(2).Request(3).Request(3, priority: 9).Says("3: Queue 1", "1: Revoke 4").Is("pending-revoke", "1", "3 2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void A_preemptor_has_its_place_even_when_the_queue_is_full() =>
        FloorRun.Of(4, rules => rules.QueueDepth = 1).Request(1).Request(2).Request(3, priority: 9).Is("pending-revoke", "1", "3 2");

    [Fact]
    [Clause("TS24.380 6.3.4.5")]
    public void A_second_preemptor_does_not_restart_T3_and_T8()
    {
        var run = FloorRun.Of(4).Request(1).Speak(1).Request(2, priority: 7);
        var before = run.Run.Kind.Timers(run.State).ToList();
        run.After(0.5).Request(3, priority: 9).Says("3: Queue 1").Is("pending-revoke", "1", "3 2");
        Assert.Equal(before, run.Run.Kind.Timers(run.State));
        run.Request(4, priority: 8).Says("4: Queue 3").Is("pending-revoke", "1", "3 2 4");
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void Emergency_preempts_normal_whatever_the_priorities_are() =>
        FloorRun.Of(3).Condition(emergency: true).Request(1, 10).Emergency(2, 1).Says("2: Queue 1", "1: Revoke 4").Is("pending-revoke", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void Normal_never_preempts_emergency() =>
        FloorRun.Of(3).Condition(emergency: true).Emergency(1, 1).Request(2, 10).Says("2: Queue 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void Emergency_preempts_imminent_peril() =>
        FloorRun.Of(3).Condition(emergency: true, peril: true).Request(1, 10, Mcptt.Protocol.Floor.FloorIndicator.ImminentPerilCall)
            .Emergency(2, 1).Says("2: Queue 1", "1: Revoke 4");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void Within_emergency_a_higher_priority_preempts_and_an_equal_one_does_not() =>
        FloorRun.Of(4).Condition(emergency: true).Emergency(1, 5).Emergency(2, 5).Says("2: Queue 1").Emergency(3, 6).Says("3: Queue 1", "1: Revoke 4");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void An_emergency_bit_counts_only_while_the_call_is_in_an_emergency() =>
        FloorRun.Of(3).Request(1, 5).Emergency(2, 5).Says("2: Queue 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void The_class_comes_before_the_priority_in_the_queue() =>
        FloorRun.Of(4).Condition(emergency: true).Emergency(1, 9).Request(2, 9).Emergency(3, 1).Is("taken", "1", "3 2");
}
