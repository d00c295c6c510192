using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>The core above the transactions (RFC 3261's TU). Called from several threads, in order for one Call-ID. Must not block: what takes time is awaited elsewhere.</summary>
public interface ITransactionUser
{
    /// <summary>A new request other than ACK and CANCEL; retransmissions end in the layer. To be answered by <see cref="ServerTransaction.Respond(ResponseMessage)"/>, now or later.</summary>
    void OnRequest(ServerTransaction transaction);

    /// <summary>
    /// A CANCEL. With <paramref name="invite"/>: that INVITE still waits for its final response, normally a 487 now; the CANCEL's own 200 has been
    /// sent. Without: no transaction here is cancelled by it, and the user answers the CANCEL, with 481 unless it knows better.
    /// </summary>
    void OnCancel(ServerTransaction cancel, ServerTransaction? invite);

    /// <summary>The ACK of a 2xx; to be given to <see cref="AcceptedInvites"/> first.</summary>
    void OnAck(RequestMessage ack, SipFlow flow);

    /// <summary>A response that no transaction here waits for, such as a 2xx repeated after a restart (RFC 3261 17.1.1.2).</summary>
    void OnStrayResponse(ResponseMessage response, SipFlow flow);

    /// <summary>No ACK came for a failure response (Timer H), or a response could not be sent.</summary>
    void OnServerFailure(ServerTransaction transaction);

    /// <summary>Nothing can be sent to this connection any more.</summary>
    void OnFlowClosed(SipFlow flow);
}
