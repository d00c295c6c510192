using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Tests.Sharing;

public sealed class SharedPortTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SharedPort _shared = new(UdpPort.BindEven(IPAddress.Loopback), TimeProvider.System);
    private readonly Socket _one = Bound();
    private readonly Socket _two = Bound();

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public void Calls_on_one_socket_are_told_apart_by_where_their_packets_come_from()
    {
        var (first, second) = (Open(_one, out var heardByFirst), Open(_two, out var heardBySecond));

        Send(_two, 2, first.Local);
        Send(_one, 1, first.Local);

        Assert.Equal(first.Local, second.Local);
        Assert.Equal(1, Next(heardByFirst));
        Assert.Equal(2, Next(heardBySecond));
        Assert.Empty(heardByFirst);
    }

    [Fact]
    public void What_comes_before_its_source_is_known_is_handed_over_first_and_in_order()
    {
        var port = _shared.Open();
        var heard = new BlockingCollection<byte>();
        port.Start(datagram => heard.Add(datagram[0]));
        var other = Open(_two, out var heardByOther);
        for (byte number = 1; number <= 5; number++)
        {
            Send(_one, number, port.Local);
        }

        Send(_two, 99, port.Local);
        Assert.Equal(99, Next(heardByOther)); // One socket, one order: the five are there too.

        port.Expect(Address(_one));
        Send(_one, 6, port.Local);

        Assert.Equal([1, 2, 3, 4, 5, 6], Enumerable.Range(0, 6).Select(_ => Next(heard)));
        Assert.Equal(0, _shared.EarlyDropped);
        Assert.NotSame(port, other);
    }

    [Fact]
    public async Task A_call_that_is_over_hears_nothing_and_the_next_one_from_the_same_source_does()
    {
        var first = Open(_one, out var heardByFirst);
        await first.DisposeAsync();
        var second = Open(_one, out var heardBySecond);
        await first.DisposeAsync(); // Must not take the source from the second.

        Send(_one, 7, second.Local);

        Assert.Equal(7, Next(heardBySecond));
        Assert.Empty(heardByFirst);
    }

    [Fact]
    public void What_nobody_expects_is_bounded()
    {
        for (var number = 0; number < SharedPort.MaxEarlyDatagrams + 10; number++)
        {
            Send(_one, 1, _shared.Open().Local);
            if (number % 50 == 0)
            {
                Thread.Sleep(1); // The socket's own buffer must not be what drops.
            }
        }

        Assert.True(SpinWait.SpinUntil(() => _shared.EarlyDropped == 10, Patience), $"{_shared.EarlyDropped} dropped");
    }

    [Fact]
    public void It_sends_from_its_socket_to_whom_it_expects_and_to_others()
    {
        var port = Open(_one, out _);

        Assert.True(port.TrySend([5], Address(_one)));
        Assert.True(port.TrySend([6], Address(_two)));

        var buffer = new byte[10];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal((1, port.Local), (_one.ReceiveFrom(buffer, ref from), (IPEndPoint)from));
        Assert.Equal(5, buffer[0]);
        Assert.Equal(1, _two.Receive(buffer));
        Assert.Equal(6, buffer[0]);
    }

    private IDatagramPort Open(Socket source, out BlockingCollection<byte> heard)
    {
        var port = _shared.Open();
        var queue = heard = [];
        port.Start(datagram => queue.Add(datagram[0]));
        port.Expect(Address(source));
        return port;
    }

    private static byte Next(BlockingCollection<byte> heard)
    {
        Assert.True(heard.TryTake(out var number, Patience));
        return number;
    }

    private static void Send(Socket from, byte number, IPEndPoint to) => from.SendTo([number], to);

    private static IPEndPoint Address(Socket socket) => (IPEndPoint)socket.LocalEndPoint!; // Bound.

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
