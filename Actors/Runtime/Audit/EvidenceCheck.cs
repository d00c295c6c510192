using System.Globalization;
using Mcptt.Actors.Journals;
using Mcptt.Domain;

namespace Mcptt.Actors.Audit;

/// <summary>Holds what a database knows besides its events against the events.</summary>
internal sealed class EvidenceCheck(IJournalReader journal, IJournalEvidence? evidence, Findings findings)
{
    /// <summary>Ranges of orderings, of 1024 each, whose tags are held in memory to name those that differ; then come the next ones.</summary>
    private const int LocatedBuckets = 256;

    /// <summary>Tags that point beyond the last row and are looked up one by one, because the server may write meanwhile.</summary>
    private const int BeyondLimit = 1_000;

    public async ValueTask OrderingsAsync(OrderingEvidence orderings, IReadOnlyList<OrderingGap> gaps, long lastOrdering, CancellationToken cancellationToken)
    {
        foreach (var gap in gaps)
        {
            await GapAsync(FindingKind.RemovedEvent, gap, cancellationToken);
        }

        if (orderings.IsGapless && orderings.Drawn > lastOrdering)
        {
            await GapAsync(FindingKind.CutOff, new OrderingGap(Math.Max(lastOrdering, 0) + 1, orderings.Drawn, SealInterval.None), cancellationToken);
        }

        if (orderings.Drawn > 0 && orderings.Stored > orderings.Drawn)
        {
            findings.Add(new Finding(
                FindingKind.InsertedEvent, "", 0, orderings.Stored, null, SealInterval.None,
                string.Create(CultureInfo.InvariantCulture, $"a row has ordering {orderings.Stored}, and orderings were given out up to {orderings.Drawn} only: it was put in, and readers do not see it")));
        }
    }

    // What stands there may be the mark of an archived history. A row of another kind is hidden from every reader.
    private async ValueTask GapAsync(FindingKind kind, OrderingGap gap, CancellationToken cancellationToken)
    {
        if (evidence is null)
        {
            return;
        }

        var marks = 0L;
        await foreach (var mark in evidence.ReadMarksAsync(gap.First - 1, gap.Last, cancellationToken))
        {
            marks++;
            if (mark.Manifest != JournalFormat.ArchivedManifest)
            {
                findings.Add(new Finding(FindingKind.Column, mark.PersistenceId, mark.SequenceNumber, mark.Ordering, null, gap.Between, "deleted is set: no reader is shown the row any more"));
            }
        }

        if (gap.Last - gap.First + 1 > marks)
        {
            findings.Add(new Finding(
                kind, "", 0, gap.First, null, gap.Between,
                string.Create(CultureInfo.InvariantCulture, $"no row has the orderings {gap.First} to {gap.Last}{(marks > 0 ? $", except {marks}" : "")}, and the database gave out each one once: rows were removed")));
        }
    }

    /// <summary>Snapshots and live marks of the chains that the lanes hold now.</summary>
    public async ValueTask PointersAsync(IReadOnlyList<ChainLane> lanes, CancellationToken cancellationToken)
    {
        if (evidence is null)
        {
            return;
        }

        await foreach (var pointer in evidence.ReadPointersAsync(cancellationToken))
        {
            var chains = lanes[lanes.Count == 1 ? 0 : LanePool.LaneOf(pointer.PersistenceId, lanes.Count)].Chains;
            var isKnown = chains.TryGet(pointer.PersistenceId, out var head);
            if (chains.Holds(pointer.PersistenceId) && pointer.SequenceNumber > (isKnown ? head.SequenceNumber : 0) && !await IsThereNowAsync(pointer, cancellationToken))
            {
                findings.Add(new Finding(
                    FindingKind.CutOff, pointer.PersistenceId, head.SequenceNumber + 1, 0, null, SealInterval.None,
                    $"{pointer.Source} knows event {pointer.SequenceNumber}, and the chain {(isKnown ? $"ends with {head.SequenceNumber}" : "has no event")}: its end was removed"));
            }
        }
    }

    public async ValueTask TagsAsync(IReadOnlyList<ChainLane> lanes, KeyedHash hash, VerifyStart.Place place, long lastOrdering, CancellationToken cancellationToken)
    {
        if (evidence is null)
        {
            return;
        }

        var expected = new TagSums(hash);
        foreach (var lane in lanes)
        {
            expected.Add(lane.Tags);
        }

        var actual = new TagSums(hash);
        var beyond = new List<StoredTag>();
        await foreach (var tag in evidence.ReadTagsAsync(cancellationToken))
        {
            if (tag.Ordering > place.After && tag.Ordering <= lastOrdering)
            {
                actual.Add(tag);
            }
            else if (tag.Ordering > lastOrdering && !place.IsCut && beyond.Count < BeyondLimit)
            {
                beyond.Add(tag);
            }
        }

        foreach (var tag in beyond)
        {
            await CheckBeyondAsync(tag, cancellationToken);
        }

        await LocateAsync([.. expected.Differing(actual)], place, lastOrdering, cancellationToken);
    }

    // The server may have written it since the rows were read.
    private async ValueTask CheckBeyondAsync(StoredTag tag, CancellationToken cancellationToken)
    {
        await foreach (var stored in journal.ReadActorAsync(tag.PersistenceId, tag.SequenceNumber, cancellationToken))
        {
            if (stored.Ordering == tag.Ordering)
            {
                return;
            }

            break;
        }

        findings.Add(new Finding(
            FindingKind.CutOff, tag.PersistenceId, tag.SequenceNumber, tag.Ordering, null, SealInterval.None, $"the tag \"{tag.Tag}\" names this event, and it is not there: it was removed"));
    }

    private async ValueTask<bool> IsThereNowAsync(StoredPointer pointer, CancellationToken cancellationToken)
    {
        await foreach (var _ in journal.ReadActorAsync(pointer.PersistenceId, pointer.SequenceNumber, cancellationToken))
        {
            return true;
        }

        return false;
    }

    private async ValueTask LocateAsync(List<int> buckets, VerifyStart.Place place, long lastOrdering, CancellationToken cancellationToken)
    {
        foreach (var wanted in buckets.Chunk(LocatedBuckets))
        {
            if (findings.IsFull)
            {
                findings.Add(new Finding(FindingKind.Tag, "", 0, 0, null, SealInterval.None, $"tags differ in {buckets.Count} ranges of the journal, and not all of them are named"));
                return;
            }

            await LocateAmongAsync(wanted.ToHashSet(), place, lastOrdering, cancellationToken);
        }
    }

    private async ValueTask LocateAmongAsync(HashSet<int> wanted, VerifyStart.Place place, long lastOrdering, CancellationToken cancellationToken)
    {
        var expected = new Dictionary<StoredTag, (DateTimeOffset Stored, bool IsThere)>();
        await ExpectAsync(wanted, place, lastOrdering, expected, cancellationToken);
        await foreach (var tag in evidence!.ReadTagsAsync(cancellationToken)) // Without evidence no bucket differs.
        {
            if (tag.Ordering <= place.After || tag.Ordering > lastOrdering || !wanted.Contains(TagSums.BucketOf(tag.Ordering)))
            {
                continue;
            }

            // Twice is no fault: rows that are being archived stand in the file and in the journal.
            if (expected.TryGetValue(tag, out var known))
            {
                expected[tag] = known with { IsThere = true };
            }
            else
            {
                Add(tag, null, $"the tag \"{tag.Tag}\" is not one of this event, or the event was removed");
            }
        }

        foreach (var (tag, known) in expected.Where(pair => !pair.Value.IsThere))
        {
            Add(tag, known.Stored, $"its tag \"{tag.Tag}\" is missing: who looks for it by that does not find it");
        }
    }

    private async ValueTask ExpectAsync(
        HashSet<int> wanted, VerifyStart.Place place, long lastOrdering, Dictionary<StoredTag, (DateTimeOffset Stored, bool IsThere)> expected, CancellationToken cancellationToken)
    {
        for (long? position = place.After; position is { } after;)
        {
            position = null;
            await foreach (var stored in journal.ReadAllAsync(after, cancellationToken))
            {
                if (stored.Ordering > lastOrdering)
                {
                    return;
                }

                if (!wanted.Contains(TagSums.BucketOf(stored.Ordering)))
                {
                    position = BeforeNext(wanted, stored.Ordering);
                    break;
                }

                if (ActorAddresses.TryParse(stored.PersistenceId, out var actor) && stored.TryReadEnvelope(out var envelope))
                {
                    foreach (var tag in EventTags.Of(actor, envelope))
                    {
                        expected[new StoredTag(stored.Ordering, tag, stored.PersistenceId, stored.SequenceNumber)] = (stored.Created, false);
                    }
                }
            }
        }
    }

    // However far apart orderings are, what lies between the wanted ranges is not read.
    private static long? BeforeNext(HashSet<int> wanted, long ordering)
    {
        var range = (ordering >> TagSums.RangeBits) + 1;
        while (!wanted.Contains((int)range & (TagSums.Buckets - 1)))
        {
            range++;
        }

        return range <= long.MaxValue >> TagSums.RangeBits ? (range << TagSums.RangeBits) - 1 : null;
    }

    private void Add(in StoredTag tag, DateTimeOffset? stored, string text) =>
        findings.Add(new Finding(FindingKind.Tag, tag.PersistenceId, tag.SequenceNumber, tag.Ordering, stored, SealInterval.None, text));
}

/// <summary>Orderings without a row that readers are shown.</summary>
internal readonly record struct OrderingGap(long First, long Last, SealInterval Between);
