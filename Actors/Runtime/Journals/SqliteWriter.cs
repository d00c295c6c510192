using SQLitePCL;

namespace Mcptt.Actors.Journals;

/// <summary>The writing connection to a SQLite file, with its prepared statements. A batch is one transaction.</summary>
internal sealed class SqliteWriter : IJournalWriter
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _tag;
    private readonly SqliteStatement _live;
    private readonly SqliteStatement _notLive;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _otherSnapshots;
    private SqlitePruneWriter? _pruning;

    public SqliteWriter(SqliteJournalOptions options)
    {
        _database = SqliteDatabase.Open(options.Path, create: false);
        try
        {
            _database.Execute($"PRAGMA busy_timeout={(int)options.BusyTimeout.TotalMilliseconds}");
            _database.Execute("PRAGMA synchronous=FULL");
            _database.Execute("PRAGMA temp_store=MEMORY");
            _database.Execute($"PRAGMA cache_size=-{options.CacheKilobytes}");
            if (options.MaxPages > 0)
            {
                _database.Execute($"PRAGMA max_page_count={options.MaxPages}");
            }

            _begin = _database.Prepare("BEGIN IMMEDIATE");
            _commit = _database.Prepare("COMMIT");
            _event = _database.Prepare(
                "INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) "
                + $"VALUES (0, ?1, ?2, ?3, ?4, {JournalFormat.SerializerId}, '{JournalFormat.EventManifest}', ?5)");
            _tag = _database.Prepare("INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr) VALUES (?1, ?2, ?3, ?4)");
            _live = _database.Prepare("INSERT OR REPLACE INTO live (persistence_id, handed_over, due_us) VALUES (?1, ?2, ?3)");
            _notLive = _database.Prepare("DELETE FROM live WHERE persistence_id = ?1");
            _snapshot = _database.Prepare(
                "INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) "
                + $"VALUES (?1, ?2, ?3, ?4, '{JournalFormat.SnapshotManifest}', {JournalFormat.SerializerId})");
            _otherSnapshots = _database.Prepare("DELETE FROM snapshot WHERE persistence_id = ?1 AND sequence_number <> ?2");
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public bool IsUsable { get; private set; } = true;

    public void Write(IReadOnlyList<JournalEntry> batch)
    {
        try
        {
            HashSet<JournalEntry> occupied = [];
            while (!TryWrite(batch, occupied))
            {
                // A row in the middle of an append was taken; the batch is written again without that append.
            }

            foreach (var entry in batch)
            {
                Settle(entry, occupied.Contains(entry));
            }
        }
        catch (Exception failure)
        {
            Abandon(failure);
            throw;
        }
    }

    /// <summary>Removes rows that were archived, in a transaction of its own.</summary>
    public T Prune<T>(Func<SqlitePruneWriter, T> work)
    {
        try
        {
            Run(_begin);
            var result = work(_pruning ??= new SqlitePruneWriter(_database));
            Run(_commit);
            return result;
        }
        catch (Exception failure)
        {
            Abandon(failure);
            throw;
        }
    }

    public void Probe() => _database.Number("PRAGMA schema_version");

    private void Write(JournalNote note)
    {
        switch (note)
        {
            case LiveNote { Mark: { } mark }:
                Write(note.PersistenceId, mark);
                break;
            case LiveNote:
                Run(_notLive.Bind(1, note.PersistenceId));
                break;
            case SnapshotNote snapshot:
                Run(_snapshot.Bind(1, note.PersistenceId).Bind(2, snapshot.SequenceNumber).Bind(3, snapshot.Created.UtcTicks).Bind(4, snapshot.Snapshot));
                Run(_otherSnapshots.Bind(1, note.PersistenceId).Bind(2, snapshot.SequenceNumber));
                break;
        }
    }

    public void Dispose()
    {
        _pruning?.Dispose();
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _event, _tag, _live, _notLive, _snapshot, _otherSnapshots])
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private void Abandon(Exception failure)
    {
        _database.TryExecute("ROLLBACK");
        IsUsable = failure is SqliteFailureException { Code: raw.SQLITE_BUSY or raw.SQLITE_FULL };
    }

    private static void Settle(JournalEntry entry, bool isOccupied)
    {
        if (isOccupied)
        {
            entry.Occupied();
        }
        else
        {
            entry.Written();
        }
    }

    private bool TryWrite(IReadOnlyList<JournalEntry> batch, HashSet<JournalEntry> occupied)
    {
        Run(_begin);
        foreach (var entry in batch)
        {
            if (entry.Note is { } note)
            {
                Write(note);
            }
            else if (entry.Append is { } append && !occupied.Contains(entry))
            {
                var written = Append(append);
                if (written < append.Rows.Count)
                {
                    occupied.Add(entry);
                    if (written > 0)
                    {
                        _database.TryExecute("ROLLBACK");
                        return false;
                    }
                }
            }
        }

        Run(_commit);
        return true;
    }

    /// <summary>How many rows went in before the unique key forbade one; all of them: <c>append.Rows.Count</c>.</summary>
    private int Append(JournalAppend append)
    {
        for (var i = 0; i < append.Rows.Count; i++)
        {
            var row = append.Rows[i];
            _event.Bind(1, append.PersistenceId).Bind(2, row.SequenceNumber).Bind(3, append.Created.UtcTicks).Bind(4, row.Message).Bind(5, append.WriterUuid);
            if (!_event.TryRun())
            {
                return i;
            }

            Tag(append.PersistenceId, row);
        }

        if (append.Live is { } mark)
        {
            Write(append.PersistenceId, mark);
        }

        return append.Rows.Count;
    }

    private static void Run(SqliteStatement statement)
    {
        statement.Step();
        statement.Reset();
    }

    private void Tag(string persistenceId, in JournalRow row)
    {
        if (row.Tags.Count == 0)
        {
            return;
        }

        var ordering = _database.LastInsertRowId;
        foreach (var tag in row.Tags)
        {
            Run(_tag.Bind(1, ordering).Bind(2, tag).Bind(3, persistenceId).Bind(4, row.SequenceNumber));
        }
    }

    private void Write(string persistenceId, LiveMark mark) => Run(_live.Bind(1, persistenceId).Bind(2, mark.HandedOver).Bind(3, mark.DueUs));
}
