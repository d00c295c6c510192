using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>What effects need of the layers below. Nothing here waits for the network.</summary>
internal interface ISipWire
{
    /// <summary>
    /// Opens a client transaction; one that is under way with this branch goes on as it is. <paramref name="onResponse"/> gets every provisional
    /// response but 100, the final one, and each further 2xx of an INVITE; <paramref name="onFailure"/> 408 after Timer B or F, 503 when nothing can be sent.
    /// </summary>
    void Send(OutboundRequest request, Action<ResponseMessage> onResponse, Action<int> onFailure);

    /// <summary>Cancels the INVITE of this branch (RFC 3261 9.1); without a transaction of it, after a restart, the CANCEL is sent for itself.</summary>
    void Cancel(OutboundRequest invite, string reason);

    /// <summary>Sends an ACK, which has no transaction.</summary>
    void SendAck(OutboundRequest ack);

    /// <summary>Answers by the server transaction of the request, or without one when it died with the node.</summary>
    void Respond(SipRequest request, ResponseMessage response);

    /// <summary>Answers an INVITE with a 2xx, again and again until its ACK came or 64*T1 are over (RFC 3261 13.3.1.4).</summary>
    void RespondUntilAcknowledged(SipRequest request, ResponseMessage response, Action onNotAcknowledged);
}
