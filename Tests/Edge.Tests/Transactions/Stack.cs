using System.Collections.Concurrent;
using System.Net;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Tests.Transactions;

/// <summary>A real stack on loopback, UDP and TCP, whose user answers each request by a function.</summary>
internal sealed class Stack : ITransactionUser, IAsyncDisposable
{
    private readonly SipTransportLayer _transport;
    private readonly Action<ServerTransaction> _onRequest;

    private Stack(Action<ServerTransaction> onRequest)
    {
        _onRequest = onRequest;
        _transport = new SipTransportLayer(
            new SipTransportOptions { Listeners = [new(SipTransport.Udp, new(IPAddress.Loopback, 0)), new(SipTransport.Tcp, new(IPAddress.Loopback, 0))] }, TimeProvider.System);
        Transactions = new TransactionLayer(_transport, this, new TransactionOptions { T1 = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
    }

    public TransactionLayer Transactions { get; }

    public ConcurrentBag<ServerTransaction> Requests { get; } = [];

    public ConcurrentBag<RequestMessage> Acks { get; } = [];

    public static async Task<Stack> StartAsync(Action<ServerTransaction> onRequest)
    {
        var stack = new Stack(onRequest);
        await stack._transport.StartAsync(stack.Transactions, CancellationToken.None);
        return stack;
    }

    public SipFlow Target(SipTransport transport) => new(transport, _transport.Bound.Single(one => one.Transport == transport).Endpoint);

    public void OnRequest(ServerTransaction transaction)
    {
        Requests.Add(transaction);
        _onRequest(transaction);
    }

    public void OnCancel(ServerTransaction cancel, ServerTransaction? invite) => invite?.Respond(487, toTag: "t");

    public void OnAck(RequestMessage ack, SipFlow flow)
    {
        if (!Transactions.Accepted.Acknowledge(ack))
        {
            Acks.Add(ack);
        }
    }

    public void OnStrayResponse(ResponseMessage response, SipFlow flow)
    {
    }

    public void OnServerFailure(ServerTransaction transaction)
    {
    }

    public void OnFlowClosed(SipFlow flow)
    {
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
