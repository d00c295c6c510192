using Mcptt.Ue.Media;

namespace Mcptt.Ue.Signalling;

/// <summary>One call of the client with its media; which requests its state allows is decided in <see cref="CallControl"/>.</summary>
internal sealed class UeCall(CallMedia media, bool outgoing)
{
    private readonly Lock _gate = new();
    private CallPhase _phase = CallPhase.SettingUp;
    private bool _offerPending;

    public CallMedia Media { get; } = media;

    public bool Outgoing { get; } = outgoing;

    /// <summary>Set when the dialog stands: with the 2xx.</summary>
    public ClientDialog? Dialog { get; set; }

    /// <summary>The INVITE that is being answered; null for an outgoing call.</summary>
    public IIncomingRequest? Invite { get; init; }

    public string LocalTag { get; init; } = "";

    /// <summary>The INVITE had no offer: ours is in the 200, the answer comes with the ACK (RFC 3261 13.2.1).</summary>
    public bool AnswerExpectedInAck { get; set; }

    /// <summary>64*T1 have passed since our 200 without an ACK.</summary>
    public bool AcknowledgementFailed { get; set; }

    public ISipExchange? Exchange { get; set; }

    public SessionTimer? SessionTimer { get; set; }

    public CallPhase Phase
    {
        get
        {
            lock (_gate)
            {
                return _phase;
            }
        }
    }

    /// <summary>A re-INVITE of ours is unanswered: one that comes gets 491 (RFC 3261 14.2).</summary>
    public bool OfferPending
    {
        get
        {
            lock (_gate)
            {
                return _offerPending;
            }
        }
    }

    /// <summary>False: there is one under way.</summary>
    public bool TryBeginOffer()
    {
        lock (_gate)
        {
            var begins = !_offerPending;
            _offerPending = true;
            return begins;
        }
    }

    public void EndOffer()
    {
        lock (_gate)
        {
            _offerPending = false;
        }
    }

    /// <summary>Moves on from one phase; false when the call is in another, so that each step is done once.</summary>
    public bool TryMove(CallPhase from, CallPhase to)
    {
        lock (_gate)
        {
            if (_phase != from)
            {
                return false;
            }

            _phase = to;
            return true;
        }
    }

    /// <summary>False when it has ended before.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            var ended = _phase == CallPhase.Ended;
            _phase = CallPhase.Ended;
            return !ended;
        }
    }
}

internal enum CallPhase
{
    /// <summary>INVITE sent, or received and not answered.</summary>
    SettingUp,

    /// <summary>CANCEL ordered; a 2xx that crosses it is answered with BYE.</summary>
    Cancelling,

    /// <summary>200 sent, its ACK is awaited.</summary>
    Answered,
    Established,
    Ended,
}
