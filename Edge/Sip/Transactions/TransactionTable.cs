namespace Mcptt.Edge.Transactions;

public enum TransactionKind
{
    InviteClient,
    NonInviteClient,
    InviteServer,
    NonInviteServer,
}

public enum TransactionState
{
    Calling,
    Trying,
    Proceeding,
    Completed,
    Confirmed,
    Accepted,
    Terminated,
}

/// <summary>What can happen to a transaction: from the wire, from its user, from a timer.</summary>
public enum TransactionInput
{
    /// <summary>The request came again (server).</summary>
    Request,
    Ack,

    /// <summary>A response came (client) or the user gives one (server).</summary>
    Provisional,
    Success,
    Failure,
    TransportError,
    TimerA,
    TimerB,
    TimerD,
    TimerE,
    TimerF,
    TimerG,
    TimerH,
    TimerI,
    TimerJ,
    TimerK,
    TimerL,
    TimerM,
    TimerTrying,
    TimerCancel,
}

/// <summary>What the runner does about it, in this order.</summary>
[Flags]
public enum TransactionActions
{
    None = 0,

    /// <summary>Client: send the request again. Server: send the last response again.</summary>
    Resend = 1,

    /// <summary>Server: send the response that the user gave, and keep it.</summary>
    Send = 2,

    /// <summary>Client: send the ACK of a failure response (RFC 3261 17.1.1.3).</summary>
    SendAck = 4,

    /// <summary>Server: send a 100 of our own.</summary>
    SendTrying = 8,

    /// <summary>Give the message to the user.</summary>
    PassUp = 16,

    /// <summary>Tell the user that nobody answered, or acknowledged.</summary>
    TellTimeout = 32,
    TellTransportError = 64,
}

public readonly record struct TransactionStep(TransactionState Next, TransactionActions Actions);

/// <summary>
/// The four machines of RFC 3261 17 with RFC 6026, each row (state, input) -> (next state, actions). What has no row changes nothing.
/// Every timer of a state is started when the state is entered and stopped when it is left.
/// </summary>
public static class TransactionTable
{
    private const TransactionActions PassUp = TransactionActions.PassUp;
    private const TransactionActions Resend = TransactionActions.Resend;
    private const TransactionActions Send = TransactionActions.Send;
    private const TransactionActions None = TransactionActions.None;
    private const TransactionActions TellTimeout = TransactionActions.TellTimeout;
    private const TransactionActions TellTransportError = TransactionActions.TellTransportError;

    public static TransactionState FirstState(TransactionKind kind) => kind switch
    {
        TransactionKind.InviteClient => TransactionState.Calling,
        TransactionKind.InviteServer => TransactionState.Proceeding,
        _ => TransactionState.Trying,
    };

    public static TransactionStep Step(TransactionKind kind, TransactionState state, TransactionInput input) =>
        (kind switch
        {
            TransactionKind.InviteClient => InviteClient(state, input),
            TransactionKind.NonInviteClient => NonInviteClient(state, input),
            TransactionKind.InviteServer => InviteServer(state, input),
            _ => NonInviteServer(state, input),
        }) is { } row ? new(row.Next, row.Actions) : new(state, None);

    /// <summary>The timers of a state, in the order of their letters. Zero: the state is left at once.</summary>
    public static IReadOnlyList<(TransactionTimer Timer, TimeSpan Due)> TimersOf(
        TransactionKind kind, TransactionState state, bool reliable, TransactionOptions options) => (kind, state) switch
        {
            (TransactionKind.InviteClient, TransactionState.Calling) =>
                reliable ? [(TransactionTimer.B, options.Timeout)] : [(TransactionTimer.A, options.T1), (TransactionTimer.B, options.Timeout)],
            (TransactionKind.InviteClient, TransactionState.Completed) => [(TransactionTimer.D, reliable ? TimeSpan.Zero : options.D)],
            (TransactionKind.InviteClient, TransactionState.Accepted) => [(TransactionTimer.M, options.Timeout)],
            (TransactionKind.NonInviteClient, TransactionState.Trying) =>
                reliable ? [(TransactionTimer.F, options.Timeout)] : [(TransactionTimer.E, options.T1), (TransactionTimer.F, options.Timeout)],
            (TransactionKind.NonInviteClient, TransactionState.Completed) => [(TransactionTimer.K, reliable ? TimeSpan.Zero : options.T4)],
            (TransactionKind.InviteServer, TransactionState.Proceeding) => [(TransactionTimer.Trying, options.TryingAfter)],
            (TransactionKind.InviteServer, TransactionState.Completed) =>
                reliable ? [(TransactionTimer.H, options.Timeout)] : [(TransactionTimer.G, options.T1), (TransactionTimer.H, options.Timeout)],
            (TransactionKind.InviteServer, TransactionState.Confirmed) => [(TransactionTimer.I, reliable ? TimeSpan.Zero : options.T4)],
            (TransactionKind.InviteServer, TransactionState.Accepted) => [(TransactionTimer.L, options.Timeout)],
            (TransactionKind.NonInviteServer, TransactionState.Completed) => [(TransactionTimer.J, reliable ? TimeSpan.Zero : options.Timeout)],
            _ => [],
        };

    /// <summary>Timers that one state shares with the next: they run on.</summary>
    public static bool RunsOn(TransactionKind kind, TransactionTimer timer, TransactionState next) =>
        kind == TransactionKind.NonInviteClient && timer is TransactionTimer.E or TransactionTimer.F && next == TransactionState.Proceeding;

    /// <summary>The next interval of a timer that repeats: A doubles without end, E and G double up to T2 (RFC 3261 17.1.1.2, 17.1.2.2, 17.2.1).</summary>
    public static TimeSpan? NextInterval(TransactionTimer timer, TransactionState state, TimeSpan last, TransactionOptions options) => (timer, state) switch
    {
        (TransactionTimer.A, _) => 2 * last,
        (TransactionTimer.E, TransactionState.Proceeding) => options.T2,
        (TransactionTimer.E or TransactionTimer.G, _) => 2 * last < options.T2 ? 2 * last : options.T2,
        _ => null,
    };

    // RFC 3261 figure 5 with RFC 6026 figure 3.
    private static (TransactionState Next, TransactionActions Actions)? InviteClient(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (TransactionState.Calling, TransactionInput.TimerA) => (TransactionState.Calling, Resend),
        (TransactionState.Calling, TransactionInput.TimerB) => (TransactionState.Terminated, TellTimeout),
        (TransactionState.Calling, TransactionInput.TransportError) => (TransactionState.Terminated, TellTransportError),
        (TransactionState.Calling or TransactionState.Proceeding, TransactionInput.Provisional) => (TransactionState.Proceeding, PassUp),
        (TransactionState.Calling or TransactionState.Proceeding, TransactionInput.Success) => (TransactionState.Accepted, PassUp),
        (TransactionState.Calling or TransactionState.Proceeding, TransactionInput.Failure) =>
            (TransactionState.Completed, TransactionActions.SendAck | PassUp),
        (TransactionState.Proceeding, TransactionInput.TimerCancel) => (TransactionState.Terminated, TellTimeout),
        (TransactionState.Completed, TransactionInput.Failure) => (TransactionState.Completed, TransactionActions.SendAck),
        (TransactionState.Completed, TransactionInput.TransportError) => (TransactionState.Terminated, TellTransportError),
        (TransactionState.Completed, TransactionInput.TimerD) => (TransactionState.Terminated, None),
        (TransactionState.Accepted, TransactionInput.Success) => (TransactionState.Accepted, PassUp),
        (TransactionState.Accepted, TransactionInput.TimerM) => (TransactionState.Terminated, None),
        _ => null,
    };

    // RFC 3261 figure 6.
    private static (TransactionState Next, TransactionActions Actions)? NonInviteClient(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.TimerE) => (state, Resend),
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.TimerF) => (TransactionState.Terminated, TellTimeout),
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.TransportError) => (TransactionState.Terminated, TellTransportError),
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.Provisional) => (TransactionState.Proceeding, PassUp),
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.Success or TransactionInput.Failure) => (TransactionState.Completed, PassUp),
        (TransactionState.Completed, TransactionInput.TimerK) => (TransactionState.Terminated, None),
        _ => null,
    };

    // RFC 3261 figure 7 with RFC 6026 figure 4.
    private static (TransactionState Next, TransactionActions Actions)? InviteServer(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (TransactionState.Proceeding, TransactionInput.Request) => (TransactionState.Proceeding, Resend),
        (TransactionState.Proceeding, TransactionInput.TimerTrying) => (TransactionState.Proceeding, TransactionActions.SendTrying),
        (TransactionState.Proceeding, TransactionInput.Provisional) => (TransactionState.Proceeding, Send),
        (TransactionState.Proceeding, TransactionInput.Success) => (TransactionState.Accepted, Send),
        (TransactionState.Proceeding, TransactionInput.Failure) => (TransactionState.Completed, Send),
        (TransactionState.Proceeding or TransactionState.Completed, TransactionInput.TransportError) => (TransactionState.Terminated, TellTransportError),
        (TransactionState.Completed, TransactionInput.Request or TransactionInput.TimerG) => (TransactionState.Completed, Resend),
        (TransactionState.Completed, TransactionInput.TimerH) => (TransactionState.Terminated, TellTimeout),
        (TransactionState.Completed, TransactionInput.Ack) => (TransactionState.Confirmed, None),
        (TransactionState.Confirmed, TransactionInput.TimerI) => (TransactionState.Terminated, None),
        (TransactionState.Accepted, TransactionInput.Success) => (TransactionState.Accepted, Send),
        (TransactionState.Accepted, TransactionInput.Ack) => (TransactionState.Accepted, PassUp),
        (TransactionState.Accepted, TransactionInput.TransportError) => (TransactionState.Accepted, TellTransportError),
        (TransactionState.Accepted, TransactionInput.TimerL) => (TransactionState.Terminated, None),
        _ => null,
    };

    // RFC 3261 figure 8.
    private static (TransactionState Next, TransactionActions Actions)? NonInviteServer(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.Provisional) => (TransactionState.Proceeding, Send),
        (TransactionState.Trying or TransactionState.Proceeding, TransactionInput.Success or TransactionInput.Failure) => (TransactionState.Completed, Send),
        (TransactionState.Proceeding or TransactionState.Completed, TransactionInput.Request) => (state, Resend),
        (TransactionState.Proceeding or TransactionState.Completed, TransactionInput.TransportError) => (TransactionState.Terminated, TellTransportError),
        (TransactionState.Completed, TransactionInput.TimerJ) => (TransactionState.Terminated, None),
        _ => null,
    };
}
