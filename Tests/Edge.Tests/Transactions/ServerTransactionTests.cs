using Mcptt.Edge.Transactions;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transactions;

public class ServerTransactionTests
{
    private readonly TransactionBench _bench = new();

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    [Clause("RFC3261 17.2.1")]
    public void Trying_is_sent_after_200_ms_and_not_when_the_user_was_quicker()
    {
        _bench.Receive(TransactionBench.Request("INVITE"));
        Assert.Equal("100@200", _bench.Watch(Ms(1000)));
        var quick = _bench.Receive(TransactionBench.Request("INVITE", "z9hG4bK2"));
        quick.Respond(180, toTag: "t");
        Assert.Equal("180", _bench.TakeSent());
        Assert.Equal("", _bench.Watch(Ms(1000)));
    }

    [Fact]
    [Clause("RFC3261 17.2.1")]
    public void Retransmitted_INVITE_gets_the_last_response_and_never_reaches_the_user()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE"));
        _bench.Layer.OnMessage(TransactionBench.Request("INVITE"), TransactionBench.Flow());
        Assert.Equal("", _bench.TakeSent());
        invite.Respond(180, toTag: "t");
        _bench.Layer.OnMessage(TransactionBench.Request("INVITE"), TransactionBench.Flow());
        Assert.Equal("180 180", _bench.TakeSent());
        Assert.Single(_bench.Requests);
    }

    [Fact]
    [Clause("RFC3261 17.2.1")]
    public void Failure_is_repeated_by_timer_G_until_the_ACK()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE"));
        invite.Respond(486, toTag: "t");
        Assert.Equal("486", _bench.TakeSent());
        Assert.Equal("486@500 486@1500 486@3500 486@7500 486@11500", _bench.Watch(Ms(12_000)));
        _bench.Layer.OnMessage(TransactionBench.Request("ACK", toTag: "t"), TransactionBench.Flow());
        Assert.Equal(TransactionState.Confirmed, invite.State);
        Assert.Equal("", _bench.Watch(Ms(4_950)));
        Assert.Equal(TransactionState.Confirmed, invite.State);
        _bench.Clock.Advance(Ms(50));
        Assert.Equal((TransactionState.Terminated, 0), (invite.State, _bench.Layer.Count));
        Assert.Empty(_bench.Acks);
        Assert.Empty(_bench.Failures);
    }

    [Fact]
    [Clause("RFC3261 17.2.1")]
    public void Failure_without_ACK_is_given_up_after_timer_H()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE"));
        invite.Respond(486, toTag: "t");
        _bench.Clock.Advance(Ms(31_999));
        Assert.Empty(_bench.Failures);
        _bench.Clock.Advance(Ms(1));
        Assert.Equal(invite, Assert.Single(_bench.Failures));
        Assert.Equal(0, _bench.Layer.Count);
    }

    [Fact]
    [Clause("RFC6026 7.1")]
    public void After_a_2xx_retransmissions_are_absorbed_and_the_ACK_goes_to_the_user()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE"));
        invite.Respond(200, toTag: "t");
        _bench.Layer.OnMessage(TransactionBench.Request("INVITE"), TransactionBench.Flow());
        Assert.Equal("200", _bench.TakeSent());
        _bench.Layer.OnMessage(TransactionBench.Request("ACK", "z9hG4bKother", toTag: "t"), TransactionBench.Flow());
        _bench.Layer.OnMessage(TransactionBench.Request("ACK", toTag: "t"), TransactionBench.Flow());
        Assert.Equal(2, _bench.Acks.Count);
        invite.Respond(486);
        invite.Respond(200, toTag: "t");
        Assert.Equal("200", _bench.TakeSent());
        _bench.Clock.Advance(Ms(32_000));
        Assert.Equal(TransactionState.Terminated, invite.State);
    }

    [Fact]
    [Clause("RFC3261 17.2.2")]
    public void Non_INVITE_answers_retransmissions_for_timer_J()
    {
        var bye = _bench.Receive(TransactionBench.Request("BYE", toTag: "t"));
        _bench.Layer.OnMessage(TransactionBench.Request("BYE", toTag: "t"), TransactionBench.Flow());
        Assert.Equal("", _bench.Watch(Ms(1000)));
        bye.Respond(200);
        bye.Respond(500);
        _bench.Clock.Advance(Ms(31_999));
        _bench.Layer.OnMessage(TransactionBench.Request("BYE", toTag: "t"), TransactionBench.Flow());
        Assert.Equal("200 200", _bench.TakeSent());
        _bench.Clock.Advance(Ms(1));
        Assert.Equal(0, _bench.Layer.Count);
        Assert.Single(_bench.Requests);
    }

    [Fact]
    public void Over_a_stream_nothing_is_repeated_and_a_finished_transaction_is_gone_at_once()
    {
        var bye = _bench.Receive(TransactionBench.Request("BYE", toTag: "t"), SipTransport.Tcp);
        bye.Respond(200);
        _bench.Clock.Advance(TimeSpan.Zero);
        Assert.Equal(0, _bench.Layer.Count);
        var invite = _bench.Receive(TransactionBench.Request("INVITE"), SipTransport.Tcp);
        invite.Respond(404, toTag: "t");
        Assert.Equal("200 404", _bench.TakeSent());
        Assert.Equal("", _bench.Watch(Ms(5_000)));
    }

    [Fact]
    [Clause("RFC3261 17.2.3")]
    public void Same_branch_of_another_sender_or_method_is_another_transaction()
    {
        _bench.Receive(TransactionBench.Request("OPTIONS"));
        _bench.Receive(TransactionBench.Request("OPTIONS", via: "192.0.2.10:5070", cseq: 2));
        _bench.Receive(TransactionBench.Request("INFO", toTag: "t"));
        Assert.Equal(3, _bench.Requests.Count);
    }

    [Fact]
    [Clause("RFC3261 17.2.3")]
    public void Request_without_the_magic_cookie_matches_by_its_headers()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE", "1"));
        _bench.Layer.OnMessage(TransactionBench.Request("INVITE", "1"), TransactionBench.Flow());
        Assert.Single(_bench.Requests);
        _bench.Receive(TransactionBench.Request("INVITE", "1", cseq: 2));
        Assert.Equal(2, _bench.Requests.Count);
        invite.Respond(486, toTag: "t");
        _bench.Layer.OnMessage(TransactionBench.Request("ACK", "1", toTag: "t"), TransactionBench.Flow());
        Assert.Equal(TransactionState.Confirmed, invite.State);
    }

    [Fact]
    [Clause("RFC3261 8.2.2.2")]
    public void Same_request_by_another_way_is_merged()
    {
        var first = _bench.Receive(TransactionBench.Request("INVITE"));
        var second = _bench.Receive(TransactionBench.Request("INVITE", "z9hG4bKother"));
        Assert.Equal((false, true), (first.IsMerged, second.IsMerged));
        second.Respond(482, toTag: "t");
        Assert.False(_bench.Receive(TransactionBench.Request("INVITE", "z9hG4bKnext", cseq: 2)).IsMerged);
    }

    [Fact]
    [Clause("RFC3261 9.2")]
    public void CANCEL_of_a_pending_INVITE_is_answered_and_reaches_the_user_once()
    {
        var invite = _bench.Receive(TransactionBench.Request("INVITE"));
        invite.Respond(180, toTag: "ours");
        _bench.TakeSent();
        _bench.Layer.OnMessage(TransactionBench.Request("CANCEL"), TransactionBench.Flow());
        _bench.Layer.OnMessage(TransactionBench.Request("CANCEL"), TransactionBench.Flow());
        Assert.All(_bench.Sent, ok => Assert.Equal("ours", ok.To.Tag));
        Assert.Equal("200 200", _bench.TakeSent());
        Assert.Equal(invite, Assert.Single(_bench.Cancels).Invite);
        invite.Respond(487, toTag: "ours");
        Assert.Equal("487", _bench.TakeSent());
    }

    [Fact]
    [Clause("RFC3261 9.2")]
    public void CANCEL_after_the_final_response_has_no_effect_but_its_200()
    {
        _bench.Receive(TransactionBench.Request("INVITE")).Respond(200, toTag: "t");
        _bench.Layer.OnMessage(TransactionBench.Request("CANCEL"), TransactionBench.Flow());
        Assert.Equal("200 200", _bench.TakeSent());
        Assert.Empty(_bench.Cancels);
    }

    [Fact]
    [Clause("RFC3261 9.2")]
    public void CANCEL_that_matches_nothing_is_the_users_to_answer()
    {
        _bench.Layer.OnMessage(TransactionBench.Request("CANCEL"), TransactionBench.Flow());
        var (cancel, invite) = Assert.Single(_bench.Cancels);
        Assert.Null(invite);
        cancel.Respond(481, toTag: "t");
        Assert.Equal("481", _bench.TakeSent());
    }

    [Fact]
    public void Response_that_cannot_be_sent_ends_the_transaction_and_is_told()
    {
        var bye = _bench.Receive(TransactionBench.Request("BYE", toTag: "t"));
        _bench.Fails = _ => true;
        bye.Respond(200);
        Assert.Equal(bye, Assert.Single(_bench.Failures));
        Assert.Equal(0, _bench.Layer.Count);
    }

    [Fact]
    public async Task Request_beyond_the_limit_gets_503_with_Retry_After_and_the_same_tag_again()
    {
        var bench = new TransactionBench(new TransactionOptions { MaxTransactions = 2 });
        bench.Receive(TransactionBench.Request("INVITE"));
        bench.Receive(TransactionBench.Request("INVITE", "z9hG4bK2", cseq: 2));
        bench.Layer.OnMessage(TransactionBench.Request("INVITE", "z9hG4bK3", cseq: 3), TransactionBench.Flow());
        bench.Layer.OnMessage(TransactionBench.Request("INVITE", "z9hG4bK3", cseq: 3), TransactionBench.Flow());
        Assert.Equal(2, bench.Requests.Count);
        Assert.All(bench.Sent, refusal => Assert.Equal(5u, refusal.RetryAfterSeconds));
        Assert.Equal(bench.Sent[0].To.Tag, bench.Sent[1].To.Tag);
        Assert.Equal("503 503", bench.TakeSent());
        Assert.Equal((2, 2L), (bench.Layer.Count, bench.Layer.Refused));
        Assert.Equal(ClientFailure.Overloaded, (await bench.Layer.SendRequestAsync(TransactionBench.Own("BYE"), TransactionBench.Flow(), "z9hG4bKo")).Failure);
    }
}
