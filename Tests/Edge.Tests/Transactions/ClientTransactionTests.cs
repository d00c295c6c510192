using Mcptt.Edge.Transactions;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transactions;

public class ClientTransactionTests
{
    private const string Branch = "z9hG4bKours";

    private readonly TransactionBench _bench = new();

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private ClientTransaction Send(string method, SipTransport transport = SipTransport.Udp, ClientCallbacks? callbacks = null) =>
        _bench.Layer.Send(TransactionBench.Own(method), TransactionBench.Flow(transport), Branch, callbacks);

    private RequestMessage FirstSent()
    {
        var sent = (RequestMessage)_bench.Sent[0];
        _bench.Sent.Clear();
        return sent;
    }

    [Fact]
    [Clause("RFC3261 17.1.1.2")]
    public async Task INVITE_is_repeated_by_timer_A_until_timer_B()
    {
        var invite = Send("INVITE");
        Assert.Equal("INVITE", _bench.TakeSent());
        Assert.Equal("INVITE@500 INVITE@1500 INVITE@3500 INVITE@7500 INVITE@15500 INVITE@31500", _bench.Watch(Ms(40_000)));
        Assert.Equal(new ClientOutcome(null, ClientFailure.Timeout), await invite.Outcome);
        Assert.Equal(0, _bench.Layer.Count);
    }

    [Fact]
    [Clause("RFC3261 17.1.2.2")]
    public async Task Other_request_is_repeated_by_timer_E_until_timer_F()
    {
        var bye = Send("BYE");
        _bench.TakeSent();
        Assert.Equal("BYE@500 BYE@1500 BYE@3500 BYE@7500 BYE@11500 BYE@15500 BYE@19500 BYE@23500 BYE@27500 BYE@31500", _bench.Watch(Ms(40_000)));
        Assert.Equal(ClientFailure.Timeout, (await bye.Outcome).Failure);
    }

    [Fact]
    [Clause("RFC3261 17.1.2.2")]
    public void After_a_provisional_response_timer_E_is_T2()
    {
        Send("BYE");
        var sent = FirstSent();
        _bench.Clock.Advance(Ms(400));
        _bench.Answer(sent, 100);
        Assert.Equal("BYE@100 BYE@4100 BYE@8100", _bench.Watch(Ms(9_000)));
    }

    [Fact]
    [Clause("RFC3261 8.1.1.7")]
    [Clause("RFC3581 3")]
    public void Request_carries_our_Via_with_the_given_branch()
    {
        Send("OPTIONS");
        Assert.Equal("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport", FirstSent().TopVia.ToString());
        _bench.Layer.Send(TransactionBench.Own("OPTIONS"), TransactionBench.Flow(SipTransport.Tcp), "z9hG4bKtcp");
        Assert.Equal("SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKtcp", FirstSent().TopVia.ToString());
    }

    [Fact]
    [Clause("RFC3261 17.1.1.3")]
    public async Task Failure_of_an_INVITE_is_acknowledged_each_time_and_told_once()
    {
        var invite = Send("INVITE");
        var sent = FirstSent();
        _bench.Answer(sent, 486);
        var ack = FirstSent();
        Assert.Equal(("ACK", Branch, "b", 1u, "ACK"), (ack.Method, ack.TopVia.Branch, ack.To.Tag, ack.CSeq.Number, ack.CSeq.Method));
        Assert.Equal(sent.RequestUriText, ack.RequestUriText);
        _bench.Answer(sent, 486);
        Assert.Equal("ACK", _bench.TakeSent());
        Assert.Equal(486, (await invite.Outcome).Response!.StatusCode);
        _bench.Clock.Advance(Ms(32_000));
        Assert.Equal(0, _bench.Layer.Count);
        _bench.Answer(sent, 486);
        Assert.Single(_bench.Strays);
    }

    [Fact]
    [Clause("RFC6026 7.2")]
    public async Task Every_2xx_of_an_INVITE_reaches_the_user()
    {
        var further = new List<string?>();
        var provisional = new List<int>();
        var invite = Send("INVITE", callbacks: new ClientCallbacks
        {
            Provisional = response => provisional.Add(response.StatusCode),
            FurtherSuccess = response => further.Add(response.To.Tag),
        });
        var sent = FirstSent();
        _bench.Answer(sent, 100);
        _bench.Answer(sent, 180);
        _bench.Answer(sent, 200, "first");
        _bench.Answer(sent, 200, "first");
        _bench.Answer(sent, 200, "fork");
        Assert.Equal("first", (await invite.Outcome).Response!.To.Tag);
        Assert.Equal(["first", "fork"], further);
        Assert.Equal([100, 180], provisional);
        Assert.Equal("", _bench.Watch(Ms(31_950)));
        Assert.Equal(1, _bench.Layer.Count);
        _bench.Clock.Advance(Ms(50));
        Assert.Equal(0, _bench.Layer.Count);
    }

    [Fact]
    [Clause("RFC3261 9.1")]
    public async Task CANCEL_waits_for_a_provisional_response_and_goes_once()
    {
        var invite = Send("INVITE");
        var sent = FirstSent();
        invite.Cancel("SIP;cause=200");
        Assert.Equal("", _bench.TakeSent());
        _bench.Answer(sent, 180);
        invite.Cancel();
        _bench.Answer(sent, 180);
        var cancel = FirstSent();
        Assert.Equal(("CANCEL", Branch, null, "SIP;cause=200"), (cancel.Method, cancel.TopVia.Branch, cancel.To.Tag, cancel.Headers["Reason"]));
        _bench.Answer(cancel, 200);
        _bench.Answer(sent, 487);
        Assert.Equal("ACK", _bench.TakeSent());
        Assert.Equal(487, (await invite.Outcome).Response!.StatusCode);
    }

    [Fact]
    [Clause("RFC3261 9.1")]
    public async Task INVITE_without_final_response_ends_64_T1_after_its_CANCEL()
    {
        var invite = Send("INVITE");
        _bench.Answer(FirstSent(), 180);
        _bench.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(invite.Outcome.IsCompleted);
        invite.Cancel();
        _bench.Clock.Advance(Ms(32_000));
        Assert.Equal(ClientFailure.Timeout, (await invite.Outcome).Failure);
    }

    [Fact]
    public async Task Request_that_cannot_be_sent_fails_at_once()
    {
        _bench.Fails = _ => true;
        Assert.Equal(ClientFailure.Transport, (await Send("INVITE").Outcome).Failure);
        Assert.Equal(0, _bench.Layer.Count);
    }

    [Fact]
    public async Task Closed_connection_fails_the_requests_on_it()
    {
        var onIt = Send("BYE", SipTransport.Tcp);
        var other = _bench.Layer.Send(TransactionBench.Own("BYE"), TransactionBench.Flow() with { ConnectionId = "" }, "z9hG4bKudp");
        _bench.Layer.OnConnectionClosed(TransactionBench.Flow(SipTransport.Tcp));
        Assert.Equal(ClientFailure.Transport, (await onIt.Outcome).Failure);
        Assert.False(other.Outcome.IsCompleted);
    }

    [Fact]
    public void Same_branch_again_is_the_transaction_that_runs()
    {
        var first = Send("INVITE");
        Assert.Same(first, Send("INVITE"));
        Assert.Equal("INVITE", _bench.TakeSent());
        Assert.Same(first, _bench.Layer.FindInvite(Branch));
        Assert.Null(_bench.Layer.FindInvite("z9hG4bKnone"));
    }

    [Fact]
    [Clause("RFC3261 17.1.3")]
    public void Response_with_another_method_or_branch_is_a_stray()
    {
        Send("INVITE");
        var sent = FirstSent();
        var other = sent.CreateResponse(200, toTag: "b");
        other.CSeq = new CSeq(1, "BYE");
        _bench.Layer.OnMessage(other, TransactionBench.Flow());
        Assert.Same(other, Assert.Single(_bench.Strays));
    }
}
