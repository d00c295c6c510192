namespace Mcptt.Actors.Journals;

/// <summary>Tells those who follow a journal that this process has committed to it. Costs its writer nothing while nobody waits.</summary>
public sealed class CommitSignal
{
    private TaskCompletionSource? _next;

    /// <summary>Ends with the next commit. Who asks first and reads then misses none.</summary>
    public Task NextAsync()
    {
        var next = Volatile.Read(ref _next);
        if (next is not null)
        {
            return next.Task;
        }

        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, own, null) ?? own).Task;
    }

    internal void Committed()
    {
        if (Volatile.Read(ref _next) is not null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }
}
