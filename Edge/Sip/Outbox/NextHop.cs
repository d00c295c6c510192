using System.Net;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>
/// Where a request to a client goes. A phone behind a NAT is reached only by the way its REGISTER came, so that way is taken; but one whose
/// Contact names the very address that it came from is behind none, and then the port of its Contact counts (RFC 3261 8.1.2): it may send from another one.
/// </summary>
internal static class NextHop
{
    private const int DefaultPort = 5060;

    /// <summary>Null: the request names no flow.</summary>
    public static SipFlow? ByFlow(OutboundRequest request)
    {
        if (SipFlow.From(request.Flow) is not { } flow)
        {
            return null;
        }

        return flow.Transport == SipTransport.Udp
            && request.Message.Routes.Count == 0
            && request.Message.RequestUri is { IsTel: false } uri
            && IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
            && address.Equals(flow.Remote.Address)
            ? flow with { Remote = new IPEndPoint(address, uri.Port == 0 ? DefaultPort : uri.Port) }
            : flow;
    }
}
