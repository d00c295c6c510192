using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mcptt.Scenarios.Cluster;

/// <summary>
/// A balancer before the edges as a phone sees it: each transaction of the phone goes to the next edge, retransmissions and CANCEL to the same one; what
/// edges send comes back by the same way. Harsher than a balancer by Call-ID: every request of a dialog comes to another edge.
/// </summary>
internal sealed class RoundRobinBalancer : IAsyncDisposable
{
    private const int MaxDatagram = 65_536;

    private readonly UdpClient _inside = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly UdpClient _outside = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly IReadOnlyList<IPEndPoint> _edges;
    private readonly Dictionary<string, int> _transactions = [];
    private readonly Dictionary<string, IPEndPoint> _requests = [];
    private readonly List<string> _ways = [];
    private readonly Lock _gate = new();
    private readonly Task _running;
    private IPEndPoint? _phone;
    private int _next;

    public RoundRobinBalancer(IReadOnlyList<IPEndPoint> edges)
    {
        _edges = edges;
        _running = Task.WhenAll(OutAsync(), InAsync());
    }

    public IPEndPoint Address => (IPEndPoint)_inside.Client.LocalEndPoint!; // Bound.

    /// <summary>Which edge each request of this method went to, in order.</summary>
    public IReadOnlyList<int> WaysOf(string method)
    {
        lock (_gate)
        {
            return [.. _ways.Where(way => way.StartsWith(method + " ", StringComparison.Ordinal)).Select(way => way[^1] - '0')];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _inside.Dispose();
        _outside.Dispose();
        await _running;
    }

    private async Task OutAsync()
    {
        while (await ReceiveAsync(_inside) is { } datagram)
        {
            _phone = datagram.RemoteEndPoint;
            await SendAsync(_outside, datagram.Buffer, EdgeFor(Encoding.UTF8.GetString(datagram.Buffer)));
        }
    }

    private async Task InAsync()
    {
        while (await ReceiveAsync(_outside) is { } datagram)
        {
            var text = Encoding.UTF8.GetString(datagram.Buffer);
            if (!text.StartsWith("SIP/2.0", StringComparison.Ordinal))
            {
                lock (_gate)
                {
                    _requests[Branch(text)] = datagram.RemoteEndPoint;
                }
            }

            if (_phone is { } phone)
            {
                await SendAsync(_inside, datagram.Buffer, phone);
            }
        }
    }

    private IPEndPoint EdgeFor(string text)
    {
        lock (_gate)
        {
            var branch = Branch(text);
            if (text.StartsWith("SIP/2.0", StringComparison.Ordinal))
            {
                return _requests.GetValueOrDefault(branch, _edges[0]);
            }

            if (!_transactions.TryGetValue(branch, out var edge))
            {
                _transactions[branch] = edge = _next++ % _edges.Count;
                _ways.Add($"{text[..text.IndexOf(' ', StringComparison.Ordinal)]} {edge}");
            }

            return _edges[edge];
        }
    }

    private static string Branch(string text)
    {
        var start = text.IndexOf("branch=", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? "" : text[start..text.IndexOfAny([';', ',', '\r', '\n'], start)];
    }

    // Null: the socket is closed. An edge that is down is told by ICMP; its datagrams are lost, as on a network.
    private static async Task<UdpReceiveResult?> ReceiveAsync(UdpClient socket)
    {
        while (true)
        {
            try
            {
                return await socket.ReceiveAsync();
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
            {
                continue;
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    private static async Task SendAsync(UdpClient socket, byte[] datagram, IPEndPoint to)
    {
        try
        {
            await socket.SendAsync(datagram.AsMemory(0, Math.Min(datagram.Length, MaxDatagram)), to);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Lost, as on a network.
        }
    }
}
