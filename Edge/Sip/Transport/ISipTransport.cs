using System.Net;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <summary>Sends messages; what the transactions need of the transports.</summary>
public interface ISipTransport
{
    /// <summary>False: not sent and never will be. True: handed to the socket or the connection's queue. Never throws.</summary>
    ValueTask<bool> SendAsync(SipMessage message, SipFlow destination, CancellationToken cancellationToken);

    /// <summary>Sends a response the way RFC 3261 18.2.2 says: on the connection of the request, else to where its top Via points.</summary>
    ValueTask<bool> SendResponseAsync(ResponseMessage response, SipFlow requestFlow, CancellationToken cancellationToken);

    /// <summary>UDP, or TCP where a request is too long for UDP and the peer is known to take TCP (RFC 3261 18.1.1).</summary>
    SipFlow ChooseTransport(RequestMessage request, SipFlow destination);

    /// <summary>Host and port for a Via of ours.</summary>
    (string Host, int Port) SentBy(SipTransport transport, IPEndPoint destination);
}

/// <summary>Is given what comes in. Called from several threads; messages of one Call-ID come in order. Must not block.</summary>
public interface ISipReceiver
{
    /// <summary>Well-formed; the top Via of a request carries received and rport (RFC 3261 18.2.1, RFC 3581).</summary>
    void OnMessage(SipMessage message, SipFlow flow);

    /// <summary>Nothing will come from or go to this connection any more.</summary>
    void OnConnectionClosed(SipFlow flow);
}
