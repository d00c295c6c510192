using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>
/// The earliest timer of every actor of a node, loaded or not, in one heap behind one timer of the <see cref="TimeProvider"/>.
/// It holds one entry per actor, so it is bounded by the number of live actors.
/// </summary>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>A longer wait is cut into pieces: <see cref="ITimer"/> takes no more than 49 days.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly Action<string> _wake;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly List<Entry> _heap = [];
    private long _armedUs = long.MaxValue;
    private volatile bool _disposed;

    public TimerQueue(TimeProvider time, Action<string> wake)
    {
        _time = time;
        _wake = wake;
        _timer = time.CreateTimer(static state => ((TimerQueue)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _heap.Count;
            }
        }
    }

    /// <summary>Replaces the actor's entry; one that is due wakes it at once.</summary>
    public void Set(string persistenceId, long dueUs)
    {
        if (dueUs <= UnixTime.UsOf(_time.GetUtcNow()) && !_disposed)
        {
            Clear(persistenceId);
            _wake(persistenceId);
            return;
        }

        lock (_gate)
        {
            if (!_entries.TryGetValue(persistenceId, out var entry))
            {
                entry = new Entry(persistenceId) { Index = _heap.Count, DueUs = dueUs };
                _entries.Add(persistenceId, entry);
                _heap.Add(entry);
            }

            entry.DueUs = dueUs;
            Move(entry);
            Arm();
        }
    }

    public void Clear(string persistenceId)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(persistenceId, out var entry))
            {
                Remove(entry);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        List<string> due = [];
        lock (_gate)
        {
            _armedUs = long.MaxValue;
            var now = UnixTime.UsOf(_time.GetUtcNow());
            while (!_disposed && _heap.Count > 0 && _heap[0].DueUs <= now)
            {
                due.Add(_heap[0].PersistenceId);
                Remove(_heap[0]);
            }

            Arm();
        }

        foreach (var persistenceId in due)
        {
            _wake(persistenceId);
        }
    }

    private void Arm()
    {
        if (_disposed || _heap.Count == 0 || _heap[0].DueUs >= _armedUs)
        {
            return;
        }

        _armedUs = _heap[0].DueUs;
        var wait = Clock.UntilUs(_time, _armedUs);
        if (wait > MaxWait)
        {
            wait = MaxWait;
        }

        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.PersistenceId);
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (!ReferenceEquals(last, entry))
        {
            last.Index = entry.Index;
            _heap[last.Index] = last;
            Move(last);
        }
    }

    private void Move(Entry entry)
    {
        while (entry.Index > 0 && _heap[(entry.Index - 1) / 2] is var parent && parent.DueUs > entry.DueUs)
        {
            Swap(entry, parent);
        }

        while (LesserChild(entry) is { } child && child.DueUs < entry.DueUs)
        {
            Swap(entry, child);
        }
    }

    private Entry? LesserChild(Entry entry)
    {
        var left = (2 * entry.Index) + 1;
        if (left >= _heap.Count)
        {
            return null;
        }

        return left + 1 < _heap.Count && _heap[left + 1].DueUs < _heap[left].DueUs ? _heap[left + 1] : _heap[left];
    }

    private void Swap(Entry a, Entry b)
    {
        (a.Index, b.Index) = (b.Index, a.Index);
        _heap[a.Index] = a;
        _heap[b.Index] = b;
    }

    private sealed class Entry(string persistenceId)
    {
        public string PersistenceId { get; } = persistenceId;

        public long DueUs { get; set; }

        public int Index { get; set; }
    }
}
