using System.Net;
using System.Net.Sockets;

namespace Mcptt.Scenarios.Running;

/// <summary>Ports that were free a moment ago: a server that is killed and started again must come back on the same ones.</summary>
internal static class FreePorts
{
    public static int Udp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static int Tcp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A port that is free for UDP and TCP, as SIP wants it.</summary>
    public static int Both()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var port = Udp();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken for TCP: the next UDP port is another one.
            }
        }

        throw new InvalidOperationException("no port is free for UDP and TCP");
    }
}
