using System.Runtime.CompilerServices;

namespace Mcptt.Ue.Events;

/// <summary>
/// What happened at one client, in order, readable by many: each reader has its own place. Bounded: the oldest events go first,
/// and a reader that fell behind goes on with the oldest one left.
/// </summary>
public sealed class UeEventLog
{
    /// <summary>A call of an hour with a floor message per second, several times over.</summary>
    public const int Capacity = 16_384;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly UeEvent[] _ring;
    private readonly Action<UeEvent>? _watcher;
    private long _end;
    private TaskCompletionSource _appended = New();

    /// <param name="capacity">How many events are kept.</param>
    /// <param name="watcher">Called with each event, in order of each cause, before readers see it; must not wait.</param>
    public UeEventLog(TimeProvider time, int capacity = Capacity, Action<UeEvent>? watcher = null) =>
        (_time, _ring, _watcher) = (time, new UeEvent[capacity], watcher);

    /// <summary>The number that the next event gets: a reader that starts here sees only what happens from now on.</summary>
    public long End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    public void Append(UeEvent happened)
    {
        TaskCompletionSource waiting;
        _watcher?.Invoke(happened);
        lock (_gate)
        {
            _ring[_end++ % _ring.Length] = happened;
            waiting = _appended;
            _appended = New();
        }

        waiting.TrySetResult();
    }

    /// <summary>What is still kept from a place on.</summary>
    public IReadOnlyList<UeEvent> Since(long place)
    {
        lock (_gate)
        {
            var oldest = Math.Max(Math.Max(0, _end - _ring.Length), place);
            return [.. Enumerable.Range(0, (int)Math.Max(0, _end - oldest)).Select(i => _ring[(oldest + i) % _ring.Length])];
        }
    }

    public async IAsyncEnumerable<UeEvent> ReadAsync(long from = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var next = from;
        while (true)
        {
            var (happened, more) = Take(ref next);
            if (happened is not null)
            {
                yield return happened;
                continue;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// The first event at or after a place for which the condition holds; null when none came in time. The place moves behind it, or to
    /// the end of what was read.
    /// </summary>
    public async Task<UeEvent?> WaitForAsync(EventPlace place, Func<UeEvent, bool> condition, TimeSpan within, CancellationToken cancellationToken)
    {
        var deadline = _time.GetTimestamp() + (long)(within.TotalSeconds * _time.TimestampFrequency);
        while (true)
        {
            var (happened, more) = Take(ref place.Next);
            if (happened is not null)
            {
                if (condition(happened))
                {
                    return happened;
                }

                continue;
            }

            var left = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await more.WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The loop looks once more, then the deadline has passed.
            }
        }
    }

    /// <summary>Events of these words in whatever order, because signalling and floor come by different sockets. Returns those that did not come in time, each of which had so long.</summary>
    public async Task<IReadOnlyList<string>> WaitForAllAsync(EventPlace place, IEnumerable<string> words, TimeSpan within, CancellationToken cancellationToken)
    {
        var open = words.ToList();
        while (open.Count > 0 && await WaitForAsync(place, happened => open.Contains(happened.Word), within, cancellationToken) is { } found)
        {
            open.Remove(found.Word);
        }

        return open;
    }

    private (UeEvent? Happened, Task More) Take(ref long next)
    {
        lock (_gate)
        {
            next = Math.Max(next, _end - _ring.Length);
            return next >= _end ? (null, _appended.Task) : (_ring[next++ % _ring.Length], Task.CompletedTask);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Where a reader of a <see cref="UeEventLog"/> stands.</summary>
public sealed class EventPlace(long next = 0)
{
    internal long Next = next;

    public long Number => Next;
}
