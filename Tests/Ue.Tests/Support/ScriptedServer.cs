using System.Collections.Concurrent;
using System.Net;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Tests.Support;

/// <summary>A SIP peer that does what a test says: answers each method by a function, keeps what it saw, sends requests of its own.</summary>
internal sealed class ScriptedServer : ITransactionUser, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SipTransportLayer _transport;
    private readonly TransactionLayer _transactions;
    private readonly ConcurrentDictionary<string, Func<RequestMessage, ResponseMessage?>> _answers = new();
    private readonly BlockingCollection<RequestMessage> _seen = [];
    private readonly ConcurrentDictionary<string, ServerTransaction> _open = new();
    private SipFlow? _client;

    public ScriptedServer(SipTransport transport = SipTransport.Udp)
    {
        _transport = new SipTransportLayer(
            new SipTransportOptions { Listeners = [new SipListener(transport, new IPEndPoint(IPAddress.Loopback, 0))] }, TimeProvider.System);
        _transactions = new TransactionLayer(_transport, this, new TransactionOptions(), TimeProvider.System);
    }

    public IPEndPoint Endpoint => _transport.Bound[0].Endpoint;

    public ServerTransaction? Cancelled { get; private set; }

    public Task StartAsync() => _transport.StartAsync(_transactions, CancellationToken.None);

    /// <summary>Null: the answer comes later.</summary>
    public ScriptedServer On(string method, Func<RequestMessage, ResponseMessage?> answer)
    {
        _answers[method] = answer;
        return this;
    }

    public ScriptedServer On(string method, int status) => On(method, request => request.CreateResponse(status, null, "srv"));

    public void Respond(RequestMessage request, ResponseMessage response) => _open[request.TopVia.Branch!].Respond(response);

    public void Respond(RequestMessage request, int status) => Respond(request, request.CreateResponse(status, null, "srv"));

    /// <summary>The next request of this method; requests before it are passed over.</summary>
    public async Task<RequestMessage> TakeAsync(string method)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Task.Run(() => _seen.GetConsumingEnumerable(patience.Token).First(request => request.Method == method));
    }

    public Task<ClientOutcome> SendAsync(RequestMessage request) => Send(request).Outcome.WaitAsync(Patience);

    public ClientTransaction Send(RequestMessage request) =>
        _transactions.Send(request, _client!, Via.MagicCookie + Guid.NewGuid().ToString("N")); // Known since the first request of the client.

    public async Task AckAsync(RequestMessage ack) =>
        Assert.True(await _transactions.SendStatelessAsync(ack, _client!, Via.MagicCookie + Guid.NewGuid().ToString("N"), CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _seen.Dispose();
    }

    void ITransactionUser.OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request;
        _client = transaction.Flow;
        _open[request.TopVia.Branch!] = transaction;
        if (_answers.TryGetValue(request.Method, out var answer) && answer(request) is { } response)
        {
            transaction.Respond(response);
        }

        _seen.Add(request);
    }

    void ITransactionUser.OnCancel(ServerTransaction cancel, ServerTransaction? invite)
    {
        Cancelled = invite;
        invite?.Respond(487, toTag: "srv");
    }

    void ITransactionUser.OnAck(RequestMessage ack, SipFlow flow) => _seen.Add(ack);

    void ITransactionUser.OnStrayResponse(ResponseMessage response, SipFlow flow)
    {
    }

    void ITransactionUser.OnServerFailure(ServerTransaction transaction)
    {
    }

    void ITransactionUser.OnFlowClosed(SipFlow flow)
    {
    }
}
