using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>The last ACKs that nothing waited for: one may overtake the note that its 2xx was sent. The oldest is forgotten, and what is older than T1 does not count.</summary>
internal sealed class EarlyAcks(TimeSpan maxAge, TimeProvider time)
{
    private const int MaxKept = 256;

    private readonly Lock _gate = new();
    private readonly Kept?[] _kept = new Kept?[MaxKept];
    private int _next;

    public void Keep((string CallId, string Tag, uint Number) key, RequestMessage ack)
    {
        lock (_gate)
        {
            _kept[_next] = new Kept(key, ack, time.GetTimestamp());
            _next = (_next + 1) % MaxKept;
        }
    }

    public RequestMessage? Find((string CallId, string Tag, uint Number) key)
    {
        lock (_gate)
        {
            return Array.Find(_kept, kept => kept is not null && kept.Key == key && time.GetElapsedTime(kept.Received) <= maxAge)?.Ack;
        }
    }

    private sealed record Kept((string CallId, string Tag, uint Number) Key, RequestMessage Ack, long Received);
}
