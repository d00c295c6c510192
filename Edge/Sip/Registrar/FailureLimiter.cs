namespace Mcptt.Edge.Registrar;

/// <summary>
/// Counts wrong credentials per source address and minute, so that nobody tries passwords at line speed. Past the limit the source
/// is refused (403) until its minute is over. A request without credentials is no failure: every phone starts with one.
/// </summary>
internal sealed class FailureLimiter(TimeProvider time, int failuresPerMinute)
{
    /// <summary>Sources that are counted at a time. At the bound the one that failed first is forgotten.</summary>
    public const int MaxSources = 16_384;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Count> _counts = [];
    private readonly Queue<(string Source, DateTimeOffset Since)> _order = new();

    public bool IsBlocked(string source)
    {
        lock (_gate)
        {
            return _counts.TryGetValue(source, out var count) && time.GetUtcNow() - count.Since < Window && count.Failures >= failuresPerMinute;
        }
    }

    public void Failed(string source)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Forget(now);
            if (_counts.TryGetValue(source, out var count))
            {
                _counts[source] = count with { Failures = count.Failures + 1 };
                return;
            }

            _counts[source] = new(now, 1);
            _order.Enqueue((source, now));
        }
    }

    // Under the gate.
    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && (now - oldest.Since >= Window || _order.Count >= MaxSources))
        {
            _order.Dequeue();
            _counts.Remove(oldest.Source);
        }
    }

    private readonly record struct Count(DateTimeOffset Since, int Failures);
}
