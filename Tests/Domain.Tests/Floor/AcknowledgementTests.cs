using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Messages with the acknowledgement bit (TS 24.380 8.2.2.1, 6.3.4.4.2 1e).</summary>
public sealed class AcknowledgementTests
{
    private static FloorRun Group() => FloorRun.Of(2, rules => rules.Acknowledge = true);

    [Fact]
    [Clause("TS24.380 6.3.4.4.2")]
    public void Granted_in_an_ambient_listening_call_asks_for_a_floor_ack() =>
        FloorRun.Of(2, rules => rules.SessionType = SessionType.AmbientListening).Request(1).Says("talkers 1", "1: Granted 30 ack", "2: Taken u1")
            .Runs("T20/1").Ack(1, FloorMessageType.FloorGranted).Runs();

    [Fact]
    public void Granted_is_repeated_until_it_is_acknowledged() =>
        Group().Request(1).Says("talkers 1", "1: Granted 30 ack", "2: Taken u1 ack").Ack(2, FloorMessageType.FloorTaken)
            .After(1).Says("1: Granted 30 ack").Ack(1, FloorMessageType.FloorGranted).Runs();

    [Fact]
    public void Taken_without_floor_ack_is_told_again_up_to_C20() =>
        Group().Request(1).Ack(1, FloorMessageType.FloorGranted).After(1).Says("2: Taken u1 ack").After(1).Says("2: Taken u1 ack").After(5).SaysNothing().Runs();

    [Fact]
    public void What_is_told_again_is_how_things_are_then() =>
        Group().Request(1).After(0.5).Release(1).Says("talkers", "1,2: Idle ack").After(1).Says("1: Idle ack", "2: Idle ack");

    [Fact]
    public void A_floor_ack_ends_the_repeats() =>
        Group().Request(1).Release(1).Ack(1, FloorMessageType.FloorIdle).Ack(2, FloorMessageType.FloorIdle).Runs("T4").Ack(2, FloorMessageType.FloorIdle).WritesNothing();

    [Fact]
    [Clause("TS24.380 8.2.2.1")]
    public void Deny_queue_position_and_the_result_of_a_cancel_ask_too_and_are_not_waited_for()
    {
        var run = FloorRun.Of(3, rules => (rules.Acknowledge, rules.QueueDepth) = (true, 1), member => member.MayCancelQueued = member.Leg == 3);
        run.Request(1).Ack(1, FloorMessageType.FloorGranted).Ack(2, FloorMessageType.FloorTaken).Ack(3, FloorMessageType.FloorTaken);
        run.Request(2).Says("2: Queue 1 ack").Runs().Ack(2, FloorMessageType.FloorQueuePositionInfo).WritesNothing();
        run.Request(3).Says("3: Deny 7 ack").Runs();
        run.Do(new FloorCommand { QueuedRequests = new QueuedFloorRequestsReceived { Leg = 3, Users = { "sip:u2@example.org" } } })
            .Says("3: CancelResult 0 ack", "2: CancelNotification ack").Runs();
    }

    [Fact]
    public void Who_leaves_is_not_waited_for() =>
        Group().Request(1).Release(1).Leave(2).Ack(1, FloorMessageType.FloorIdle).Runs("T4");
}
