using Mcptt.Actors.Journals;

namespace Mcptt.Benchmarks.Journal.Bare;

/// <summary>Prepared statements.</summary>
internal sealed class BareSqlite : IBareWriter
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _tag;

    public BareSqlite(SqliteJournalOptions options)
    {
        SqliteSchema.Ensure(options);
        _database = SqliteDatabase.Open(options.Path, create: false);
        _database.Execute("PRAGMA synchronous=FULL");
        _database.Execute($"PRAGMA cache_size=-{options.CacheKilobytes}");
        _begin = _database.Prepare("BEGIN IMMEDIATE");
        _commit = _database.Prepare("COMMIT");
        _event = _database.Prepare(
            "INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) "
            + $"VALUES (0, ?1, ?2, ?3, ?4, {JournalFormat.SerializerId}, '{JournalFormat.EventManifest}', ?5)");
        _tag = _database.Prepare("INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr) VALUES (?1, ?2, ?3, ?4)");
    }

    public string Name => "SQLite";

    public void Write(ReadOnlySpan<StoredEvent> batch)
    {
        Run(_begin);
        foreach (var row in batch)
        {
            _event.Bind(1, row.PersistenceId).Bind(2, row.SequenceNumber).Bind(3, row.Created.UtcTicks).Bind(4, row.Message).Bind(5, row.WriterUuid);
            Run(_event);
            _tag.Bind(1, _database.LastInsertRowId).Bind(2, "user:" + row.PersistenceId[3..]).Bind(3, row.PersistenceId).Bind(4, row.SequenceNumber);
            Run(_tag);
        }

        Run(_commit);
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _event, _tag])
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private static void Run(SqliteStatement statement)
    {
        statement.Step();
        statement.Reset();
    }
}
