using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>
/// Keeps the node's queue at the earliest timer of one actor's state. Only what fired and is still wanted with the same due
/// time is remembered, so that a decider may ignore a timer without being asked again and again.
/// </summary>
internal sealed class ActorTimers(CellServices services, ActorAddress address, string persistenceId)
{
    private List<ActorTimer>? _fired;
    private long? _armed;

    public static long? Earliest(IEnumerable<ActorTimer> timers)
    {
        long? earliest = null;
        foreach (var timer in timers)
        {
            earliest = earliest is null ? timer.DueUs : Math.Min(earliest.Value, timer.DueUs);
        }

        return earliest;
    }

    public void Arm(IEnumerable<ActorTimer> timers)
    {
        if (_fired is not null)
        {
            timers = Forget(timers);
        }

        var due = Earliest(timers);
        if (due == _armed)
        {
            return;
        }

        _armed = due;
        if (due is { } at)
        {
            services.Timers.Set(persistenceId, at);
        }
        else
        {
            services.Timers.Clear(persistenceId);
        }
    }

    /// <summary>The due timer that has waited longest.</summary>
    public bool TryGetDue(IEnumerable<ActorTimer> timers, out ActorTimer due)
    {
        // The queue has dropped the entry that led here.
        _armed = null;
        var now = UnixTime.UsOf(services.Time.GetUtcNow());
        due = default;
        var found = false;
        foreach (var timer in timers)
        {
            if (timer.DueUs <= now && (!found || timer.DueUs < due.DueUs) && _fired?.Contains(timer) != true)
            {
                (due, found) = (timer, true);
            }
        }

        return found;
    }

    public void Fired(ActorTimer timer) => (_fired ??= []).Add(timer);

    /// <summary>Tries again soon: the journal's queue or the outbox was full.</summary>
    public void Postpone() => services.Timers.Set(persistenceId, UnixTime.UsOf(services.Time.GetUtcNow()) + (long)services.Options.RetryFirst.TotalMicroseconds);

    public Command Command(ActorTimer timer)
    {
        var id = $"timer:{persistenceId}:{timer.Name}:{timer.DueUs}";
        return new Command
        {
            CommandId = id,
            CorrelationId = id,
            To = address,
            TimeUs = UnixTime.UsOf(services.Time.GetUtcNow()),
            Timer = new TimerFired { Name = timer.Name, DueUs = timer.DueUs },
        };
    }

    private List<ActorTimer> Forget(IEnumerable<ActorTimer> timers)
    {
        var wanted = timers.ToList();
        _fired!.RemoveAll(timer => !wanted.Contains(timer));
        wanted.RemoveAll(_fired.Contains);
        _fired = _fired.Count == 0 ? null : _fired;
        return wanted;
    }
}
