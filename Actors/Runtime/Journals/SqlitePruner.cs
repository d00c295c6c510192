using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Journals;

/// <summary>Moves rows out of a SQLite journal. Removing is the writer's work, in transactions of their own between those of appends.</summary>
internal sealed class SqlitePruner(SqliteReaders readers, GroupCommit commit) : IJournalPruner
{
    /// <summary>Rows that are read in one transaction.</summary>
    private const int PageRecords = 200;

    public async IAsyncEnumerable<DormantActor> ReadDormantAsync(
        string prefix, DateTimeOffset storedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new SqlitePruneReader.DormantPage([], "", IsLast: false);
        while (!page.IsLast)
        {
            page = await readers.ReadAsync(SqlitePruneReader.Dormant, (prefix, page.Last, storedBefore.UtcTicks), cancellationToken);
            foreach (var actor in page.Actors)
            {
                yield return actor;
            }
        }
    }

    public async IAsyncEnumerable<JournalRecord> ReadRecordsAsync(IReadOnlyList<long> orderings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var page in orderings.Chunk(PageRecords))
        {
            foreach (var record in await readers.ReadAsync(SqlitePruneReader.Records, page, cancellationToken))
            {
                yield return record;
            }
        }
    }

    public async ValueTask<IReadOnlyList<string>> MarkArchivedAsync(
        IReadOnlyList<HistoryEnd> histories, string archive, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await commit.RunAsync(writer => ((SqliteWriter)writer).Prune(pruning => pruning.Mark(histories, archive, now)));
    }

    public async ValueTask<int> RemoveAsync(IReadOnlyList<RowKey> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await commit.RunAsync(writer => ((SqliteWriter)writer).Prune(pruning => pruning.Remove(rows)));
    }
}
