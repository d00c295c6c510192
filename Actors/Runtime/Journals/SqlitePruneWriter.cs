using System.Text;

namespace Mcptt.Actors.Journals;

/// <summary>What removes rows, on the writer's connection, each call within one transaction of the writer.</summary>
internal sealed class SqlitePruneWriter(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatements _statements = new(database);

    /// <summary>Persistence ids that are refused.</summary>
    public List<string> Mark(IReadOnlyList<HistoryEnd> histories, string archive, DateTimeOffset now) =>
        [.. histories.Where(history => !TryMark(history, archive, now)).Select(history => history.PersistenceId)];

    public int Remove(IReadOnlyList<RowKey> rows)
    {
        var removed = 0;
        var remove = _statements.Prepared(
            "DELETE FROM journal WHERE ordering = ?1 AND persistence_id = ?2 AND sequence_number = ?3 AND deleted = 0 "
            + "AND EXISTS (SELECT 1 FROM journal mark WHERE mark.persistence_id = ?2 AND mark.sequence_number > ?3 AND mark.deleted = 1)");
        var untag = _statements.Prepared("DELETE FROM tags WHERE tag = ?1 AND ordering_id = ?2");
        foreach (var row in rows)
        {
            remove.Bind(1, row.Ordering).Bind(2, row.PersistenceId).Bind(3, row.SequenceNumber);
            remove.TryRun();
            if (database.Changes == 0)
            {
                continue;
            }

            removed++;
            foreach (var tag in row.Tags)
            {
                untag.Bind(1, tag).Bind(2, row.Ordering).TryRun();
            }
        }

        return removed;
    }

    public void Dispose() => _statements.Dispose();

    private bool TryMark(HistoryEnd history, string archive, DateTimeOffset now)
    {
        var end = _statements.Prepared("SELECT sequence_number, deleted FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number DESC LIMIT 1");
        var exists = end.Bind(1, history.PersistenceId).Step();
        var (sequenceNumber, isMark) = (end.Number(0), end.Number(1) != 0);
        end.Reset();
        if (isMark)
        {
            return sequenceNumber == history.SequenceNumber + 1;
        }

        if (!exists || sequenceNumber != history.SequenceNumber || SqlitePruneReader.IsLive(_statements, history.PersistenceId))
        {
            return false;
        }

        _statements.Prepared(
            "INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) "
            + $"VALUES (1, ?1, ?2, ?3, ?4, {JournalFormat.SerializerId}, '{JournalFormat.ArchivedManifest}', '')")
            .Bind(1, history.PersistenceId).Bind(2, history.SequenceNumber + 1).Bind(3, now.UtcTicks).Bind(4, Encoding.UTF8.GetBytes(archive)).TryRun();
        _statements.Prepared("DELETE FROM snapshot WHERE persistence_id = ?1").Bind(1, history.PersistenceId).TryRun();
        return true;
    }
}
