using Mcptt.Protocol.Floor;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Tests.Floor;

/// <summary>The channel against a scripted floor control server over loopback UDP.</summary>
public sealed class FloorChannelTests : ScriptedFloorServer
{
    [Fact]
    [Clause("TS24.380 8.2.4")]
    public async Task A_burst_is_requested_granted_and_released_on_the_wire()
    {
        Connect(implicitRequest: false);
        Channel.Apply(new ParticipantInput.Press(new FloorWish(9, (ushort)FloorIndicator.EmergencyCall)));
        var request = await ReceiveAsync();
        Assert.Equal((FloorMessageType.FloorRequest, Ssrc, (byte?)9, FloorIndicator.EmergencyCall), (request.Type, request.Ssrc, request.Priority, request.Indicator));

        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc) { DurationSeconds = 30, AcknowledgementRequired = true });
        var ack = await ReceiveAsync();
        Assert.Equal((FloorMessageType.FloorAck, FloorSource.Participant, FloorMessageType.FloorGranted), (ack.Type, ack.Source, ack.AcknowledgedType));
        await ExpectAsync("granted");
        Assert.True(MediaOn);

        Channel.Apply(new ParticipantInput.Release());
        Assert.False(MediaOn);
        Assert.Equal(FloorMessageType.FloorRelease, (await ReceiveAsync()).Type);
        Send(new FloorMessage(FloorMessageType.FloorIdle, ServerSsrc) { SequenceNumber = 1 });
        await ExpectAsync("released");
    }

    [Fact]
    [Clause("TS24.380 8.1.1")]
    public async Task Both_messages_of_one_datagram_are_read()
    {
        Connect(implicitRequest: false);
        byte[] both =
        [
            .. FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorTaken, ServerSsrc) { GrantedPartyIdentity = "sip:bob@example.org", SequenceNumber = 1 }),
            .. FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorIdle, ServerSsrc) { SequenceNumber = 2 }),
        ];
        Send(both);
        var taken = await ExpectAsync("taken");
        Assert.True(taken.Has("by", "sip:bob@example.org"), taken.ToString());
        await ExpectAsync("idle");
    }

    [Fact]
    [Clause("TS24.380 6.2.4.2")]
    public async Task A_grant_that_overtakes_the_answer_of_the_call_is_not_lost()
    {
        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc) { DurationSeconds = 30 });
        // Long enough for loopback; were it not, the grant would come in time and the test prove nothing, but not fail.
        await Task.Delay(50);
        Assert.Equal(0, Events.End);
        Connect(implicitRequest: true);
        await ExpectAsync("granted");
    }

    [Fact]
    public async Task Garbage_is_dropped_and_the_next_message_is_read()
    {
        Connect(implicitRequest: false);
        for (var length = 0; length < 40; length++)
        {
            Send([.. Enumerable.Repeat((byte)0xA5, length)]);
        }

        Send(new FloorMessage(FloorMessageType.FloorIdle, ServerSsrc) { SequenceNumber = 1 });
        await ExpectAsync("idle");
    }

    [Fact]
    public async Task A_client_that_ignores_Revoke_goes_on_talking()
    {
        await ReopenAsync(new Misbehaviour { IgnoreRevoke = true });
        Connect(implicitRequest: true);
        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc));
        await ExpectAsync("granted");
        Send(FloorMessage.Revoke(ServerSsrc, FloorRevokeCause.MediaBurstTooLong));
        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc));
        await ExpectAsync("granted");
        Assert.True(MediaOn);
        Assert.DoesNotContain(Events.Since(0), happened => happened.Word == "revoked");
    }

    [Fact]
    public async Task A_flood_sends_every_request()
    {
        Connect(implicitRequest: false);
        Channel.Flood(5);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(FloorMessageType.FloorRequest, (await ReceiveAsync()).Type);
        }
    }
}
