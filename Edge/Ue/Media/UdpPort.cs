using System.Net;
using System.Net.Sockets;

namespace Mcptt.Ue.Media;

/// <summary>A UDP socket and its receive loop. Datagrams come one at a time; what the network answers (ICMP) never ends the loop.</summary>
internal sealed class UdpPort : IDatagramPort
{
    private const int MaxDatagramBytes = 65_535;

    // Even ports are every other one: this many tries fail once in a million machines' lifetimes.
    private const int MaxEvenPortTries = 40;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    private UdpPort(Socket socket) => _socket = socket;

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!; // Bound from the start.

    public static UdpPort Bind(IPAddress address, int? bufferOctets = null)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (bufferOctets is { } octets)
        {
            (socket.ReceiveBufferSize, socket.SendBufferSize) = (octets, octets);
        }

        socket.Bind(new IPEndPoint(address, 0));
        return new UdpPort(socket);
    }

    /// <summary>RTP goes to an even port (RFC 3550 11).</summary>
    public static UdpPort BindEven(IPAddress address, int? bufferOctets = null)
    {
        var odd = new List<UdpPort>();
        try
        {
            for (var i = 0; i < MaxEvenPortTries; i++)
            {
                var port = Bind(address, bufferOctets);
                if (port.Local.Port % 2 == 0)
                {
                    return port;
                }

                odd.Add(port);
            }

            throw new IOException($"no even UDP port free on {address}");
        }
        finally
        {
            odd.ForEach(port => port._socket.Dispose());
        }
    }

    public void Start(DatagramHandler handler) => _loop = ReceiveAsync(handler, _stopping.Token);

    /// <summary>
    /// For a busy socket: a thread of its own that waits in the system, which costs a third of being woken by way of the thread pool. The handler is told
    /// where each datagram came from, which is good only during the call.
    /// </summary>
    public void StartThread(SourcedDatagramHandler handler)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop = ended.Task;
        new Thread(() =>
        {
            Receive(handler);
            ended.SetResult();
        })
        {
            IsBackground = true,
            Name = $"UDP {Local}",
        }.Start();
    }

    /// <summary>Whatever comes to a port of its own is the call's.</summary>
    public void Expect(IPEndPoint remote)
    {
    }

    /// <summary>The same to an address that was prepared once.</summary>
    public bool TrySend(ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        try
        {
            return _socket.SendTo(datagram, SocketFlags.None, to) == datagram.Length;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>A datagram that the socket does not take is lost, as on the network.</summary>
    public bool TrySend(ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        try
        {
            return _socket.SendTo(datagram, to) == datagram.Length;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _loop;
        _stopping.Dispose();
    }

    private void Receive(SourcedDatagramHandler handler)
    {
        var buffer = new byte[MaxDatagramBytes];
        var from = new SocketAddress(_socket.AddressFamily);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var count = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
                handler(buffer.AsSpan(0, count), from);
            }
            catch (SocketException)
            {
                // ICMP port unreachable of an earlier datagram, or a socket that is being closed; the loop's condition decides.
                Thread.Yield();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ReceiveAsync(DatagramHandler handler, CancellationToken stopping)
    {
        var buffer = new byte[MaxDatagramBytes];
        var from = new SocketAddress(_socket.AddressFamily);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var count = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, stopping);
                handler(buffer.AsSpan(0, count));
            }
            catch (SocketException)
            {
                // ICMP port unreachable of an earlier datagram, or a socket that is being closed; the loop's condition decides.
                await Task.Yield();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
