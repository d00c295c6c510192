using System.Net;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <summary>
/// The way a message came in or shall go out. With <see cref="ConnectionId"/> it is that connection and no other; without, a stream to
/// <see cref="Remote"/> is used or opened. <see cref="Local"/> is the socket a datagram came to; null: the first one that fits.
/// </summary>
public sealed record SipFlow(SipTransport Transport, IPEndPoint Remote, string ConnectionId = "", IPEndPoint? Local = null)
{
    public Flow ToMessage(string edgeNode) => new()
    {
        EdgeNode = edgeNode,
        Transport = Transport switch
        {
            SipTransport.Udp => Protocol.Messages.Transport.Udp,
            SipTransport.Tcp => Protocol.Messages.Transport.Tcp,
            _ => Protocol.Messages.Transport.Tls,
        },
        Remote = Remote.ToString(),
        ConnectionId = ConnectionId,
    };

    /// <summary>Null: no flow, or one that names no address.</summary>
    public static SipFlow? From(Flow? flow)
    {
        SipTransport? transport = flow?.Transport switch
        {
            Protocol.Messages.Transport.Udp => SipTransport.Udp,
            Protocol.Messages.Transport.Tcp => SipTransport.Tcp,
            Protocol.Messages.Transport.Tls => SipTransport.Tls,
            _ => null,
        };
        return transport is { } known && IPEndPoint.TryParse(flow!.Remote, out var remote) ? new SipFlow(known, remote, flow.ConnectionId) : null;
    }

    public override string ToString() => $"{Transport.ViaName()} {Remote}{(ConnectionId.Length == 0 ? "" : $" ({ConnectionId})")}";
}
