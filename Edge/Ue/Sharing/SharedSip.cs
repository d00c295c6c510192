using System.Collections.Concurrent;
using System.Net;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Signalling;
using Microsoft.Extensions.Logging;

namespace Mcptt.Ue.Sharing;

/// <summary>One SIP socket and one transaction layer for many clients. What comes in is told apart by the user part of the Request-URI: our Contact.</summary>
internal sealed class SharedSip : ITransactionUser, IAsyncDisposable
{
    /// <summary>Finished transactions stay up to 32 s: some thousand new ones per second. A request beyond fails at once.</summary>
    private const int MaxTransactions = 400_000;

    private const int Lanes = 4;
    private const int LaneCapacity = 16_384;
    private const int SocketOctets = 8 << 20;
    private const int StreamQueueMessages = 32_768;
    private const int StreamQueueOctets = 64 << 20;

    private readonly SipTransport _protocol;
    private readonly SipTransportLayer _transport;
    private readonly ConcurrentDictionary<string, ISipHandler> _handlers = new(StringComparer.Ordinal);

    public SharedSip(UeFleetOptions options, TimeProvider time, ILogger logger)
    {
        (_protocol, Options, Time) = (options.Transport, options, time);
        Servers = new ServerSet(options.Servers, options.ServerChanged);
        _transport = new SipTransportLayer(
            new SipTransportOptions
            {
                Listeners = [new SipListener(options.Transport, new IPEndPoint(options.LocalAddress, 0))],
                Lanes = Lanes,
                LaneCapacity = LaneCapacity,
                UdpBufferBytes = SocketOctets,
                MaxSendQueueMessages = StreamQueueMessages,
                MaxSendQueueBytes = StreamQueueOctets,
            },
            time, logger);
        Transactions = new TransactionLayer(_transport, this, new TransactionOptions { MaxTransactions = MaxTransactions }, time);
    }

    public UeFleetOptions Options { get; }

    public ServerSet Servers { get; }

    public TransactionLayer Transactions { get; }

    public TimeProvider Time { get; }

    public IPEndPoint Local => _transport.Bound[0].Endpoint;

    public Task StartAsync(CancellationToken cancellationToken) => _transport.StartAsync(Transactions, cancellationToken);

    public SipFlow FlowTo(int server) => new(_protocol, Servers[server]);

    /// <param name="user">User part of the client's Contact.</param>
    public ISipStack For(string user, int preferredServer) => new ClientStack(this, user, preferredServer);

    public void Add(string user, ISipHandler handler) => _handlers[user] = handler;

    public void Remove(string user) => _handlers.TryRemove(user, out _);

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    void ITransactionUser.OnRequest(ServerTransaction transaction)
    {
        if (transaction.IsMerged)
        {
            transaction.Respond(482);
        }
        else if (HandlerOf(transaction.Request) is { } handler)
        {
            handler.OnRequest(new IncomingTransaction(transaction, Transactions, handler));
        }
        else
        {
            transaction.Respond(404);
        }
    }

    void ITransactionUser.OnCancel(ServerTransaction cancel, ServerTransaction? invite)
    {
        if (invite is null)
        {
            cancel.Respond(481);
        }
        else if (HandlerOf(invite.Request) is { } handler)
        {
            handler.OnCancel(new IncomingTransaction(invite, Transactions, handler));
        }
    }

    void ITransactionUser.OnAck(RequestMessage ack, SipFlow flow) => Transactions.Accepted.Acknowledge(ack);

    void ITransactionUser.OnStrayResponse(ResponseMessage response, SipFlow flow)
    {
    }

    void ITransactionUser.OnServerFailure(ServerTransaction transaction)
    {
    }

    void ITransactionUser.OnFlowClosed(SipFlow flow)
    {
    }

    private ISipHandler? HandlerOf(RequestMessage request) =>
        request.RequestUri?.UnescapedUser is { } user ? _handlers.GetValueOrDefault(user) : null;
}
