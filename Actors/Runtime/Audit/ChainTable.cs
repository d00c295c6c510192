using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mcptt.Actors.Audit;

/// <summary>What is known of a chain after its last row so far.</summary>
internal struct ChainHead
{
    public long SequenceNumber;
    public long Ordering;
    public uint Index;
    public uint Count;
    public Sha256Value Sha256;
}

/// <summary>
/// The heads of chains, as many as the limit. When there are more, half of them (by the hash of their ids) are left for another pass over the
/// journal, and again half of those that are left, until they fit. So memory is bounded and time is paid instead.
/// </summary>
internal sealed class ChainTable(int limit)
{
    private const uint MaxModulus = 1 << 22;

    private readonly Dictionary<string, ChainHead> _heads = [];
    private readonly Stack<(uint Residue, uint Modulus)> _later = [];
    private (uint Residue, uint Modulus) _part = (0, 1);
    private bool _isDone;

    public int Count => _heads.Count;

    public IEnumerable<KeyValuePair<string, ChainHead>> Heads => _heads;

    /// <summary>Chains of another part are looked at in another pass.</summary>
    public bool Holds(string persistenceId) => !_isDone && Hash(persistenceId) % _part.Modulus == _part.Residue;

    public bool TryGet(string persistenceId, out ChainHead head) => _heads.TryGetValue(persistenceId, out head);

    /// <summary>False with a null reference: the chain belongs to another pass.</summary>
    public ref ChainHead GetOrAdd(string persistenceId, out bool isKnown)
    {
        isKnown = false;
        if (!Holds(persistenceId))
        {
            return ref Unsafe.NullRef<ChainHead>();
        }

        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_heads, persistenceId);
        if (!Unsafe.IsNullRef(ref known))
        {
            isKnown = true;
            return ref known;
        }

        // Ids whose hashes are the same cannot be told apart: then the limit gives way.
        while (_heads.Count >= limit && Holds(persistenceId) && _part.Modulus <= MaxModulus)
        {
            Split();
        }

        if (!Holds(persistenceId))
        {
            return ref Unsafe.NullRef<ChainHead>();
        }

        return ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, persistenceId, out _);
    }

    /// <summary>Goes on to the chains that were left. False: none were.</summary>
    public bool TryNext()
    {
        _heads.Clear();
        _isDone = !_later.TryPop(out var part);
        _part = _isDone ? _part : part;
        return !_isDone;
    }

    private void Split()
    {
        _later.Push((_part.Residue + _part.Modulus, _part.Modulus * 2));
        _part = (_part.Residue, _part.Modulus * 2);
        foreach (var id in _heads.Keys.Where(id => !Holds(id)).ToList())
        {
            _heads.Remove(id);
        }
    }

    // Not the dictionary's own hash, and not what chooses the lane: their low bits are the same for all in one lane.
    private static uint Hash(string persistenceId) => ((uint)persistenceId.GetHashCode(StringComparison.Ordinal) * 0x9E3779B1) >> 8;
}
