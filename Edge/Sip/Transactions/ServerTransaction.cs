using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>A request that came, and our responses to it.</summary>
public sealed class ServerTransaction : Transaction
{
    private ResponseMessage? _last;
    private ResponseMessage? _toSend;
    private readonly long _began;

    internal ServerTransaction(TransactionLayer layer, string key, string? mergeKey, RequestMessage request, SipFlow flow)
        : base(layer, request.IsInvite ? TransactionKind.InviteServer : TransactionKind.NonInviteServer, key, request, flow)
    {
        MergeKey = mergeKey;
        _began = layer.Metrics?.Now() ?? 0;
    }

    /// <summary>The same request came by another way and is being served there: answer 482 (RFC 3261 8.2.2.2).</summary>
    public bool IsMerged { get; internal init; }

    /// <summary>No final response has been given.</summary>
    public bool IsPending => State is TransactionState.Trying or TransactionState.Proceeding;

    /// <summary>The last response given, or null.</summary>
    public ResponseMessage? LastResponse => Volatile.Read(ref _last);

    internal string? MergeKey { get; }

    /// <summary>
    /// Gives a response. After a final one only further 2xx to an INVITE are sent; all else does nothing. A 2xx to an INVITE goes out
    /// once: <see cref="AcceptedInvites"/> repeats it.
    /// </summary>
    public void Respond(ResponseMessage response) => Take(
        response.IsProvisional ? TransactionInput.Provisional : response.IsSuccess ? TransactionInput.Success : TransactionInput.Failure, response);

    /// <summary>The same with a response made from the request.</summary>
    public void Respond(int status, string? reason = null, string? toTag = null) => Respond(Request.CreateResponse(status, reason, toTag));

    // Under the lock, so that a retransmission right after finds the response it must repeat.
    private protected override void Keep(TransactionActions actions, SipMessage? message)
    {
        if (actions.HasFlag(TransactionActions.Send))
        {
            _last = (ResponseMessage?)message;
        }

        if (actions.HasFlag(TransactionActions.SendTrying) && _last is null)
        {
            _last = Request.CreateResponse(100);
            _toSend = _last;
        }
    }

    private protected override void Do(TransactionActions actions, SipMessage? message)
    {
        if (actions.HasFlag(TransactionActions.SendTrying))
        {
            Give(Interlocked.Exchange(ref _toSend, null));
        }

        if (actions.HasFlag(TransactionActions.Send))
        {
            Give((ResponseMessage?)message);
        }

        if (actions.HasFlag(TransactionActions.Resend) && LastResponse is { } last)
        {
            Layer.Metrics?.SentAgain();
            Send(last);
        }

        if (actions.HasFlag(TransactionActions.PassUp) && message is RequestMessage ack)
        {
            Layer.User.OnAck(ack, Flow);
        }

        if ((actions & (TransactionActions.TellTimeout | TransactionActions.TellTransportError)) != 0)
        {
            Layer.User.OnServerFailure(this);
        }
    }

    private void Give(ResponseMessage? response)
    {
        Send(response);
        if (response is null || Layer.Metrics is not { } metrics)
        {
            return;
        }

        metrics.ResponseSent(Request.Method, response.StatusCode);
        if (!response.IsProvisional)
        {
            metrics.Served(Request.Method, response.StatusCode, _began);
        }
    }

    private void Send(ResponseMessage? response)
    {
        if (response is not null)
        {
            Post(Layer.Transport.SendResponseAsync(response, Flow, CancellationToken.None));
        }
    }
}
