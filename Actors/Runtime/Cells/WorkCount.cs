namespace Mcptt.Actors.Cells;

/// <summary>How many pieces of work are under way, and a way to wait for none.</summary>
internal sealed class WorkCount
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _none;

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        if (Interlocked.Decrement(ref _count) > 0)
        {
            return;
        }

        lock (_gate)
        {
            _none?.TrySetResult();
            _none = null;
        }
    }

    /// <summary>Ends when there was none at some moment; the caller stops new work from coming before.</summary>
    public Task NoneAsync()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _count) == 0)
            {
                return Task.CompletedTask;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // The last piece may have ended between the two lines above.
            return Volatile.Read(ref _count) == 0 ? Task.CompletedTask : _none.Task;
        }
    }
}
