namespace Mcptt.Edge.Outbox;

/// <summary>
/// Effects that this process has put on the wire. A repeated one is then no news: its transaction still runs, or its outcome was
/// reported. After a restart the set is empty and the repeat is sent, which on the wire is a retransmission.
/// </summary>
internal sealed class RecentEffects
{
    /// <summary>At the bound the oldest is forgotten.</summary>
    public const int Capacity = 65_536;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = [];
    private readonly Queue<string> _order = new();

    /// <summary>False: it was there already.</summary>
    public bool TryAdd(string effectId)
    {
        lock (_gate)
        {
            if (!_known.Add(effectId))
            {
                return false;
            }

            _order.Enqueue(effectId);
            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }

            return true;
        }
    }
}
