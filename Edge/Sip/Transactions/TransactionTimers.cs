namespace Mcptt.Edge.Transactions;

/// <summary>The base values (RFC 3261 17, table 4) and how long the transaction layer lets things take.</summary>
public sealed record TransactionOptions
{
    /// <summary>Estimate of the round trip.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest interval between retransmissions.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest life of a message in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>RFC 3261 17.1.1.2: at least 32 s.</summary>
    public TimeSpan D { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>RFC 3261 17.2.1: a 100 is sent when the user has not answered an INVITE by then, and not earlier.</summary>
    public TimeSpan TryingAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Server and client transactions together. A request beyond gets a 503 without a transaction; one of ours fails at once.</summary>
    public int MaxTransactions { get; init; } = 100_000;

    /// <summary>2xx responses that wait for their ACK. One more is sent, and not sent again.</summary>
    public int MaxAcceptedInvites { get; init; } = 50_000;

    /// <summary>Retry-After of that 503.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Timers B, F, H, J, L and M.</summary>
    public TimeSpan Timeout => 64 * T1;
}

/// <summary>The timers by their letters in RFC 3261 and RFC 6026; Trying is that of the 100, Cancel that of RFC 3261 9.1.</summary>
public enum TransactionTimer
{
    A,
    B,
    D,
    E,
    F,
    G,
    H,
    I,
    J,
    K,
    L,
    M,
    Trying,
    Cancel,
}
