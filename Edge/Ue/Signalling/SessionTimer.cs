using Mcptt.Protocol.Sip;

namespace Mcptt.Ue.Signalling;

/// <summary>The session timer of one dialog (RFC 4028): refreshes at half the interval, or ends a session that nobody refreshed.</summary>
internal sealed class SessionTimer : IDisposable
{
    /// <summary>RFC 4028 10: BYE this long before the end, or a third of the interval when that is shorter.</summary>
    private static readonly TimeSpan EndMargin = TimeSpan.FromSeconds(32);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private bool _weRefresh;
    private bool _disposed;

    public SessionTimer(TimeProvider time, Action refresh, Action expired) =>
        _timer = time.CreateTimer(_ => (_weRefresh ? refresh : expired)(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Null: the other side wants no session timer.</summary>
    public void Arm(SessionExpires? session, bool weRefresh)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _weRefresh = weRefresh;
            var interval = TimeSpan.FromSeconds(session?.Seconds ?? 0);
            var due = interval == TimeSpan.Zero ? Timeout.InfiniteTimeSpan
                : weRefresh ? interval / 2
                : interval - (interval / 3 < EndMargin ? interval / 3 : EndMargin);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }
}
