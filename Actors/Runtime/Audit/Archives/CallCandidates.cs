using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// Calls that have been silent for long, the oldest first, so that a file holds what happened at one time and readers need few files at once.
/// The journal finds calls by their ids, which have no order in time: so each look keeps the oldest of all, as many as the limit allows.
/// </summary>
internal sealed class CallCandidates(IJournalPruner pruner, int limit, long sealedTo, DateTimeOffset storedBefore)
{
    public const string CallPrefix = "call-";

    private long _lookedTo;

    /// <summary>There may be more behind those that were found.</summary>
    public bool HasMore { get; private set; } = true;

    public long NotSealed { get; private set; }

    /// <summary>The next ones; those of earlier looks do not come again.</summary>
    public async ValueTask<IReadOnlyList<DormantActor>> LookAsync(Action<long> progress, CancellationToken cancellationToken)
    {
        // The youngest of those that are kept is at the head.
        var kept = new PriorityQueue<DormantActor, long>();
        var isCut = false;
        long looked = 0;
        NotSealed = 0;
        await foreach (var call in pruner.ReadDormantAsync(CallPrefix, storedBefore, cancellationToken))
        {
            progress(++looked);
            if (call.LastOrdering > sealedTo)
            {
                NotSealed++;
                continue;
            }

            if (call.FirstOrdering <= _lookedTo)
            {
                continue;
            }

            kept.Enqueue(call, -call.FirstOrdering);
            if (kept.Count > limit)
            {
                kept.Dequeue();
                isCut = true;
            }
        }

        HasMore = isCut;
        DormantActor[] found = [.. kept.UnorderedItems.Select(item => item.Element).OrderBy(call => call.FirstOrdering)];
        _lookedTo = found.Length > 0 ? found[^1].FirstOrdering : _lookedTo;
        return found;
    }
}
