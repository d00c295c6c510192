using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Rtp;

namespace Mcptt.Media.Tests;

/// <summary>The media side of a participant: an RTP socket and a floor socket on loopback.</summary>
internal sealed class Phone : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _rtp = Bound();
    private readonly Socket _floor = Bound();
    private ushort _sequenceNumber;

    public Phone(uint leg)
    {
        Leg = leg;
        Ssrc = 0x1000 + leg;
    }

    public uint Leg { get; }

    public uint Ssrc { get; }

    public IPEndPoint Server { get; set; } = new(IPAddress.Loopback, 9);

    public IPEndPoint FloorServer { get; set; } = new(IPAddress.Loopback, 9);

    public string RtpAddress => _rtp.LocalEndPoint!.ToString()!;

    public string FloorAddress => _floor.LocalEndPoint!.ToString()!;

    /// <summary>A packet whose payload is unlike any other.</summary>
    public byte[] Speech(int payloadOctets = 160, byte payloadType = RtpPayloadType.Pcmu)
    {
        var payload = new byte[payloadOctets];
        new Random((int)(Leg * 100_000) + _sequenceNumber).NextBytes(payload);
        return Packet(payload, payloadType);
    }

    public byte[] Silence(byte octet = 0xFF) => Packet([.. Enumerable.Repeat(octet, 160)], RtpPayloadType.Pcmu);

    public byte[] Packet(ReadOnlySpan<byte> payload, byte payloadType)
    {
        var header = new RtpHeader { PayloadType = payloadType, SequenceNumber = _sequenceNumber, Timestamp = 160u * _sequenceNumber, Ssrc = Ssrc };
        _sequenceNumber++;
        var packet = new byte[RtpHeader.FixedOctets + payload.Length];
        header.Write(packet);
        payload.CopyTo(packet.AsSpan(RtpHeader.FixedOctets));
        return packet;
    }

    public byte[] Send(byte[] packet)
    {
        _rtp.SendTo(packet, Server);
        return packet;
    }

    public byte[] Speak() => Send(Speech());

    public void SendFloor(params byte[][] packets) => _floor.SendTo([.. packets.SelectMany(packet => packet)], FloorServer);

    public void SendFloor(FloorMessageType type) => SendFloor(FloorCodec.Encode(new FloorMessage(type, Ssrc)));

    public Task<byte[]> ReceiveAsync() => ReceiveAsync(_rtp);

    public Task<byte[]> ReceiveFloorAsync() => ReceiveAsync(_floor);

    public bool HasReceived => _rtp.Available > 0;

    public void CloseRtp() => _rtp.Dispose();

    public void Dispose()
    {
        _rtp.Dispose();
        _floor.Dispose();
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[8192];
        return buffer[..await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token)];
    }
}
