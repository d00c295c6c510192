namespace Mcptt.Media.Sessions;

/// <summary>Floor messages for legs that are not there yet. Full: the oldest goes; its leg is told again by the next change of the floor.</summary>
internal sealed class EarlyFloorMessages(MediaNodeCounters counters)
{
    public const int Capacity = 256;

    private readonly Lock _gate = new();
    private readonly LinkedList<(uint Leg, byte[] Message)> _messages = new();

    public void Keep(uint leg, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_messages.Count == Capacity)
            {
                _messages.RemoveFirst();
                counters.Add(MediaCounter.FloorEarlyDropped);
            }

            _messages.AddLast((leg, message.ToArray()));
        }
    }

    /// <summary>Those of one leg in their order.</summary>
    public IReadOnlyList<byte[]> Take(uint leg)
    {
        lock (_gate)
        {
            if (_messages.Count == 0)
            {
                return [];
            }

            var taken = new List<byte[]>();
            for (var node = _messages.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Leg == leg)
                {
                    taken.Add(node.Value.Message);
                    _messages.Remove(node);
                }

                node = next;
            }

            return taken;
        }
    }
}
