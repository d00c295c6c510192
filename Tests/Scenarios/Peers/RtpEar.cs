using System.Net;
using System.Net.Sockets;

namespace Mcptt.Scenarios.Peers;

/// <summary>A phone's RTP socket: keeps the payload of every packet, by SSRC.</summary>
internal sealed class RtpEar : IDisposable
{
    private const int HeaderBytes = 12;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
    private readonly List<(uint Ssrc, ushort Sequence, byte[] Payload)> _packets = [];
    private readonly Lock _gate = new();
    private readonly Task _listening;

    public RtpEar()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening = ListenAsync();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public IReadOnlyList<(uint Ssrc, ushort Sequence, byte[] Payload)> Packets
    {
        get
        {
            lock (_gate)
            {
                return [.. _packets];
            }
        }
    }

    public byte[] Heard => [.. Packets.OrderBy(packet => packet.Sequence).SelectMany(packet => packet.Payload)];

    public void SendRtp(int toPort, ushort sequence, uint timestamp, uint ssrc, byte[] payload)
    {
        var packet = new byte[HeaderBytes + payload.Length];
        packet[0] = 0x80;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        payload.CopyTo(packet, HeaderBytes);
        _socket.SendTo(packet, new IPEndPoint(IPAddress.Loopback, toPort));
    }

    public void Dispose() => _socket.Dispose();

    private async Task ListenAsync()
    {
        var buffer = new byte[2048];
        while (true)
        {
            int bytes;
            try
            {
                bytes = await _socket.ReceiveAsync(buffer);
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            // Version 2 and no RTCP packet type (RFC 5761 4).
            if (bytes > HeaderBytes && buffer[0] >> 6 == 2 && buffer[1] is < 192 or > 223)
            {
                Keep(buffer.AsSpan(0, bytes));
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> packet)
    {
        var sequence = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var ssrc = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        lock (_gate)
        {
            _packets.Add((ssrc, sequence, packet[HeaderBytes..].ToArray()));
        }
    }
}
