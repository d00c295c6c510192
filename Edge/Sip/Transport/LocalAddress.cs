using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mcptt.Edge.Transports;

/// <summary>Which address of this machine packets to another one leave from; for a listener on all addresses that has no advertised host.</summary>
internal static class LocalAddress
{
    // Forgotten all at once when full: asking again costs a system call.
    private const int MaxRemembered = 1_024;
    private const int AnyPort = 9;

    private static readonly ConcurrentDictionary<IPAddress, IPAddress> Remembered = new();

    public static IPAddress Towards(IPAddress remote)
    {
        if (Remembered.TryGetValue(remote, out var known))
        {
            return known;
        }

        if (Remembered.Count >= MaxRemembered)
        {
            Remembered.Clear();
        }

        return Remembered[remote] = Ask(remote);
    }

    // Connecting a UDP socket sends nothing; it only asks the routing table.
    private static IPAddress Ask(IPAddress remote)
    {
        try
        {
            using var socket = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(remote, AnyPort);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        }
    }
}
