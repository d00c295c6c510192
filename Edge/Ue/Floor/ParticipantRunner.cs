namespace Mcptt.Ue.Floor;

/// <summary>Runs the participant machine: one input at a time, its timers on the given clock. What it orders goes to the sink under its lock, in order.</summary>
internal sealed class ParticipantRunner(ParticipantOptions options, TimeProvider time, Action<ParticipantAction> sink) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ParticipantTimer, Running> _timers = [];
    private bool _disposed;

    public ParticipantState State { get; private set; } = new ParticipantState.StartStop();

    public void Apply(ParticipantInput input)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                ApplyLocked(input);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var running in _timers.Values)
            {
                running.Timer?.Dispose();
            }
        }
    }

    private void ApplyLocked(ParticipantInput input)
    {
        var step = ParticipantMachine.Step(State, input, options);
        State = step.State;
        foreach (var action in step.Actions)
        {
            switch (action)
            {
                case ParticipantAction.StartTimer start:
                    Start(start.Timer);
                    break;
                case ParticipantAction.StopTimer stop:
                    Stop(stop.Timer);
                    break;
                default:
                    sink(action);
                    break;
            }
        }
    }

    // T103 is restarted by each RTP packet: one timer per kind, and while it runs only its due time moves. It fires once too early then, and sees it.
    private void Start(ParticipantTimer timer)
    {
        if (!_timers.TryGetValue(timer, out var running))
        {
            running = _timers[timer] = new Running();
        }

        var duration = options.DurationOf(timer);
        var due = time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency);
        var armed = running.Due is { } before && before <= due;
        running.Due = due;
        running.Timer ??= time.CreateTimer(_ => Expire(timer, running), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!armed)
        {
            running.Timer.Change(duration, Timeout.InfiniteTimeSpan);
        }
    }

    private void Stop(ParticipantTimer timer)
    {
        if (_timers.TryGetValue(timer, out var running))
        {
            running.Due = null;
            running.Timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // The callback may have been on its way when the timer was stopped or moved on; the due time decides.
    private void Expire(ParticipantTimer timer, Running running)
    {
        lock (_gate)
        {
            if (_disposed || running.Due is not { } due)
            {
                return;
            }

            var left = time.GetElapsedTime(time.GetTimestamp(), due);
            if (left > TimeSpan.Zero)
            {
                running.Timer?.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan); // Timers count whole ones.
                return;
            }

            running.Due = null;
            ApplyLocked(new ParticipantInput.TimerExpired(timer));
        }
    }

    private sealed class Running
    {
        public ITimer? Timer { get; set; }

        /// <summary>Null: stopped.</summary>
        public long? Due { get; set; }
    }
}
