using Mcptt.Protocol.Floor;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Tests.Floor;

/// <summary>Rows of TS 24.380 6.2.4 on the wire: what a client sends, and what it makes of what it is told.</summary>
public sealed class ParticipantWireTests : ScriptedFloorServer
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    // Several periods, to see that nothing more comes.
    private static readonly TimeSpan Watch = Short * 4;

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public async Task A_Floor_Request_is_sent_C101_times_T101_apart_and_then_given_up()
    {
        await ReopenAsync(new Misbehaviour(), new ParticipantOptions { T101 = Short });
        Connect();
        Press();
        await ReceiveAsync(FloorMessageType.FloorRequest, FloorMessageType.FloorRequest, FloorMessageType.FloorRequest);
        await ExpectAsync("unanswered");
        await NothingMoreAsync();
    }

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public async Task A_Floor_Release_is_sent_C100_times_T100_apart_and_then_given_up()
    {
        await ReopenAsync(new Misbehaviour(), new ParticipantOptions { T100 = Short });
        Connect();
        await TalkAsync();
        LetGo();
        await ReceiveAsync(FloorMessageType.FloorRelease, FloorMessageType.FloorRelease, FloorMessageType.FloorRelease);
        await ExpectAsync("unanswered");
        await NothingMoreAsync();
    }

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public async Task A_Floor_Queue_Position_Request_is_sent_C104_times_T104_apart_and_the_place_is_kept()
    {
        await ReopenAsync(new Misbehaviour(), new ParticipantOptions { T104 = Short });
        Connect();
        await QueueAsync();
        Channel.Apply(new ParticipantInput.AskQueuePosition());
        await ReceiveAsync(
            FloorMessageType.FloorQueuePositionRequest, FloorMessageType.FloorQueuePositionRequest, FloorMessageType.FloorQueuePositionRequest);
        await ExpectAsync("unanswered");
        Send(FloorMessageType.FloorGranted);
        await ExpectAsync("granted");
        Assert.True(MediaOn);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.3")]
    public async Task T103_runs_from_Floor_Taken_and_is_stopped_by_Floor_Idle()
    {
        await ReopenAsync(new Misbehaviour(), new ParticipantOptions { T103 = Short });
        Connect();
        Send(Taken());
        await ExpectAsync("taken");
        await ExpectAsync("talker-silent");
        Send(Taken());
        Send(FloorMessageType.FloorIdle);
        await ExpectAsync("idle");
        await Task.Delay(Watch);
        Assert.Equal(1, Events.Since(0).Count(happened => happened.Word == "talker-silent"));
    }

    [Fact]
    [Clause("TS24.380 6.2.4.3")]
    public async Task Floor_Taken_names_the_talker_and_without_its_permission_nothing_is_requested()
    {
        Connect();
        Send(Taken() with { PermissionToRequestTheFloor = false });
        Assert.True((await ExpectAsync("taken")).Has("by", "sip:bob@example.org"));
        Press();
        await ExpectAsync("not-permitted");
        Send(FloorMessageType.FloorIdle);
        await ExpectAsync("idle");
        Press();
        await ReceiveAsync(FloorMessageType.FloorRequest);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public async Task Floor_Deny_ends_a_request()
    {
        Connect();
        Press();
        await ReceiveAsync(FloorMessageType.FloorRequest);
        Send(FloorMessage.Deny(ServerSsrc, FloorDenyCause.QueueFull));
        Assert.True((await ExpectAsync("denied")).Has("cause", "7"));
        await NothingMoreAsync();
    }

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public async Task Who_lets_go_before_the_answer_releases()
    {
        Connect();
        Press();
        LetGo();
        await ReceiveAsync(FloorMessageType.FloorRequest, FloorMessageType.FloorRelease);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public async Task Floor_Revoke_of_a_pending_request_is_answered_by_Floor_Release()
    {
        Connect();
        Press();
        await ReceiveAsync(FloorMessageType.FloorRequest);
        Send(FloorMessage.Revoke(ServerSsrc, FloorRevokeCause.NoPermissionToSend));
        await ReceiveAsync(FloorMessageType.FloorRelease);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public async Task Floor_Revoke_stops_the_voice_and_is_answered_by_Floor_Release()
    {
        Connect();
        await TalkAsync();
        Send(FloorMessage.Revoke(ServerSsrc, FloorRevokeCause.MediaBurstTooLong));
        await ReceiveAsync(FloorMessageType.FloorRelease);
        Assert.False(MediaOn);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public async Task Floor_Taken_without_bit_G_takes_the_floor_away_and_with_it_the_talker_goes_on()
    {
        Connect();
        await TalkAsync();
        Send(Taken() with { Indicator = FloorIndicator.DualFloor });
        await ExpectAsync("taken");
        Assert.True(MediaOn);
        Send(Taken());
        await ExpectAsync("lost");
        Assert.False(MediaOn);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.6.4")]
    public async Task Floor_Idle_after_its_burst_makes_the_originator_of_a_broadcast_leave()
    {
        await ReopenAsync(new Misbehaviour(), new ParticipantOptions { BroadcastOriginator = true });
        Connect();
        await TalkAsync();
        LetGo();
        await ReceiveAsync(FloorMessageType.FloorRelease);
        Send(FloorMessageType.FloorIdle);
        await ExpectAsync("released");
        Assert.True(LeftCall);
    }

    [Theory]
    [InlineData(FloorMessageType.FloorDeny, "denied")]
    [InlineData(FloorMessageType.FloorIdle, "idle")]
    [InlineData(FloorMessageType.FloorRevoke, "revoked")]
    [Clause("TS24.380 6.2.4.9")]
    public async Task Floor_Deny_Floor_Idle_and_Floor_Revoke_end_the_wait_in_the_queue(FloorMessageType type, string word)
    {
        Connect();
        await QueueAsync();
        Send(new FloorMessage(type, ServerSsrc) { RejectCause = type == FloorMessageType.FloorIdle ? null : (ushort)255 });
        await ExpectAsync(word);
        Send(FloorMessageType.FloorGranted);
        Press();
        await ReceiveAsync(type == FloorMessageType.FloorRevoke ? FloorMessageType.FloorRelease : FloorMessageType.FloorRequest);
    }

    [Fact]
    [Clause("TS24.380 8.2.3.14")]
    public async Task Every_message_with_the_ack_bit_is_acknowledged_by_its_subtype_without_the_bit()
    {
        Connect();
        FloorMessageType[] types =
        [
            FloorMessageType.FloorTaken, FloorMessageType.FloorIdle, FloorMessageType.FloorDeny, FloorMessageType.FloorQueuePositionInfo, FloorMessageType.FloorGranted,
        ];
        foreach (var type in types)
        {
            Send(new FloorMessage(type, ServerSsrc) { AcknowledgementRequired = true });
            var ack = await ReceiveAsync();
            Assert.Equal((FloorMessageType.FloorAck, FloorSource.Participant, type), (ack.Type, ack.Source, ack.AcknowledgedType));
        }
    }

    [Fact]
    [Clause("TS24.380 8.2.3.10")]
    public async Task A_sequence_number_that_goes_back_is_no_reason_to_drop_a_message()
    {
        Connect();
        Send(Taken() with { SequenceNumber = 9 });
        await ExpectAsync("taken");
        Send(new FloorMessage(FloorMessageType.FloorIdle, ServerSsrc) { SequenceNumber = 2 });
        await ExpectAsync("idle");
        Send(Taken() with { SequenceNumber = 1 });
        await ExpectAsync("taken");
    }

    private static FloorMessage Taken() => new(FloorMessageType.FloorTaken, ServerSsrc) { GrantedPartyIdentity = "sip:bob@example.org", PermissionToRequestTheFloor = true };

    private void Press() => Channel.Apply(new ParticipantInput.Press(default));

    private void LetGo() => Channel.Apply(new ParticipantInput.Release());

    private async Task TalkAsync()
    {
        Press();
        await ReceiveAsync(FloorMessageType.FloorRequest);
        Send(FloorMessageType.FloorGranted);
        await ExpectAsync("granted");
        Assert.True(MediaOn);
    }

    private async Task QueueAsync()
    {
        Press();
        await ReceiveAsync(FloorMessageType.FloorRequest);
        Send(new FloorMessage(FloorMessageType.FloorQueuePositionInfo, ServerSsrc) { QueueInfo = new QueueInfo(1, 0) });
        await ExpectAsync("queued");
    }

    // A Floor Idle with the ack bit: its Ack is the next that comes unless something else was sent meanwhile.
    private async Task NothingMoreAsync()
    {
        await Task.Delay(Watch);
        Send(new FloorMessage(FloorMessageType.FloorIdle, ServerSsrc) { AcknowledgementRequired = true });
        await ReceiveAsync(FloorMessageType.FloorAck);
    }
}
