using System.Net;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Ue.Signalling;

/// <summary>The stack of a client: the edge's transports and transactions with one socket, and one next hop for everything (RFC 3261 8.1.2).</summary>
internal sealed class SipStack : ISipStack, ITransactionUser
{
    /// <summary>A client has a handful of transactions at a time; a request beyond this is refused with 503.</summary>
    private const int MaxTransactions = 1_000;

    private readonly SipTransportLayer _transport;
    private readonly TransactionLayer _transactions;
    private readonly SipTransport _protocol;
    private readonly SipFlow _nextHop;
    private ISipHandler? _handler;

    public SipStack(UeOptions options, TimeProvider time, ILogger logger)
    {
        _protocol = options.Transport;
        _nextHop = new SipFlow(options.Transport, options.Server);
        _transport = new SipTransportLayer(
            new SipTransportOptions { Listeners = [new SipListener(options.Transport, new IPEndPoint(options.LocalAddress, 0))], Lanes = 1 }, time, logger);
        _transactions = new TransactionLayer(_transport, this, new TransactionOptions { MaxTransactions = MaxTransactions }, time);
    }

    public IPEndPoint Local => _transport.Bound[0].Endpoint;

    public Task StartAsync(ISipHandler handler, CancellationToken cancellationToken)
    {
        _handler = handler;
        return _transport.StartAsync(_transactions, cancellationToken);
    }

    public ISipExchange Send(RequestMessage request, Action<ResponseMessage> onProvisional)
    {
        var callbacks = new ClientCallbacks { Provisional = onProvisional, FurtherSuccess = answer => _handler?.OnFurtherAnswer(request, answer) };
        return new Exchange(_transactions.Send(request, _nextHop, FreshIds.Branch(), callbacks));
    }

    public void SendAck(RequestMessage ack) => _ = _transactions.SendStatelessAsync(ack, _nextHop, FreshIds.Branch(), CancellationToken.None).AsTask();

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    void ITransactionUser.OnRequest(ServerTransaction transaction)
    {
        if (transaction.IsMerged)
        {
            transaction.Respond(482);
            return;
        }

        _handler?.OnRequest(new IncomingTransaction(transaction, _transactions, _handler));
    }

    void ITransactionUser.OnCancel(ServerTransaction cancel, ServerTransaction? invite)
    {
        if (invite is null)
        {
            cancel.Respond(481);
            return;
        }

        _handler?.OnCancel(new IncomingTransaction(invite, _transactions, _handler));
    }

    void ITransactionUser.OnAck(RequestMessage ack, SipFlow flow) => _transactions.Accepted.Acknowledge(ack);

    // A 2xx that comes again after its transaction is gone is acknowledged by nobody: the dialog it belongs to has its ACK.
    void ITransactionUser.OnStrayResponse(ResponseMessage response, SipFlow flow)
    {
    }

    void ITransactionUser.OnServerFailure(ServerTransaction transaction)
    {
    }

    // The next request opens a new connection.
    void ITransactionUser.OnFlowClosed(SipFlow flow)
    {
    }

    private sealed class Exchange : ISipExchange
    {
        private readonly ClientTransaction _transaction;

        public Exchange(ClientTransaction transaction)
        {
            _transaction = transaction;
            Final = OutcomeAsync(transaction);
        }

        public Task<ResponseMessage?> Final { get; }

        public void Cancel() => _transaction.Cancel();

        private static async Task<ResponseMessage?> OutcomeAsync(ClientTransaction transaction) => (await transaction.Outcome).Response;
    }
}
