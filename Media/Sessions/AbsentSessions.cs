namespace Mcptt.Media.Sessions;

/// <summary>
/// What to answer to an effect for a session that is not here. After a restart the floor actor may speak before its call has opened the session
/// again: for <see cref="Patience"/> it is asked to come back. Later, or for a session that was closed here, the effect is taken and void;
/// otherwise it would come back for ever.
/// </summary>
internal sealed class AbsentSessions(TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Sessions remembered. Full: the one longest here is forgotten.</summary>
    public const int Capacity = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long?> _askedFirst = [];
    private readonly HashSet<string> _missed = [];
    private readonly Queue<string> _order = new();

    public void Closed(string session)
    {
        lock (_gate)
        {
            Remember(session, null);
        }
    }

    /// <summary>True: effects for it came too early, were waited with, and are lost: whoever sent them must say them again.</summary>
    public bool Opened(string session)
    {
        lock (_gate)
        {
            _askedFirst.Remove(session);
            return _missed.Remove(session);
        }
    }

    /// <summary>True: the effect is void. False: it may come again.</summary>
    public bool IsVoid(string session)
    {
        lock (_gate)
        {
            if (!_askedFirst.TryGetValue(session, out var first))
            {
                Remember(session, time.GetTimestamp());
                return false;
            }

            if (first is { } since && time.GetElapsedTime(since) < Patience)
            {
                return false;
            }

            if (first is not null)
            {
                _missed.Add(session);
            }

            return true;
        }
    }

    private void Remember(string session, long? asked)
    {
        if (!_askedFirst.ContainsKey(session))
        {
            _order.Enqueue(session);
        }

        _askedFirst[session] = asked;
        while (_order.Count > Capacity)
        {
            var forgotten = _order.Dequeue();
            _askedFirst.Remove(forgotten);
            _missed.Remove(forgotten);
        }
    }
}
