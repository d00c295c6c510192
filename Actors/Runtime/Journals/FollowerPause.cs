namespace Mcptt.Actors.Journals;

/// <summary>How long a follower waits between two looks at the journal.</summary>
internal sealed class FollowerPause(JournalFollowerOptions options, TimeProvider time)
{
    private const int MostDoublings = 30;

    // One look in vain is usual: a commit may be found by a look that began before it was told.
    private const int UsualVainLooks = 1;

    private bool _wasWoken;
    private int _vainLooks;

    /// <summary>Reads that failed since the last that did not.</summary>
    public int Failures { get; private set; }

    public void Read(bool found, bool failed)
    {
        Failures = failed ? Failures + 1 : 0;
        _vainLooks = _wasWoken && !found ? _vainLooks + 1 : 0;
    }

    /// <param name="commit">Ends with the next commit; null: nobody tells.</param>
    public async ValueTask WaitAsync(Task? commit, CancellationToken cancellationToken)
    {
        if (Failures > 0)
        {
            _wasWoken = false;
            await Task.Delay(AfterFailure(), time, cancellationToken);
            return;
        }

        if (_vainLooks > UsualVainLooks)
        {
            await Task.Delay(options.VainInterval, time, cancellationToken);
        }

        await AnyAsync(commit, cancellationToken);
        _wasWoken = commit?.IsCompleted == true;
    }

    private async ValueTask AnyAsync(Task? commit, CancellationToken cancellationToken)
    {
        if (commit?.IsCompleted != true)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var poll = Task.Delay(options.PollInterval, time, ended.Token);
            await (commit is null ? poll : Task.WhenAny(commit, poll));
            await ended.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private TimeSpan AfterFailure()
    {
        var wait = options.RetryFirst * Math.Pow(2, Math.Min(Failures - 1, MostDoublings));
        return wait < options.RetryMax ? wait : options.RetryMax;
    }
}
