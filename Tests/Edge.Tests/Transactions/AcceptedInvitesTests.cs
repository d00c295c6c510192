using Mcptt.Edge.Transactions;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transactions;

[Clause("RFC3261 13.3.1.4")]
public class AcceptedInvitesTests
{
    private readonly TransactionBench _bench = new(new TransactionOptions { MaxAcceptedInvites = 1 });
    private int _acknowledged;
    private int _given;

    private static ResponseMessage Ok(uint cseq = 1) => TransactionBench.Request("INVITE", cseq: cseq).CreateResponse(200, toTag: "t");

    private bool Start(ResponseMessage ok) => _bench.Layer.Accepted.Start(ok, TransactionBench.Flow(SipTransport.Tcp), _ => _acknowledged++, () => _given++);

    [Fact]
    public void Success_is_repeated_over_any_transport_until_its_ACK()
    {
        Assert.True(Start(Ok()));
        Assert.Equal("200", _bench.TakeSent());
        Assert.Equal("200@500 200@1500 200@3500 200@7500 200@11500", _bench.Watch(TimeSpan.FromSeconds(12)));
        Assert.False(_bench.Layer.Accepted.Acknowledge(TransactionBench.Request("ACK", toTag: "t", cseq: 2)));
        Assert.True(_bench.Layer.Accepted.Acknowledge(TransactionBench.Request("ACK", "z9hG4bKack", toTag: "t")));
        Assert.False(_bench.Layer.Accepted.Acknowledge(TransactionBench.Request("ACK", "z9hG4bKack", toTag: "t")));
        Assert.Equal("", _bench.Watch(TimeSpan.FromSeconds(60)));
        Assert.Equal((1, 0, 0), (_acknowledged, _given, _bench.Layer.Accepted.Count));
    }

    [Fact]
    public void Without_ACK_it_is_given_up_after_64_T1()
    {
        Start(Ok());
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(31_999));
        Assert.Equal(0, _given);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1, 0), (_acknowledged, _given, _bench.Layer.Accepted.Count));
        _bench.TakeSent();
        Assert.Equal("", _bench.Watch(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Repeated_start_sends_once_more_and_counts_as_one()
    {
        Start(Ok());
        Assert.True(Start(Ok()));
        Assert.Equal("200 200", _bench.TakeSent());
        Assert.Equal("200@500", _bench.Watch(TimeSpan.FromSeconds(1)));
        _bench.Clock.Advance(TimeSpan.FromSeconds(32));
        Assert.Equal(1, _given);
    }

    [Fact]
    public void Beyond_the_limit_it_is_sent_but_not_repeated()
    {
        Start(Ok());
        Assert.False(Start(Ok(cseq: 2)));
        Assert.Equal("200 200", _bench.TakeSent());
        Assert.Equal("200@500", _bench.Watch(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void First_sending_may_be_left_to_the_transaction()
    {
        _bench.Layer.Accepted.Start(Ok(), TransactionBench.Flow(), sendNow: false);
        Assert.Equal("", _bench.TakeSent());
        Assert.Equal("200@500", _bench.Watch(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void ACK_that_comes_before_the_start_counts_and_an_old_one_does_not()
    {
        var ack = TransactionBench.Request("ACK", "z9hG4bKack", toTag: "t");
        Assert.False(_bench.Layer.Accepted.Acknowledge(ack));
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Start(Ok());
        Assert.Equal((1, 0), (_acknowledged, _bench.Layer.Accepted.Count));
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Start(Ok());
        Assert.Equal((1, 1), (_acknowledged, _bench.Layer.Accepted.Count));
    }

    [Fact]
    public void Stopped_dialog_is_silent()
    {
        Start(Ok());
        _bench.Layer.Accepted.Stop("call-1", "t");
        _bench.TakeSent();
        Assert.Equal("", _bench.Watch(TimeSpan.FromSeconds(60)));
        Assert.Equal((0, 0), (_acknowledged, _given));
    }
}
