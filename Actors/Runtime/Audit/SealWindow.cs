using System.Runtime.InteropServices;
using System.Text;
using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit;

/// <summary>The rows between two seals as they are read, in the order of their orderings. Holds no message, and never more than the limits.</summary>
internal sealed class SealWindow(int rowLimit = SealLimits.Rows, int chainLimit = SealLimits.Chains)
{
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, int> _chains = [];

    public int Rows => _rows.Count;

    public int Chains => _chains.Count;

    /// <summary>A window without anything but seals needs no seal.</summary>
    public bool HasEvents => _chains.Count > 1 || (_chains.Count == 1 && !_chains.ContainsKey(SealLimits.PersistenceId));

    public long FirstOrdering => _rows[0].Ordering;

    public long LastOrdering => _rows[^1].Ordering;

    /// <summary>False: the limits are reached; nothing was added.</summary>
    public bool TryAdd(in StoredEvent stored, ReadOnlySpan<byte> messageSha256)
    {
        if (_rows.Count >= rowLimit)
        {
            return false;
        }

        if (!_chains.TryGetValue(stored.PersistenceId, out var chain))
        {
            if (_chains.Count >= chainLimit)
            {
                return false;
            }

            chain = _chains.Count;
            _chains.Add(stored.PersistenceId, chain);
        }

        var row = new Row { Chain = chain, Ordering = stored.Ordering, SequenceNumber = stored.SequenceNumber };
        RowDigest.Compute(stored, messageSha256, row.Digest);
        _rows.Add(row);
        return true;
    }

    /// <summary>The rows by persistence id. The ids are in no order.</summary>
    public ChainSpan[] Close()
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        var ends = new int[_chains.Count];
        foreach (ref readonly var row in rows)
        {
            ends[row.Chain]++;
        }

        for (var chain = 1; chain < ends.Length; chain++)
        {
            ends[chain] += ends[chain - 1];
        }

        // Filled from behind, so that the rows of a chain stay in their order.
        var starts = (int[])ends.Clone();
        var places = new RowPlace[rows.Length];
        var digests = new byte[rows.Length * Sha256Value.Octets];
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            ref readonly var row = ref rows[i];
            var at = --starts[row.Chain];
            places[at] = new RowPlace(row.SequenceNumber, row.Ordering);
            ((ReadOnlySpan<byte>)row.Digest).CopyTo(digests.AsSpan(at * Sha256Value.Octets));
        }

        var spans = new ChainSpan[ends.Length];
        foreach (var (id, chain) in _chains)
        {
            var (start, count) = (starts[chain], ends[chain] - starts[chain]);
            spans[chain] = new ChainSpan(id, places.AsMemory(start, count), digests.AsMemory(start * Sha256Value.Octets, count * Sha256Value.Octets));
        }

        return spans;
    }

    private struct Row
    {
        public int Chain;
        public long Ordering;
        public long SequenceNumber;
        public Sha256Value Digest;
    }
}

internal readonly record struct RowPlace(long SequenceNumber, long Ordering);

/// <summary>The rows of one persistence id under one seal: a leaf of its tree.</summary>
internal sealed class ChainSpan
{
    private readonly Sha256Value _leaf;

    public ChainSpan(string persistenceId, ReadOnlyMemory<RowPlace> rows, ReadOnlyMemory<byte> digests)
    {
        PersistenceId = persistenceId;
        Id = Encoding.UTF8.GetBytes(persistenceId);
        Rows = rows;
        Digests = digests;
        MerkleTree.Leaf(Id, First, rows.Span[^1].SequenceNumber, digests.Span, _leaf);
    }

    public string PersistenceId { get; }

    /// <summary>In UTF-8, the order of the leaves.</summary>
    public byte[] Id { get; }

    public ReadOnlyMemory<RowPlace> Rows { get; }

    public ReadOnlyMemory<byte> Digests { get; }

    public Sha256Value Leaf => _leaf;

    public long First => Rows.Span[0].SequenceNumber;
}
