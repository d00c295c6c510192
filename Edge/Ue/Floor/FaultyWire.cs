namespace Mcptt.Ue.Floor;

/// <summary>One direction of a wire that loses, doubles and reorders what passes. Thread safe.</summary>
internal sealed class FaultyWire(Misbehaviour faults, int direction)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(unchecked(faults.Seed * 31 + direction));
    private byte[]? _heldBack;

    /// <summary>What comes out at the other end now, in this order.</summary>
    public IReadOnlyList<byte[]> Pass(ReadOnlySpan<byte> datagram)
    {
        var bytes = datagram.ToArray();
        lock (_gate)
        {
            if (_random.NextDouble() < faults.Lose)
            {
                return [];
            }

            if (_heldBack is null && _random.NextDouble() < faults.Reorder)
            {
                _heldBack = bytes;
                return [];
            }

            var passed = new List<byte[]> { bytes };
            if (_random.NextDouble() < faults.Duplicate)
            {
                passed.Add(bytes);
            }

            if (_heldBack is not null)
            {
                passed.Add(_heldBack);
                _heldBack = null;
            }

            return passed;
        }
    }
}
