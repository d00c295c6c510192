namespace Mcptt.Actors.Journals;

/// <summary>Moves rows out of a SQLite journal. Removing is the writer's work, in transactions of their own between those of appends.</summary>
internal sealed class SqlitePruner(SqliteReaders readers, GroupCommit commit) : IJournalPruner
{
    public IAsyncEnumerable<DormantActor> ReadDormantAsync(string prefix, DateTimeOffset storedBefore, CancellationToken cancellationToken) =>
        PrunePages.ReadDormantAsync((after, token) => readers.ReadAsync(SqlitePruneReader.Dormant, (prefix, after, storedBefore.UtcTicks), token), prefix, cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadRecordsAsync(IReadOnlyList<long> orderings, CancellationToken cancellationToken) =>
        PrunePages.ReadRecordsAsync((page, token) => readers.ReadAsync(SqlitePruneReader.Records, page, token), orderings, cancellationToken);

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
