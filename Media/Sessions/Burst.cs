namespace Mcptt.Media.Sessions;

internal enum BurstReport
{
    None,
    Started,
    Stopped,
}

/// <summary>
/// The talk burst of one leg, with or without permission, and what the floor actor is told of it (floor.proto: MediaStarted,
/// MediaStopped). Times are timestamps of the session's TimeProvider.
/// </summary>
internal sealed class Burst(TimeProvider time, TimeSpan endOfRtp, TimeSpan trailingMedia)
{
    /// <summary>A leg that goes on without permission is reported once in this time.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TimeSpan? _t1;
    private bool _mayTalk;
    private bool _running; // T1 runs.
    private bool _reported; // The floor actor believes that it sends.
    private ulong _epoch;
    private long _lastPacket;
    private long _nextReport = long.MinValue;
    private long _trailingUntil = long.MinValue;

    /// <summary>The epoch of the SetTalkers in force when <see cref="OnTick"/> saw the silence; whoever calls that reads this.</summary>
    public ulong EpochOfStop { get; private set; }

    public BurstReport OnPacket(long now)
    {
        lock (_gate)
        {
            _lastPacket = now;
            _running = true;
            if (now < _nextReport)
            {
                return BurstReport.None;
            }

            _nextReport = _mayTalk ? long.MaxValue : After(now, ReportInterval);
            _reported = true;
            return BurstReport.Started;
        }
    }

    public BurstReport OnTick(long now)
    {
        lock (_gate)
        {
            if (!_running || time.GetElapsedTime(_lastPacket, now) < (_t1 ?? endOfRtp))
            {
                return BurstReport.None;
            }

            var tell = _mayTalk || _reported;
            _running = false;
            _reported = false;
            _nextReport = long.MinValue;
            EpochOfStop = _epoch;
            return tell ? BurstReport.Stopped : BurstReport.None;
        }
    }

    /// <param name="t1">Zero: as configured.</param>
    /// <param name="now">T1 runs from here: a talker who never sends is found out as well.</param>
    /// <param name="again">The same permission was given before: the floor actor may have missed what was reported.</param>
    /// <param name="epoch">Of the SetTalkers.</param>
    public void Permit(TimeSpan t1, long now, bool again, ulong epoch)
    {
        lock (_gate)
        {
            _epoch = epoch;
            if (!_mayTalk || again)
            {
                _nextReport = long.MinValue;
            }

            _t1 = t1 > TimeSpan.Zero ? t1 : null;
            _mayTalk = true;
            _running = true;
            _lastPacket = now;
        }
    }

    /// <param name="now">Permissions were set; this leg is not among them.</param>
    /// <param name="released">It said so itself, or was told to stop; a phone without floor channel knows nothing, so its burst goes on.</param>
    /// <param name="epoch">Of the SetTalkers.</param>
    public void Forbid(long now, bool released, ulong epoch)
    {
        lock (_gate)
        {
            _epoch = epoch;
            _trailingUntil = _mayTalk ? After(now, trailingMedia) : _trailingUntil;
            _nextReport = _trailingUntil;
            _reported &= !(_mayTalk && released);
            _mayTalk = false;
        }
    }

    /// <summary>The report that it started did not arrive: the next packet is reported. Without it T2 would never start.</summary>
    public void ReportAgain()
    {
        lock (_gate)
        {
            _nextReport = long.MinValue;
        }
    }

    /// <summary>The report that it stopped did not arrive: T1 runs once more and is reported again.</summary>
    public void Rewatch(long now)
    {
        lock (_gate)
        {
            if (!_running)
            {
                _running = true;
                _reported = true;
                _lastPacket = now;
            }
        }
    }

    private long After(long now, TimeSpan span) => now + (long)(span.TotalSeconds * time.TimestampFrequency);
}
