using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>RFC 3261 17 and 9.2 over an <see cref="ISipTransport"/>: matches messages to transactions and bounds how many there are.</summary>
public sealed class TransactionLayer : ISipReceiver
{
    // A CANCEL ends work, so it may pass the limit by this share of it.
    private const int ReserveDivisor = 10;
    private const int StatelessTagDigits = 16;

    private readonly ConcurrentDictionary<string, ServerTransaction> _servers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServerTransaction> _merges = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClientTransaction> _clients = new(StringComparer.Ordinal);
    private int _count;
    private long _refused;

    public TransactionLayer(ISipTransport transport, ITransactionUser user, TransactionOptions options, TimeProvider time)
        : this(transport, user, options, time, null)
    {
    }

    internal TransactionLayer(ISipTransport transport, ITransactionUser user, TransactionOptions options, TimeProvider time, SipMetrics? metrics)
    {
        (Transport, User, Options, Time, Metrics) = (transport, user, options, time, metrics);
        Accepted = new AcceptedInvites(transport, options, time) { SentAgain = metrics is null ? null : metrics.SentAgain };
    }

    /// <summary>The 2xx responses to INVITE that wait for their ACK.</summary>
    public AcceptedInvites Accepted { get; }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Requests refused with 503 because there were too many transactions.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    internal ISipTransport Transport { get; }

    internal ITransactionUser User { get; }

    internal TransactionOptions Options { get; }

    internal TimeProvider Time { get; }

    /// <summary>Null: nobody measures, as in a phone.</summary>
    internal SipMetrics? Metrics { get; }

    /// <summary>
    /// Sends a request in a transaction of its own. The caller gives the branch (with its magic cookie): the same branch and method again is the
    /// transaction that is already there, and after its end the same bytes again. The Via is put on here, on a copy.
    /// </summary>
    public ClientTransaction Send(RequestMessage request, SipFlow destination, string branch, ClientCallbacks? callbacks = null)
    {
        var flow = Transport.ChooseTransport(request, destination);
        var sent = WithVia(request, flow, branch);
        var key = TransactionKey.OfClient(branch, request.Method);
        var transaction = new ClientTransaction(this, key, branch, sent, flow, callbacks ?? new ClientCallbacks());
        if (_clients.TryGetValue(key, out var running))
        {
            return running;
        }

        if (!TryCount(Options.MaxTransactions))
        {
            transaction.Fail(ClientFailure.Overloaded);
            return transaction;
        }

        var stored = _clients.GetOrAdd(key, transaction);
        if (stored != transaction)
        {
            Interlocked.Decrement(ref _count);
            return stored;
        }

        transaction.Start();
        return transaction;
    }

    /// <summary>The same for who wants only the outcome.</summary>
    public Task<ClientOutcome> SendRequestAsync(RequestMessage request, SipFlow destination, string branch, ClientCallbacks? callbacks = null) =>
        Send(request, destination, branch, callbacks).Outcome;

    /// <summary>Sends a request outside any transaction: the ACK of a 2xx (RFC 3261 13.2.2.4).</summary>
    public ValueTask<bool> SendStatelessAsync(RequestMessage request, SipFlow destination, string branch, CancellationToken cancellationToken)
    {
        var flow = Transport.ChooseTransport(request, destination);
        return Transport.SendAsync(WithVia(request, flow, branch), flow, cancellationToken);
    }

    /// <summary>The running INVITE that was sent with this branch; null: it has ended, or never was here.</summary>
    public ClientTransaction? FindInvite(string branch) => _clients.GetValueOrDefault(TransactionKey.OfClient(branch, SipMethods.Invite));

    public void OnMessage(SipMessage message, SipFlow flow)
    {
        if (message is ResponseMessage response)
        {
            OnResponse(response, flow);
            return;
        }

        var request = (RequestMessage)message;
        if (request.IsAck)
        {
            Metrics?.RequestCame(request.Method);
            OnAck(request, flow);
        }
        else if (_servers.TryGetValue(TransactionKey.OfServer(request), out var known))
        {
            Metrics?.CameAgain();
            known.Take(TransactionInput.Request);
        }
        else if (request.Method == SipMethods.Cancel)
        {
            OnCancel(request, flow);
        }
        else if (Open(request, flow, Options.MaxTransactions) is { } opened)
        {
            User.OnRequest(opened);
        }
    }

    public void OnConnectionClosed(SipFlow flow)
    {
        foreach (var client in _clients.Values.Where(client => UsesConnection(client.Flow, flow)))
        {
            client.Take(TransactionInput.TransportError);
        }

        User.OnFlowClosed(flow);
    }

    private static bool UsesConnection(SipFlow used, SipFlow closed) => used.Transport == closed.Transport
        && (used.ConnectionId.Length == 0 ? used.Remote.Equals(closed.Remote) : used.ConnectionId == closed.ConnectionId);

    internal void SendCancel(ClientTransaction invite, string? reason)
    {
        var cancel = DerivedRequests.Cancel(invite.Request, reason);
        var key = TransactionKey.OfClient(invite.Branch, SipMethods.Cancel);
        var transaction = new ClientTransaction(this, key, invite.Branch, cancel, invite.Flow, new ClientCallbacks());
        if (_clients.TryAdd(key, transaction))
        {
            Interlocked.Increment(ref _count);
            transaction.Start();
        }
    }

    internal void Remove(Transaction transaction)
    {
        var removed = transaction switch
        {
            ClientTransaction client => _clients.TryRemove(new(client.Key, client)),
            ServerTransaction server => _servers.TryRemove(new(server.Key, server)),
            _ => false,
        };
        if (removed)
        {
            Interlocked.Decrement(ref _count);
        }

        if (transaction is ServerTransaction { MergeKey: { } mergeKey } merged)
        {
            _merges.TryRemove(new(mergeKey, merged));
        }
    }

    private void OnResponse(ResponseMessage response, SipFlow flow)
    {
        Metrics?.ResponseCame(response.CSeq.Method, response.StatusCode);
        var branch = response.TopVia.Branch ?? "";
        if (_clients.TryGetValue(TransactionKey.OfClient(branch, response.CSeq.Method), out var client))
        {
            client.OnResponse(response);
        }
        else
        {
            User.OnStrayResponse(response, flow);
        }
    }

    // The ACK of a failure has the INVITE's branch and ends there; that of a 2xx has its own and is the user's (RFC 3261 17.1.1.3, 13.2.2.4).
    private void OnAck(RequestMessage ack, SipFlow flow)
    {
        if (_servers.TryGetValue(TransactionKey.OfServer(ack), out var invite))
        {
            invite.Take(TransactionInput.Ack, ack);
        }
        else
        {
            User.OnAck(ack, flow);
        }
    }

    private void OnCancel(RequestMessage request, SipFlow flow)
    {
        var cancelled = _servers.GetValueOrDefault(TransactionKey.OfServer(request, SipMethods.Invite));
        if (Open(request, flow, Options.MaxTransactions + (Options.MaxTransactions / ReserveDivisor)) is not { } cancel)
        {
            return;
        }

        if (cancelled is null)
        {
            User.OnCancel(cancel, null);
            return;
        }

        // RFC 3261 9.2: the To tag of this 200 should be that of the INVITE's responses.
        cancel.Respond(200, toTag: cancelled.LastResponse?.To.Tag ?? cancelled.Request.To.Tag ?? StatelessTag(request));
        if (cancelled.IsPending)
        {
            User.OnCancel(cancel, cancelled);
        }
    }

    // Null: there are too many; the 503 has been sent.
    private ServerTransaction? Open(RequestMessage request, SipFlow flow, int limit)
    {
        Metrics?.RequestCame(request.Method);
        if (!TryCount(limit))
        {
            Refuse(request, flow);
            return null;
        }

        var mergeKey = request.To.Tag is null && request.Method != SipMethods.Cancel ? TransactionKey.OfMerge(request) : null;
        var isMerged = mergeKey is not null && _merges.ContainsKey(mergeKey);
        var transaction = new ServerTransaction(this, TransactionKey.OfServer(request), isMerged ? null : mergeKey, request, flow) { IsMerged = isMerged };
        if (!_servers.TryAdd(transaction.Key, transaction))
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        if (transaction.MergeKey is not null)
        {
            _merges.TryAdd(transaction.MergeKey, transaction);
        }

        transaction.Begin();
        return transaction;
    }

    private void Refuse(RequestMessage request, SipFlow flow)
    {
        Interlocked.Increment(ref _refused);
        Metrics?.ResponseSent(request.Method, 503);
        var response = request.CreateResponse(503, toTag: StatelessTag(request));
        response.Headers.Add(SipHeaderNames.RetryAfter, $"{(int)Options.RetryAfter.TotalSeconds}");
        _ = Transport.SendResponseAsync(response, flow, CancellationToken.None).AsTask();
    }

    // RFC 3261 8.2.7: a stateless answer to a retransmission must carry the same tag.
    private static string StatelessTag(RequestMessage request) => "s" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TransactionKey.OfServer(request))))[..StatelessTagDigits];

    private RequestMessage WithVia(RequestMessage request, SipFlow flow, string branch)
    {
        var (host, port) = Transport.SentBy(flow.Transport, flow.Remote);
        var via = new Via(flow.Transport, host, port, branch);
        var sent = request.Copy();
        // RFC 3581 3: the response comes back through the hole that the request made.
        sent.Headers.Prepend(SipHeaderNames.Via, (flow.Transport == SipTransport.Udp ? via.With("rport") : via).ToString());
        return sent;
    }

    private bool TryCount(int limit)
    {
        if (Interlocked.Increment(ref _count) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }
}
