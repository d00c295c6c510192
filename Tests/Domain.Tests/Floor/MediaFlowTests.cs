using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Unicast Media Flow Control (subtype 11): a participant wants no voice, and wants it again.</summary>
[Clause("TS24.380 8.2.16")]
public sealed class MediaFlowTests
{
    [Fact]
    public void Who_wants_no_voice_is_sent_none_until_it_wants_it_again() =>
        FloorRun.Of(2).Flow(2, MediaFlowControl.Stop).Says("flow 2 stops").Flow(2, MediaFlowControl.Stop).WritesNothing()
            .Flow(2, MediaFlowControl.Resume).Says("flow 2 goes on").Flow(2, MediaFlowControl.Resume).WritesNothing();

    [Fact]
    public void It_is_acknowledged_when_it_asks_also_the_second_time() =>
        FloorRun.Of(2).Flow(2, MediaFlowControl.Stop, acknowledge: true).Says("flow 2 stops", "2: Ack UnicastMediaFlowControl")
            .Flow(2, MediaFlowControl.Stop, acknowledge: true).Says("flow 2 stops", "2: Ack UnicastMediaFlowControl");

    [Fact]
    public void Who_wants_no_voice_is_told_the_floor_all_the_same() =>
        FloorRun.Of(2).Flow(2, MediaFlowControl.Stop).Request(1).Says("talkers 1", "1: Granted 30", "2: Taken u1");

    [Fact]
    public void Spare_bits_are_ignored() =>
        FloorRun.Of(2).Flow(2, (MediaFlowControl)0x7FFF).Says("flow 2 stops").Flow(2, (MediaFlowControl)0x8001).Says("flow 2 goes on");

    [Fact]
    public void Before_release_17_the_message_is_ignored() =>
        FloorRun.Of(2, rules => rules.ReleaseNumber = 16).Flow(2, MediaFlowControl.Stop, acknowledge: true).WritesNothing();

    [Fact]
    public void After_a_crash_the_media_node_is_told_again() =>
        FloorRun.Of(2).Flow(2, MediaFlowControl.Stop).Crash().Says("talkers", "flow 2 stops", "1,2: Idle");

    [Fact]
    public void Another_media_node_is_told_too() =>
        FloorRun.Of(2).Flow(2, MediaFlowControl.Stop).Do(new FloorCommand { Open = new OpenFloor { MediaNode = "media-2", Rules = FloorRun.Rules() } })
            .Says("talkers", "flow 2 stops", "1,2: Idle");

    [Fact]
    public void Who_leaves_takes_its_wish_along() => FloorRun.Of(2).Flow(2, MediaFlowControl.Stop).Leave(2).Crash().Says("talkers", "1: Idle");
}
