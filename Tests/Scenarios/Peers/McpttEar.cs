using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Floor;

namespace Mcptt.Scenarios.Peers;

/// <summary>The media side of a strict client: an RTP socket and a floor socket that keeps what it got.</summary>
internal sealed class McpttEar : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Socket _floor = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<FloorMessage> _messages = [];
    private readonly Lock _gate = new();
    private readonly Task _listening;

    public McpttEar()
    {
        _floor.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening = ListenAsync();
    }

    public RtpEar Rtp { get; } = new();

    public int FloorPort => ((IPEndPoint)_floor.LocalEndPoint!).Port;

    public void Send(int toPort, FloorMessage message) => _floor.SendTo(FloorCodec.Encode(message), new IPEndPoint(IPAddress.Loopback, toPort));

    public async Task<FloorMessage> WaitForAsync(FloorMessageType type)
    {
        var until = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < until)
        {
            lock (_gate)
            {
                if (_messages.FirstOrDefault(message => message.Type == type) is { } found)
                {
                    return found;
                }
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"{type} did not come; what came: {string.Join(", ", _messages.Select(message => message.Type))}");
    }

    public void Forget()
    {
        lock (_gate)
        {
            _messages.Clear();
        }
    }

    public void Dispose()
    {
        _floor.Dispose();
        Rtp.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[2048];
        while (true)
        {
            int bytes;
            try
            {
                bytes = await _floor.ReceiveAsync(buffer);
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            Keep(buffer.AsSpan(0, bytes));
        }
    }

    private void Keep(ReadOnlySpan<byte> datagram)
    {
        while (!datagram.IsEmpty)
        {
            var read = FloorCodec.TryDecode(datagram, out var message, out var octets);
            if (octets == 0)
            {
                return;
            }

            if (read && message is not null)
            {
                lock (_gate)
                {
                    _messages.Add(message);
                }
            }

            datagram = datagram[octets..];
        }
    }
}
