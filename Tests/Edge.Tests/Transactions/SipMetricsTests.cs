using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transactions;

public sealed class SipMetricsTests : IDisposable
{
    private readonly Measurements _meters = new();
    private readonly TransactionBench _bench;

    public SipMetricsTests() => _bench = new TransactionBench(meters: _meters);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Request_is_counted_once_and_its_retransmission_apart()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE"));
        _bench.Layer.OnMessage(TransactionBench.Request("INVITE"), TransactionBench.Flow());
        invite.Respond(180, toTag: "t");
        _bench.Layer.OnMessage(TransactionBench.Request("INVITE"), TransactionBench.Flow());
        _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        invite.Respond(200, toTag: "t");

        Assert.Equal("method=INVITE,direction=in 1", _meters.Sums("mcptt.sip.requests"));
        Assert.Equal("direction=in 2; direction=out 1", _meters.Sums("mcptt.sip.retransmissions"));
        Assert.Equal("method=INVITE,class=1xx,direction=out 1; method=INVITE,class=2xx,direction=out 1", _meters.Sums("mcptt.sip.responses"));
        Assert.Equal(("method=INVITE,class=2xx", 2), Assert.Single(_meters.Of("mcptt.sip.request.duration")));
    }

    [Fact]
    public void Own_request_without_answer_is_counted_once_and_what_is_sent_again_apart()
    {
        _bench.Layer.Send(TransactionBench.Own("OPTIONS"), TransactionBench.Flow(), "z9hG4bKown");
        _bench.Watch(TimeSpan.FromMilliseconds(1600));

        Assert.Equal("method=OPTIONS,direction=out 1", _meters.Sums("mcptt.sip.requests"));
        Assert.Equal("direction=out 2", _meters.Sums("mcptt.sip.retransmissions"));
    }

    [Fact]
    public void Methods_that_a_peer_makes_up_are_one_tag()
    {
        _bench.Receive(TransactionBench.Request("FIRST", "z9hG4bK1"));
        _bench.Receive(TransactionBench.Request("SECOND", "z9hG4bK2"));

        Assert.Equal("method=other,direction=in 2", _meters.Sums("mcptt.sip.requests"));
    }
}
