using System.Net;
using System.Net.Sockets;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Tests.Sockets;

public sealed class MediaPortPoolTests
{
    [Fact]
    public void Range_gives_an_even_RTP_port_and_the_odd_one_behind_it_until_it_is_used_up()
    {
        var first = FreeBlock(6);
        var pool = new MediaPortPool(MediaHarness.Options with { Ports = new MediaPortRange(first, first + 5) }, start: 2);
        var sockets = new List<Socket>();
        var ports = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(pool.TryOpen(0, 0, out var rtp, out var floor, out var problem), problem);
            Assert.Equal(Port(rtp) + 1, Port(floor));
            sockets.AddRange([rtp, floor]);
            ports.Add(Port(rtp) - first);
        }

        Assert.Equal([4, 0, 2], ports);
        Assert.False(pool.TryOpen(0, 0, out _, out _, out var full));
        Assert.Contains($"{first}-{first + 5}", full, StringComparison.Ordinal);

        sockets.ForEach(socket => socket.Dispose());
        pool.Release(first, first + 1);
        Assert.True(pool.TryOpen(0, 0, out var again, out var againFloor, out _));
        Assert.Equal(first, Port(again));
        again.Dispose();
        againFloor.Dispose();
    }

    [Fact]
    public void System_chosen_RTP_port_is_even()
    {
        var pool = new MediaPortPool(MediaHarness.Options, start: 0);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(pool.TryOpen(0, 0, out var rtp, out var floor, out var problem), problem);
            Assert.Equal(0, Port(rtp) & 1);
            rtp.Dispose();
            floor.Dispose();
        }
    }

    [Fact]
    public void Port_in_use_is_named()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var pool = new MediaPortPool(MediaHarness.Options, start: 0);

        Assert.False(pool.TryOpen(Port(other), 0, out _, out _, out var problem));
        Assert.Contains($"{Port(other)}", problem, StringComparison.Ordinal);
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    // Below the ports that the system hands out, so that nobody gets one of them meanwhile.
    private static int FreeBlock(int ports)
    {
        for (var first = 21_000; ; first += ports)
        {
            try
            {
                for (var port = first; port < first + ports; port++)
                {
                    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                }

                return first;
            }
            catch (SocketException)
            {
                // Taken; the next block.
            }
        }
    }
}
