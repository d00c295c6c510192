namespace Mcptt.Actors.Journals;

/// <summary>How one journal gathers and writes.</summary>
internal sealed record GroupCommitOptions
{
    /// <summary>The journal's name in the log.</summary>
    public required string Journal { get; init; }

    /// <summary>Appends and notes that may wait; beyond it callers are answered "overloaded".</summary>
    public required int QueueLimit { get; init; }

    /// <summary>Appends and notes in one batch; the rest waits for the next one.</summary>
    public required int BatchLimit { get; init; }

    /// <summary>An append that finds nothing waiting and nothing being written, and came alone the time before too, is written by its caller.</summary>
    public bool CallerMayWrite { get; init; }

    /// <summary>
    /// After a failure everything is refused at once, without trying, for this time, doubled with each further failure up to <see cref="RetryMax"/>; then the
    /// writer tries by itself. Zero: each batch tries.
    /// </summary>
    public TimeSpan RetryFirst { get; init; }

    public TimeSpan RetryMax { get; init; }

    /// <summary>How often an idle writer looks whether the database is there; zero: never.</summary>
    public TimeSpan ProbeEvery { get; init; }
}
