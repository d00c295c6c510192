namespace Mcptt.Actors.Journals;

/// <summary>How long nothing is tried after a failure: doubled with each further one, up to a bound.</summary>
internal sealed class RetryPause(TimeSpan first, TimeSpan most, TimeProvider time)
{
    private TimeSpan _wait;
    private long _since;

    public TimeSpan Left
    {
        get
        {
            var left = _wait - time.GetElapsedTime(_since);
            return _wait > TimeSpan.Zero && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Begin()
    {
        _wait = _wait == TimeSpan.Zero ? first
            : _wait * 2 < most ? _wait * 2
            : most;
        _since = time.GetTimestamp();
    }

    public void End() => _wait = TimeSpan.Zero;
}
