using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

public enum ClientFailure
{
    None,

    /// <summary>Timer B or F, or no final response after a CANCEL: to be treated as 408 (RFC 3261 8.1.3.1).</summary>
    Timeout,

    /// <summary>To be treated as 503.</summary>
    Transport,

    /// <summary>Too many transactions here already; nothing was sent.</summary>
    Overloaded,
}

/// <param name="Response">The final response; null with a failure.</param>
public sealed record ClientOutcome(ResponseMessage? Response, ClientFailure Failure = ClientFailure.None);

/// <summary>What the user of a client transaction wants to hear of before and after the outcome. Called in order; must not block.</summary>
public sealed record ClientCallbacks
{
    public Action<ResponseMessage>? Provisional { get; init; }

    /// <summary>INVITE: a 2xx after the first one, repeated or of another branch of a fork; each wants an ACK (RFC 6026 7.2).</summary>
    public Action<ResponseMessage>? FurtherSuccess { get; init; }
}

/// <summary>A request of ours and its responses.</summary>
public sealed class ClientTransaction : Transaction
{
    private readonly ClientCallbacks _callbacks;
    private readonly TaskCompletionSource<ClientOutcome> _final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cancelState;
    private string? _cancelReason;
    private ResponseMessage? _toAcknowledge;

    internal ClientTransaction(TransactionLayer layer, string key, string branch, RequestMessage request, SipFlow flow, ClientCallbacks callbacks)
        : base(layer, request.IsInvite ? TransactionKind.InviteClient : TransactionKind.NonInviteClient, key, request, flow)
    {
        (Branch, _callbacks) = (branch, callbacks);
    }

    public string Branch { get; }

    /// <summary>Never fails: what went wrong is in the outcome.</summary>
    public Task<ClientOutcome> Outcome => _final.Task;

    /// <summary>
    /// Asks for the end of an INVITE: sends CANCEL as soon as a provisional response allows it (RFC 3261 9.1). The outcome then is the
    /// other side's final response, or a timeout 64*T1 after the CANCEL. Once only; after a final response it does nothing.
    /// </summary>
    public void Cancel(string? reason = null)
    {
        if (Kind != TransactionKind.InviteClient)
        {
            return;
        }

        _cancelReason = reason;
        if (Interlocked.CompareExchange(ref _cancelState, 1, 0) == 0 && State == TransactionState.Proceeding)
        {
            SendCancel();
        }
    }

    internal void Start()
    {
        Begin();
        Layer.Metrics?.RequestSent(Request.Method);
        Post(Layer.Transport.SendAsync(Request, Flow, CancellationToken.None));
    }

    internal void Fail(ClientFailure failure) => _final.TrySetResult(new ClientOutcome(null, failure));

    internal void OnResponse(ResponseMessage response) => Take(
        response.IsProvisional ? TransactionInput.Provisional : response.IsSuccess ? TransactionInput.Success : TransactionInput.Failure, response);

    private protected override void Keep(TransactionActions actions, SipMessage? message)
    {
        if (actions.HasFlag(TransactionActions.SendAck))
        {
            _toAcknowledge = (ResponseMessage?)message ?? _toAcknowledge;
        }
    }

    private protected override void Do(TransactionActions actions, SipMessage? message)
    {
        if (actions.HasFlag(TransactionActions.Resend))
        {
            Layer.Metrics?.SentAgain();
            Post(Layer.Transport.SendAsync(Request, Flow, CancellationToken.None));
        }

        if (actions.HasFlag(TransactionActions.SendAck) && _toAcknowledge is { } refused)
        {
            Post(Layer.Transport.SendAsync(DerivedRequests.Ack(Request, refused), Flow, CancellationToken.None));
        }

        if (actions.HasFlag(TransactionActions.PassUp) && message is ResponseMessage response)
        {
            PassUp(response);
        }

        if (actions.HasFlag(TransactionActions.TellTimeout))
        {
            Fail(ClientFailure.Timeout);
        }

        if (actions.HasFlag(TransactionActions.TellTransportError))
        {
            Fail(ClientFailure.Transport);
        }
    }

    private void PassUp(ResponseMessage response)
    {
        if (response.IsProvisional)
        {
            _callbacks.Provisional?.Invoke(response);
            if (Volatile.Read(ref _cancelState) == 1)
            {
                SendCancel();
            }
        }
        else if (!_final.TrySetResult(new ClientOutcome(response)))
        {
            _callbacks.FurtherSuccess?.Invoke(response);
        }
    }

    private void SendCancel()
    {
        if (Interlocked.CompareExchange(ref _cancelState, 2, 1) != 1)
        {
            return;
        }

        StartTimer(TransactionTimer.Cancel, Layer.Options.Timeout);
        Layer.SendCancel(this, _cancelReason);
    }
}
