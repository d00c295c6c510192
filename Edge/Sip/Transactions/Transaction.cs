using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>Runs one row of <see cref="TransactionTable"/> after the other. Inputs are taken under a lock, what follows from them is done outside it.</summary>
public abstract class Transaction
{
    private readonly Lock _gate = new();
    private readonly TransactionClock _clock;
    private readonly bool _reliable;

    private protected Transaction(TransactionLayer layer, TransactionKind kind, string key, RequestMessage request, SipFlow flow)
    {
        (Layer, Kind, Key, Request, Flow) = (layer, kind, key, request, flow);
        _reliable = flow.Transport.IsReliable();
        _clock = new TransactionClock(layer.Time, layer.Options, OnTimer);
        State = TransactionTable.FirstState(kind);
    }

    public TransactionKind Kind { get; }

    public RequestMessage Request { get; }

    /// <summary>Server: where the request came from. Client: where it goes.</summary>
    public SipFlow Flow { get; }

    public TransactionState State { get; private set; }

    internal string Key { get; }

    private protected TransactionLayer Layer { get; }

    internal void Begin()
    {
        lock (_gate)
        {
            _clock.Enter(Kind, State, _reliable);
        }
    }

    internal void Take(TransactionInput input, SipMessage? message = null)
    {
        TransactionStep step;
        lock (_gate)
        {
            step = TransactionTable.Step(Kind, State, input);
            Enter(step.Next);
            Keep(step.Actions, message);
        }

        Do(step.Actions, message);
        if (step.Next == TransactionState.Terminated)
        {
            Layer.Remove(this);
        }
    }

    private protected void StartTimer(TransactionTimer timer, TimeSpan due)
    {
        lock (_gate)
        {
            if (State != TransactionState.Terminated)
            {
                _clock.Start(timer, due);
            }
        }
    }

    /// <summary>Under the lock: what later rows need to know.</summary>
    private protected abstract void Keep(TransactionActions actions, SipMessage? message);

    private protected abstract void Do(TransactionActions actions, SipMessage? message);

    /// <summary>Sends; a failure comes back as an input.</summary>
    private protected void Post(ValueTask<bool> sending)
    {
        if (!sending.IsCompletedSuccessfully)
        {
            _ = WatchAsync(sending);
        }
        else if (!sending.GetAwaiter().GetResult())
        {
            Take(TransactionInput.TransportError);
        }
    }

    private async Task WatchAsync(ValueTask<bool> sending)
    {
        if (!await sending)
        {
            Take(TransactionInput.TransportError);
        }
    }

    private void Enter(TransactionState next)
    {
        if (next == State)
        {
            return;
        }

        State = next;
        if (next == TransactionState.Terminated)
        {
            _clock.End();
        }
        else
        {
            _clock.Enter(Kind, next, _reliable);
        }
    }

    private void OnTimer()
    {
        while (true)
        {
            TransactionTimer? due;
            lock (_gate)
            {
                due = State == TransactionState.Terminated ? null : _clock.TakeDue(State);
            }

            if (due is not { } timer)
            {
                return;
            }

            Take(InputOf(timer));
        }
    }

    private static TransactionInput InputOf(TransactionTimer timer) => timer switch
    {
        TransactionTimer.A => TransactionInput.TimerA,
        TransactionTimer.B => TransactionInput.TimerB,
        TransactionTimer.D => TransactionInput.TimerD,
        TransactionTimer.E => TransactionInput.TimerE,
        TransactionTimer.F => TransactionInput.TimerF,
        TransactionTimer.G => TransactionInput.TimerG,
        TransactionTimer.H => TransactionInput.TimerH,
        TransactionTimer.I => TransactionInput.TimerI,
        TransactionTimer.J => TransactionInput.TimerJ,
        TransactionTimer.K => TransactionInput.TimerK,
        TransactionTimer.L => TransactionInput.TimerL,
        TransactionTimer.M => TransactionInput.TimerM,
        TransactionTimer.Trying => TransactionInput.TimerTrying,
        _ => TransactionInput.TimerCancel,
    };
}
