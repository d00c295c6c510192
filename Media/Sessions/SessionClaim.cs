using System.Text;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Sessions;

/// <summary>
/// That a session is its call's: orders say so, and the call is asked now and then. A node that was cut off, or whose session was opened twice because
/// nobody knew whether the first order had arrived, learns in this way that it carries a session for nobody.
/// </summary>
internal sealed class SessionClaim
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private long _orders;
    private long _checkAt;

    public SessionClaim(string session, TimeSpan interval, TimeProvider time)
    {
        (_interval, _time) = (interval, time);

        // Sessions that were opened together, after a restart, do not ask together.
        var spread = Encoding.UTF8.GetBytes(session).Aggregate(0u, (sum, octet) => (sum * 31) + octet) / (double)uint.MaxValue;
        _checkAt = After(interval * (1 + spread) / 2);
    }

    /// <summary>Times that it was ordered to be open.</summary>
    public long Orders => Interlocked.Read(ref _orders);

    /// <summary>The call has its session elsewhere, or is over.</summary>
    public static bool IsDenied(Rejection why) => why.Code is RejectionCode.AlreadyExists or RejectionCode.CallUnknown or RejectionCode.CallReleased;

    public void Ordered() => Interlocked.Increment(ref _orders);

    public void CheckAt(long timestamp) => Interlocked.Exchange(ref _checkAt, timestamp);

    /// <summary>True once, then again after the interval.</summary>
    public bool IsCheckDue(long now)
    {
        if (now < Interlocked.Read(ref _checkAt))
        {
            return false;
        }

        Interlocked.Exchange(ref _checkAt, After(_interval));
        return true;
    }

    private long After(TimeSpan time) => _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
}
