namespace Mcptt.Actors.Journals;

public sealed record JournalFollowerOptions
{
    /// <summary>How often the journal is looked at for what other processes wrote. What this process writes is seen at once.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Wait before the next look when the last ones, each after a commit, found nothing: the commits of others, or those behind a transaction that is still open,
    /// must not make a follower read without pause.
    /// </summary>
    public TimeSpan VainInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Wait after a failed read; doubled up to <see cref="RetryMax"/>, for as long as it takes.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(5);
}
