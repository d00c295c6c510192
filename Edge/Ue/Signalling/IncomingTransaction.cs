using Mcptt.Edge.Transactions;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>A request that came, as the transaction layer has it.</summary>
internal sealed class IncomingTransaction(ServerTransaction transaction, TransactionLayer transactions, ISipHandler handler) : IIncomingRequest
{
    public RequestMessage Request => transaction.Request;

    public void Respond(ResponseMessage response)
    {
        if (response.IsSuccess && Request.IsInvite)
        {
            // Before it is sent, so that the ACK cannot come first.
            transactions.Accepted.Start(response, transaction.Flow, handler.OnAck, () => handler.OnNotAcknowledged(this), sendNow: false);
        }

        transaction.Respond(response);
    }
}
