using Mcptt.Edge.Tests.Transports;
using Mcptt.Edge.Transactions;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Tests.Transactions;

/// <summary>Two real stacks on loopback.</summary>
public class TransactionsOverNetworkTests
{
    public static TheoryData<SipTransport> Transports => [SipTransport.Udp, SipTransport.Tcp];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Requests_are_answered(SipTransport transport)
    {
        await using var server = await Stack.StartAsync(request => request.Respond(200, toTag: "t"));
        await using var client = await Stack.StartAsync(_ => { });
        var sends = Enumerable.Range(1, 200).Select(number => client.Transactions.SendRequestAsync(
            TransactionBench.Own("OPTIONS"), server.Target(transport), $"z9hG4bK{number}"));
        Assert.All(await Task.WhenAll(sends).WaitAsync(RecordingReceiver.Patience), outcome => Assert.Equal(200, outcome.Response?.StatusCode));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Refused_INVITE_is_acknowledged(SipTransport transport)
    {
        await using var server = await Stack.StartAsync(request =>
        {
            request.Respond(180, toTag: "t");
            request.Respond(486, toTag: "t");
        });
        await using var client = await Stack.StartAsync(_ => { });
        var outcome = await client.Transactions.SendRequestAsync(TransactionBench.Own("INVITE"), server.Target(transport), "z9hG4bKi").WaitAsync(RecordingReceiver.Patience);
        Assert.Equal(486, outcome.Response?.StatusCode);
        var invite = Assert.Single(server.Requests);
        for (var waited = 0; invite.State == TransactionState.Completed && waited < 1_000; waited++)
        {
            await Task.Delay(10);
        }

        Assert.NotEqual(TransactionState.Completed, invite.State);
        Assert.Empty(server.Acks);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Cancelled_INVITE_ends_with_487(SipTransport transport)
    {
        await using var server = await Stack.StartAsync(request => request.Respond(180, toTag: "t"));
        await using var client = await Stack.StartAsync(_ => { });
        var ringing = new TaskCompletionSource();
        var invite = client.Transactions.Send(
            TransactionBench.Own("INVITE"), server.Target(transport), "z9hG4bKi", new ClientCallbacks { Provisional = _ => ringing.TrySetResult() });
        await ringing.Task.WaitAsync(RecordingReceiver.Patience);
        invite.Cancel();
        Assert.Equal(487, (await invite.Outcome.WaitAsync(RecordingReceiver.Patience)).Response?.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Accepted_INVITE_is_repeated_until_its_ACK_came(SipTransport transport)
    {
        var acknowledged = new TaskCompletionSource<RequestMessage>();
        Stack? server = null;
        server = await Stack.StartAsync(request =>
        {
            var ok = request.Request.CreateResponse(200, toTag: "t");
            server!.Transactions.Accepted.Start(ok, request.Flow, acknowledged.SetResult);
            request.Respond(ok);
        });
        await using var stop = server;
        await using var client = await Stack.StartAsync(_ => { });
        var again = new TaskCompletionSource();
        var invite = TransactionBench.Own("INVITE");
        var outcome = await client.Transactions.SendRequestAsync(
            invite, server.Target(transport), "z9hG4bKi", new ClientCallbacks { FurtherSuccess = _ => again.TrySetResult() });
        await again.Task.WaitAsync(RecordingReceiver.Patience);
        var ack = RequestMessage.Create("ACK", invite.RequestUri!, invite.From, outcome.Response!.To, invite.CallId, 1);
        Assert.True(await client.Transactions.SendStatelessAsync(ack, server.Target(transport), "z9hG4bKack", CancellationToken.None));
        Assert.Equal("t", (await acknowledged.Task.WaitAsync(RecordingReceiver.Patience)).To.Tag);
        Assert.Equal(0, server.Transactions.Accepted.Count);
    }
}
