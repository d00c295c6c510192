using Mcptt.Edge.Transactions;
using Mcptt.Edge.Translation;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>Effects over the transaction and transport layers.</summary>
internal sealed class SipWire(TransactionLayer transactions, ISipTransport transport, TargetResolver resolver, PendingInvites pending) : ISipWire
{
    private const int RequestTimeout = 408;
    private const int ServiceUnavailable = 503;

    private int _underWay;

    /// <summary>Requests of ours without an outcome yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public void Send(OutboundRequest request, Action<ResponseMessage> onResponse, Action<int> onFailure) => _ = SendAsync(request, onResponse, onFailure);

    public void Cancel(OutboundRequest invite, string reason)
    {
        var headers = new SipHeaders();
        EffectRequests.AddReason(headers, reason);
        if (transactions.FindInvite(invite.Branch) is { } running)
        {
            running.Cancel(headers[SipHeaderNames.Reason]);
            return;
        }

        var cancel = new RequestMessage(SipMethods.Cancel, invite.Message.RequestUriText);
        cancel.Headers
            .CopyFrom(invite.Message.Headers, SipHeaderNames.Route)
            .Add(SipHeaderNames.MaxForwards, "70")
            .CopyFrom(invite.Message.Headers, SipHeaderNames.From)
            .CopyFrom(invite.Message.Headers, SipHeaderNames.To)
            .CopyFrom(invite.Message.Headers, SipHeaderNames.CallId)
            .Add(SipHeaderNames.CSeq, $"{invite.Message.CSeq.Number} {SipMethods.Cancel}")
            .CopyFrom(headers, SipHeaderNames.Reason);
        Send(invite with { Message = cancel }, static _ => { }, static _ => { });
    }

    public void SendAck(OutboundRequest ack) => _ = SendAckAsync(ack);

    public void Respond(SipRequest request, ResponseMessage response)
    {
        if (pending.Take(PendingInvites.KeyOf(request)) is { } respond)
        {
            respond(response);
        }
        else if (SipFlow.From(request.Flow) is { } flow)
        {
            _ = transport.SendResponseAsync(response, flow, CancellationToken.None).AsTask();
        }
    }

    public void RespondUntilAcknowledged(SipRequest request, ResponseMessage response, Action onNotAcknowledged)
    {
        var respond = pending.Take(PendingInvites.KeyOf(request));
        respond?.Invoke(response);
        if (SipFlow.From(request.Flow) is { } flow)
        {
            transactions.Accepted.Start(response, flow, notAcknowledged: onNotAcknowledged, sendNow: respond is null);
        }
        else
        {
            onNotAcknowledged();
        }
    }

    private async Task SendAsync(OutboundRequest request, Action<ResponseMessage> onResponse, Action<int> onFailure)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await FollowAsync(request, onResponse, onFailure);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task FollowAsync(OutboundRequest request, Action<ResponseMessage> onResponse, Action<int> onFailure)
    {
        var outcome = await TryFlowAsync(request, onResponse);
        if (outcome.Failure == ClientFailure.Transport && request.Flow is { ConnectionId.Length: > 0 } && await ResolveAsync(request.Message) is { } direct)
        {
            // The connection by which the phone registered is gone; perhaps it takes a new one at its Contact.
            outcome = await StartAsync(request, direct, onResponse);
        }

        if (outcome.Response is { } final)
        {
            onResponse(final);
        }
        else
        {
            onFailure(outcome.Failure == ClientFailure.Timeout ? RequestTimeout : ServiceUnavailable);
        }
    }

    private async Task<ClientOutcome> TryFlowAsync(OutboundRequest request, Action<ResponseMessage> onResponse) =>
        (NextHop.ByFlow(request) ?? await ResolveAsync(request.Message)) is { } flow
            ? await StartAsync(request, flow, onResponse)
            : new ClientOutcome(null, ClientFailure.Transport);

    private Task<ClientOutcome> StartAsync(OutboundRequest request, SipFlow flow, Action<ResponseMessage> onResponse) =>
        transactions.SendRequestAsync(
            request.Message,
            flow,
            request.Branch,
            new ClientCallbacks
            {
                Provisional = response =>
                {
                    if (response.StatusCode > 100)
                    {
                        onResponse(response);
                    }
                },
                FurtherSuccess = onResponse,
            });

    private async Task SendAckAsync(OutboundRequest ack)
    {
        var sent = NextHop.ByFlow(ack) is { } flow && await transactions.SendStatelessAsync(ack.Message, flow, ack.Branch, CancellationToken.None);
        if (!sent && await ResolveAsync(ack.Message) is { } direct)
        {
            // As for the INVITE: the phone's own connection is gone, and it answered on one to its Contact.
            await transactions.SendStatelessAsync(ack.Message, direct, ack.Branch, CancellationToken.None);
        }
    }

    // RFC 3261 8.1.2: the first Route, else the Request-URI.
    private ValueTask<SipFlow?> ResolveAsync(RequestMessage request) =>
        (request.Routes is [var first, ..] ? first.Uri : request.RequestUri) is { } next ? resolver.ResolveAsync(next, CancellationToken.None) : new((SipFlow?)null);
}
