using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Tests.Floor;

/// <summary>The channel against a scripted floor control server over loopback UDP.</summary>
public sealed class FloorChannelTests : IAsyncLifetime, IFloorDuties
{
    private const uint Ssrc = 0x01020304;
    private const uint ServerSsrc = 0x0A0B0C0D;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly UeEventLog _events = new(TimeProvider.System);
    private readonly EventPlace _place = new();
    private FloorChannel _channel = null!;
    private bool _mediaOn;

    public Task InitializeAsync()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Open(new Misbehaviour());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _channel.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    [Clause("TS24.380 8.2.4")]
    public async Task A_burst_is_requested_granted_and_released_on_the_wire()
    {
        Connect(implicitRequest: false);
        _channel.Apply(new ParticipantInput.Press(new FloorWish(9, (ushort)FloorIndicator.EmergencyCall)));
        var request = await ReceiveAsync();
        Assert.Equal((FloorMessageType.FloorRequest, Ssrc, (byte?)9, FloorIndicator.EmergencyCall), (request.Type, request.Ssrc, request.Priority, request.Indicator));

        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc) { DurationSeconds = 30, AcknowledgementRequired = true });
        var ack = await ReceiveAsync();
        Assert.Equal((FloorMessageType.FloorAck, FloorSource.Participant, FloorMessageType.FloorGranted), (ack.Type, ack.Source, ack.AcknowledgedType));
        await ExpectAsync("granted");
        Assert.True(_mediaOn);

        _channel.Apply(new ParticipantInput.Release());
        Assert.False(_mediaOn);
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
        _server.SendTo(both, Channel);
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
        Assert.Equal(0, _events.End);
        Connect(implicitRequest: true);
        await ExpectAsync("granted");
    }

    [Fact]
    public async Task Garbage_is_dropped_and_the_next_message_is_read()
    {
        Connect(implicitRequest: false);
        for (var length = 0; length < 40; length++)
        {
            _server.SendTo(Enumerable.Repeat((byte)0xA5, length).ToArray(), Channel);
        }

        Send(new FloorMessage(FloorMessageType.FloorIdle, ServerSsrc) { SequenceNumber = 1 });
        await ExpectAsync("idle");
    }

    [Fact]
    public async Task A_client_that_ignores_Revoke_goes_on_talking()
    {
        await _channel.DisposeAsync();
        Open(new Misbehaviour { IgnoreRevoke = true });
        Connect(implicitRequest: true);
        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc));
        await ExpectAsync("granted");
        Send(FloorMessage.Revoke(ServerSsrc, FloorRevokeCause.MediaBurstTooLong));
        Send(new FloorMessage(FloorMessageType.FloorGranted, ServerSsrc));
        await ExpectAsync("granted");
        Assert.True(_mediaOn);
        Assert.DoesNotContain(_events.Since(0), happened => happened.Word == "revoked");
    }

    [Fact]
    public async Task A_flood_sends_every_request()
    {
        Connect(implicitRequest: false);
        _channel.Flood(5);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(FloorMessageType.FloorRequest, (await ReceiveAsync()).Type);
        }
    }

    void IFloorDuties.StartMedia() => _mediaOn = true;

    void IFloorDuties.StopMedia() => _mediaOn = false;

    void IFloorDuties.LeaveCall()
    {
    }

    private IPEndPoint Channel => new(IPAddress.Loopback, _channel.Port);

    private void Open(Misbehaviour misbehaviour)
    {
        var options = new UeOptions { User = SipUri.Parse("sip:alice@example.org"), Server = new IPEndPoint(IPAddress.Loopback, 5060), Misbehaviour = misbehaviour };
        _channel = new FloorChannel(options, Ssrc, _events, TimeProvider.System, this);
    }

    private void Connect(bool implicitRequest) =>
        _channel.Connect((IPEndPoint)_server.LocalEndPoint!, new ParticipantInput.CallEstablished(implicitRequest, GrantedInAnswer: false));

    private void Send(FloorMessage message) => _server.SendTo(FloorCodec.Encode(message), Channel);

    private async Task<FloorMessage> ReceiveAsync()
    {
        var buffer = new byte[1_500];
        using var patience = new CancellationTokenSource(Patience);
        var count = await _server.ReceiveAsync(buffer, patience.Token);
        Assert.True(FloorCodec.TryDecode(buffer.AsSpan(0, count), out var message, out _));
        return message;
    }

    private async Task<UeEvent> ExpectAsync(string word)
    {
        var found = await _events.WaitForAsync(_place, happened => happened.Word == word, Patience, CancellationToken.None);
        Assert.True(found is not null, $"no {word} among: {string.Join("; ", _events.Since(0))}");
        return found;
    }
}
