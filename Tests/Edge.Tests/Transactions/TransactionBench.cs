using System.Diagnostics.Metrics;
using System.Net;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transactions;

/// <summary>A transaction layer between a recorded wire and a recorded user, under a clock that the test turns.</summary>
internal sealed class TransactionBench : ISipTransport, ITransactionUser
{
    public static readonly IPEndPoint Peer = IPEndPoint.Parse("192.0.2.9:5070");

    public TransactionBench(TransactionOptions? options = null, IMeterFactory? meters = null) =>
        Layer = new TransactionLayer(this, this, options ?? new TransactionOptions(), Clock, meters is null ? null : new SipMetrics(meters, Clock));

    public FakeClock Clock { get; } = new();

    public TransactionLayer Layer { get; }

    public List<SipMessage> Sent { get; } = [];

    public List<ServerTransaction> Requests { get; } = [];

    public List<(ServerTransaction Cancel, ServerTransaction? Invite)> Cancels { get; } = [];

    public List<RequestMessage> Acks { get; } = [];

    public List<ResponseMessage> Strays { get; } = [];

    public List<ServerTransaction> Failures { get; } = [];

    /// <summary>Null: sending works.</summary>
    public Func<SipMessage, bool>? Fails { get; set; }

    public static SipFlow Flow(SipTransport transport = SipTransport.Udp) => new(transport, Peer, transport == SipTransport.Udp ? "" : "c1");

    /// <summary>What was sent since the last call, one word each: method or status.</summary>
    public string TakeSent()
    {
        var words = string.Join(' ', Sent.Select(message => message switch
        {
            RequestMessage request => request.Method,
            ResponseMessage response => $"{response.StatusCode}",
            _ => "",
        }));
        Sent.Clear();
        return words;
    }

    /// <summary>"message@milliseconds" of what is sent within the time, in steps of 50 ms.</summary>
    public string Watch(TimeSpan time)
    {
        var start = Clock.GetUtcNow();
        var log = new List<string>();
        while (Clock.GetUtcNow() - start < time)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(50));
            var sent = TakeSent();
            if (sent.Length > 0)
            {
                log.Add($"{sent}@{(Clock.GetUtcNow() - start).TotalMilliseconds}");
            }
        }

        return string.Join(' ', log);
    }

    public static RequestMessage Request(string method, string branch = "z9hG4bK1", uint cseq = 1, string? toTag = null, string via = "192.0.2.9:5070")
    {
        var to = NameAddr.Parse("<sip:brigade@example.org>");
        var request = RequestMessage.Create(
            method, SipUri.Parse("sip:brigade@example.org"), NameAddr.Parse("<sip:alice@example.org>;tag=a"), toTag is null ? to : to.WithTag(toTag), "call-1", cseq);
        request.Headers.Prepend("Via", $"SIP/2.0/UDP {via};rport;branch={branch}");
        return request;
    }

    /// <summary>A request of ours, without Via.</summary>
    public static RequestMessage Own(string method)
    {
        var request = Request(method);
        request.RemoveTopVia();
        return request;
    }

    public ServerTransaction Receive(RequestMessage request, SipTransport transport = SipTransport.Udp)
    {
        Layer.OnMessage(request, Flow(transport));
        return Requests[^1];
    }

    /// <summary>The response of the peer to the first request of this method that was sent.</summary>
    public void Answer(RequestMessage sent, int status, string toTag = "b") => Layer.OnMessage(sent.CreateResponse(status, toTag: toTag), Flow());

    public ValueTask<bool> SendAsync(SipMessage message, SipFlow destination, CancellationToken cancellationToken)
    {
        if (Fails?.Invoke(message) == true)
        {
            return new(false);
        }

        Sent.Add(message);
        return new(true);
    }

    public ValueTask<bool> SendResponseAsync(ResponseMessage response, SipFlow requestFlow, CancellationToken cancellationToken) =>
        SendAsync(response, requestFlow, cancellationToken);

    public SipFlow ChooseTransport(RequestMessage request, SipFlow destination) => destination;

    public (string Host, int Port) SentBy(SipTransport transport, IPEndPoint destination) => ("192.0.2.1", 5060);

    public void OnRequest(ServerTransaction transaction) => Requests.Add(transaction);

    public void OnCancel(ServerTransaction cancel, ServerTransaction? invite) => Cancels.Add((cancel, invite));

    public void OnAck(RequestMessage ack, SipFlow flow) => Acks.Add(ack);

    public void OnStrayResponse(ResponseMessage response, SipFlow flow) => Strays.Add(response);

    public void OnServerFailure(ServerTransaction transaction) => Failures.Add(transaction);

    public void OnFlowClosed(SipFlow flow)
    {
    }
}
