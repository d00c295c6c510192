using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <summary>What the server transport writes into a Via and reads from it again (RFC 3261 18.2, RFC 3581).</summary>
internal static class ViaRouting
{
    private const int DefaultPort = 5060;
    private const int DefaultTlsPort = 5061;

    /// <summary>
    /// Sets received where the sent-by is not the source address or rport asks for it, and the value of rport. A received that the sender wrote itself is
    /// replaced: it would aim our answers at somebody else.
    /// </summary>
    public static void Stamp(RequestMessage request, IPEndPoint source)
    {
        var via = request.TopVia;
        var isSource = IPAddress.TryParse(via.Host, out var host) && host.Equals(source.Address);
        if (via.AsksForPort)
        {
            request.ReplaceTopVia(via.With("received", source.Address.ToString()).With("rport", source.Port.ToString()));
        }
        else if (!isSource || via.Received is not null)
        {
            request.ReplaceTopVia(via.With("received", source.Address.ToString()));
        }
    }

    /// <summary>Where a response goes when there is no connection of its request (any more). maddr is not followed: it would let anybody aim our answers.</summary>
    public static IPEndPoint? ResponseTarget(Via via, SipFlow flow)
    {
        var address = IPAddress.TryParse(via.Received ?? via.Host, out var parsed) ? parsed : flow.Remote.Address;
        if (flow.Transport == SipTransport.Udp && via.SeenPort > 0)
        {
            return new IPEndPoint(address, via.SeenPort);
        }

        return new IPEndPoint(address, via.Port > 0 ? via.Port : DefaultPortOf(flow.Transport));
    }

    public static int DefaultPortOf(SipTransport transport) => transport == SipTransport.Tls ? DefaultTlsPort : DefaultPort;

    /// <summary>An IPv4 peer of a dual-stack socket under its own address.</summary>
    public static IPEndPoint Plain(IPEndPoint endpoint) =>
        endpoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;

    /// <summary>As a URI or Via writes it.</summary>
    public static string HostOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
