namespace Mcptt.Load.Running;

/// <summary>A pressed button: what the floor says of it. Set by the client's events, awaited by the call.</summary>
internal sealed class Press(TalkBurst burst)
{
    private readonly TaskCompletionSource<PressOutcome> _decided = New<PressOutcome>();
    private readonly TaskCompletionSource _over = New();

    public TalkBurst Burst => burst;

    public Task<PressOutcome> Decided => _decided.Task;

    /// <summary>The floor is gone: released, revoked, lost, or the call ended.</summary>
    public Task Over => _over.Task;

    public bool IsQueued { get; private set; }

    /// <summary>False: it was told before.</summary>
    public bool Queued()
    {
        var first = !IsQueued;
        IsQueued = true;
        burst.WasQueued = true;
        return first;
    }

    public bool Granted(long at)
    {
        if (_decided.Task.IsCompleted)
        {
            return false;
        }

        burst.GrantedAt = at;
        return _decided.TrySetResult(PressOutcome.Granted);
    }

    public void Refused() => End(PressOutcome.Refused);

    /// <summary>The client gives the floor back by itself; it is over when the server has answered that.</summary>
    public void Revoked() => _decided.TrySetResult(PressOutcome.Refused);

    public void Lost() => End(PressOutcome.Lost);

    /// <summary>The server answered our release.</summary>
    public void LetGo() => End(PressOutcome.Lost);

    private void End(PressOutcome outcome)
    {
        _decided.TrySetResult(outcome);
        _over.TrySetResult();
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal enum PressOutcome
{
    Granted,
    Refused,
    Lost,
}
