using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Tests.Floor;

/// <summary>A client's floor channel and a floor control server that says what the test tells it, over loopback UDP.</summary>
public abstract class ScriptedFloorServer : IAsyncLifetime, IFloorDuties
{
    protected const uint Ssrc = 0x01020304;
    protected const uint ServerSsrc = 0x0A0B0C0D;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly EventPlace _place = new();

    private protected UeEventLog Events { get; } = new(TimeProvider.System);

    private protected FloorChannel Channel { get; private set; } = null!;

    protected bool MediaOn { get; private set; }

    protected bool LeftCall { get; private set; }

    public Task InitializeAsync()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Open(new Misbehaviour());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Channel.DisposeAsync();
        _server.Dispose();
    }

    void IFloorDuties.StartMedia() => MediaOn = true;

    void IFloorDuties.StopMedia() => MediaOn = false;

    void IFloorDuties.LeaveCall() => LeftCall = true;

    protected void Open(Misbehaviour misbehaviour, ParticipantOptions? floor = null)
    {
        var options = new UeOptions
        {
            User = SipUri.Parse("sip:alice@example.org"),
            Server = new IPEndPoint(IPAddress.Loopback, 5060),
            Misbehaviour = misbehaviour,
            Floor = floor ?? new ParticipantOptions(),
        };
        Channel = new FloorChannel(options, Ssrc, Events, TimeProvider.System, this);
    }

    /// <summary>Another client instead of the first one.</summary>
    protected async Task ReopenAsync(Misbehaviour misbehaviour, ParticipantOptions? floor = null)
    {
        await Channel.DisposeAsync();
        Open(misbehaviour, floor);
    }

    protected void Connect(bool implicitRequest = false) =>
        Channel.Connect((IPEndPoint)_server.LocalEndPoint!, new ParticipantInput.CallEstablished(implicitRequest, GrantedInAnswer: false));

    protected void Send(FloorMessage message) => Send(FloorCodec.Encode(message));

    protected void Send(FloorMessageType type) => Send(new FloorMessage(type, ServerSsrc));

    protected void Send(byte[] datagram) => _server.SendTo(datagram, new IPEndPoint(IPAddress.Loopback, Channel.Port));

    protected async Task<FloorMessage> ReceiveAsync()
    {
        var buffer = new byte[1_500];
        using var patience = new CancellationTokenSource(Patience);
        var count = await _server.ReceiveAsync(buffer, patience.Token);
        Assert.True(FloorCodec.TryDecode(buffer.AsSpan(0, count), out var message, out _));
        return message;
    }

    protected async Task ReceiveAsync(params FloorMessageType[] types)
    {
        foreach (var type in types)
        {
            Assert.Equal(type, (await ReceiveAsync()).Type);
        }
    }

    protected async Task<UeEvent> ExpectAsync(string word)
    {
        var found = await Events.WaitForAsync(_place, happened => happened.Word == word, Patience, CancellationToken.None);
        Assert.True(found is not null, $"no {word} among: {string.Join("; ", Events.Since(0))}");
        return found;
    }
}
