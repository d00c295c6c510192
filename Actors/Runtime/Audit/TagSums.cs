using System.Text;

namespace Mcptt.Actors.Audit;

/// <summary>
/// Sums of keyed hashes of tags, by ranges of orderings: those that the events should have against those that the table has, without
/// holding either. Half a megabyte however long the journal is.
/// </summary>
internal sealed class TagSums(KeyedHash hash)
{
    public const int Buckets = 1 << 16;

    /// <summary>Orderings that stand beside one another share a bucket, so that what differs is found by reading few rows again.</summary>
    public const int RangeBits = 10;

    private const int UsualOctets = 512;

    private readonly ulong[] _sums = new ulong[Buckets];

    public static int BucketOf(long ordering) => (int)(ordering >> RangeBits) & (Buckets - 1);

    public void Add(long ordering, long sequenceNumber, string persistenceId, ReadOnlySpan<byte> tag) =>
        _sums[BucketOf(ordering)] += hash.Of(ordering, sequenceNumber, persistenceId, tag);

    public void Add(in StoredTag stored)
    {
        Span<byte> octets = stored.Tag.Length * 3 <= UsualOctets ? stackalloc byte[UsualOctets] : new byte[stored.Tag.Length * 3];
        Add(stored.Ordering, stored.SequenceNumber, stored.PersistenceId, octets[..Encoding.UTF8.GetBytes(stored.Tag, octets)]);
    }

    public void Add(TagSums other)
    {
        for (var i = 0; i < Buckets; i++)
        {
            _sums[i] += other._sums[i];
        }
    }

    public IEnumerable<int> Differing(TagSums other) => Enumerable.Range(0, Buckets).Where(i => _sums[i] != other._sums[i]);
}
