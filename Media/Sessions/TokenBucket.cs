namespace Mcptt.Media.Sessions;

/// <summary>How much of something one leg may have: <c>rate</c> per second, <c>burst</c> at once. Used by one receive loop only.</summary>
internal sealed class TokenBucket(TimeProvider time, int rate, int burst)
{
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    public bool TryTake(long now)
    {
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_last, now).TotalSeconds * rate));
        _last = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
