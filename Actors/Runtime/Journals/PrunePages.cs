using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Journals;

/// <summary>An actor that was looked at; null: it is not dormant.</summary>
internal readonly record struct DormantCandidate(string PersistenceId, DormantActor? Dormant);

/// <summary>What a pruner reads, in pages that are each a short transaction.</summary>
internal static class PrunePages
{
    /// <summary>Actors that are looked at in one page.</summary>
    public const int Actors = 500;

    /// <summary>Rows that are read in one page.</summary>
    private const int Records = 200;

    /// <param name="read">A page of actors behind a persistence id.</param>
    public static async IAsyncEnumerable<DormantActor> ReadDormantAsync(
        Func<string, CancellationToken, ValueTask<List<DormantCandidate>>> read, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var candidate in JournalPages.ReadAsync(read, Actors, prefix, static actor => actor.PersistenceId, cancellationToken))
        {
            if (candidate.Dormant is { } dormant)
            {
                yield return dormant;
            }
        }
    }

    public static async IAsyncEnumerable<JournalRecord> ReadRecordsAsync(
        Func<long[], CancellationToken, ValueTask<List<JournalRecord>>> read, IReadOnlyList<long> orderings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var page in orderings.Chunk(Records))
        {
            foreach (var record in await read(page, cancellationToken))
            {
                yield return record;
            }
        }
    }
}
