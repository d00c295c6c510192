namespace Mcptt.Edge.Transactions;

/// <summary>The running timers of one transaction over one <see cref="ITimer"/>. Used under the transaction's lock; <paramref name="fire"/> is called without it.</summary>
internal sealed class TransactionClock(TimeProvider time, TransactionOptions options, Action fire)
{
    private readonly List<Running> _running = new(3);
    private ITimer? _timer;
    private bool _ended;

    /// <summary>Leaves the timers of the old state and starts those of the new one.</summary>
    public void Enter(TransactionKind kind, TransactionState state, bool reliable)
    {
        _running.RemoveAll(timer => !TransactionTable.RunsOn(kind, timer.Timer, state));
        foreach (var (timer, due) in TransactionTable.TimersOf(kind, state, reliable, options))
        {
            Add(timer, due);
        }

        Arm();
    }

    public void Start(TransactionTimer timer, TimeSpan due)
    {
        Add(timer, due);
        Arm();
    }

    public void Stop(TransactionTimer timer)
    {
        _running.RemoveAll(running => running.Timer == timer);
        Arm();
    }

    /// <summary>Takes one timer that is due; a repeating one starts its next interval.</summary>
    public TransactionTimer? TakeDue(TransactionState state)
    {
        var now = time.GetTimestamp();
        var at = _running.FindIndex(timer => time.GetElapsedTime(timer.Started, now) >= timer.Interval);
        if (at < 0)
        {
            Arm();
            return null;
        }

        var due = _running[at];
        _running.RemoveAt(at);
        if (TransactionTable.NextInterval(due.Timer, state, due.Interval, options) is { } next)
        {
            _running.Add(new Running(due.Timer, next, now));
        }

        return due.Timer;
    }

    /// <summary>The transaction has ended.</summary>
    public void End()
    {
        _ended = true;
        _running.Clear();
        _timer?.Dispose();
    }

    private void Add(TransactionTimer timer, TimeSpan due) => _running.Add(new Running(timer, due, time.GetTimestamp()));

    private void Arm()
    {
        if (_ended)
        {
            return;
        }

        var first = Timeout.InfiniteTimeSpan;
        var now = time.GetTimestamp();
        foreach (var timer in _running)
        {
            var left = timer.Interval - time.GetElapsedTime(timer.Started, now);
            left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            first = first == Timeout.InfiniteTimeSpan || left < first ? left : first;
        }

        if (_timer is not null)
        {
            _timer.Change(RoundUp(first), Timeout.InfiniteTimeSpan);
        }
        else if (first != Timeout.InfiniteTimeSpan)
        {
            _timer = time.CreateTimer(static state => ((Action)state!)(), fire, RoundUp(first), Timeout.InfiniteTimeSpan);
        }
    }

    // System timers count whole milliseconds; rounded down one would wake before it is due.
    private static TimeSpan RoundUp(TimeSpan due) => due.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? due
        : TimeSpan.FromMilliseconds(Math.Floor(due.TotalMilliseconds) + 1);

    private readonly record struct Running(TransactionTimer Timer, TimeSpan Interval, long Started);
}
