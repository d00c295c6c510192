using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals;

/// <summary>
/// One reading connection. Every method reads one page and ends its transaction, so that no reader, however slow, holds
/// the write-ahead log from being checkpointed. Marks of archived histories (`deleted`) are no events.
/// </summary>
internal sealed class SqliteReader : IDisposable
{
    /// <summary>Rows per page; a reader of a long history takes several.</summary>
    public const int PageRows = 500;

    /// <summary>The same for tags, which are short.</summary>
    public const int TagRows = 4_000;

    private const string Columns = "SELECT j.ordering, j.persistence_id, j.sequence_number, j.created, j.message, j.manifest, j.writer_uuid, j.identifier, "
        + "j.deleted IS NOT 0 OR j.tags IS NOT NULL ";

    // The successor of every string with this prefix: no identity contains U+10FFFF.
    public const string AfterPrefix = "\U0010FFFF";

    private readonly SqliteDatabase _database;
    private readonly Func<bool> _isStale;

    /// <param name="isStale">After a read: the file was changed in a way that this connection cannot see, so what it read does not count.</param>
    public SqliteReader(SqliteDatabase database, TimeSpan busyTimeout, Func<bool>? isStale = null)
    {
        _database = database;
        Statements = new SqliteStatements(database);
        _isStale = isStale ?? (static () => false);
        _database.Execute($"PRAGMA busy_timeout={(int)busyTimeout.TotalMilliseconds}");
        _database.Execute("PRAGMA query_only=1");
    }

    public bool IsStale => _isStale();

    public SqliteStatements Statements { get; }

    public StoredStart Start(string persistenceId)
    {
        StoredSnapshot? snapshot = null;
        LiveMark? live = null;
        var statement = Statements.Prepared(
            "SELECT sequence_number, snapshot, manifest FROM snapshot WHERE persistence_id = ?1 ORDER BY sequence_number DESC LIMIT 1");
        if (statement.Bind(1, persistenceId).Step())
        {
            snapshot = new StoredSnapshot(statement.Number(0), statement.Bytes(1), statement.Text(2));
        }

        statement.Reset();
        statement = Statements.Prepared("SELECT handed_over, due_us FROM live WHERE persistence_id = ?1");
        if (statement.Bind(1, persistenceId).Step())
        {
            live = new LiveMark(statement.Number(0), statement.Number(1));
        }

        statement.Reset();
        return new StoredStart(snapshot, live, IsArchived(persistenceId));
    }

    public List<StoredEvent> Actor((string PersistenceId, long From) of) =>
        Page(Statements.Prepared($"{Columns} FROM journal j WHERE j.persistence_id = ?1 AND j.sequence_number >= ?2 AND j.deleted = 0 ORDER BY j.sequence_number LIMIT {PageRows}")
            .Bind(1, of.PersistenceId).Bind(2, of.From));

    public List<StoredEvent> All(long after) =>
        Page(Statements.Prepared($"{Columns} FROM journal j WHERE j.ordering > ?1 AND j.deleted = 0 ORDER BY j.ordering LIMIT {PageRows}").Bind(1, after));

    public List<StoredEvent> Tag((string Tag, long After) of) =>
        Page(Statements.Prepared(
            $"{Columns} FROM tags t JOIN journal j ON j.ordering = t.ordering_id WHERE t.tag = ?1 AND t.ordering_id > ?2 ORDER BY t.ordering_id LIMIT {PageRows}")
            .Bind(1, of.Tag).Bind(2, of.After));

    /// <summary>Hops from one id to the next in the unique index: the length of the histories does not matter.</summary>
    public List<string> PersistenceIds((string Prefix, string After) of, int limit = PageRows)
    {
        var ids = new List<string>();
        var next = Hop(string.CompareOrdinal(of.After, of.Prefix) >= 0 ? ">" : ">=", From(of.Prefix, of.After), of.Prefix);
        while (next is not null && ids.Count < limit)
        {
            ids.Add(next);
            next = Hop(">", next, of.Prefix);
        }

        return ids;
    }

    public List<LiveActor> Live((string Prefix, string After) of)
    {
        var statement = Statements.Prepared(
            "SELECT persistence_id, handed_over, due_us FROM live WHERE persistence_id > ?1 AND persistence_id < ?2 "
            + $"ORDER BY persistence_id LIMIT {PageRows}").Bind(1, From(of.Prefix, of.After)).Bind(2, of.Prefix + AfterPrefix);
        var actors = new List<LiveActor>();
        while (statement.Step())
        {
            actors.Add(new LiveActor(statement.Text(0), new LiveMark(statement.Number(1), statement.Number(2))));
        }

        statement.Reset();
        return actors;
    }

    public JournalPoint? Point(long after)
    {
        var statement = Statements.Prepared("SELECT ordering, created FROM journal WHERE ordering > ?1 AND deleted = 0 ORDER BY ordering LIMIT 1").Bind(1, after);
        JournalPoint? point = statement.Step() ? new JournalPoint(statement.Number(0), JournalFormat.Created(statement.Number(1))) : null;
        statement.Reset();
        return point;
    }

    /// <summary>Tags in the order of their key, from the one after a given one on.</summary>
    public List<StoredTag> Tags((string Tag, long Ordering) after)
    {
        var statement = Statements.Prepared(
            $"SELECT ordering_id, tag, persistence_id, sequence_nr FROM tags WHERE (tag, ordering_id) > (?1, ?2) ORDER BY tag, ordering_id LIMIT {TagRows}")
            .Bind(1, after.Tag).Bind(2, after.Ordering);
        var tags = new List<StoredTag>(TagRows);
        var tag = after.Tag;
        while (statement.Step())
        {
            tags.Add(new StoredTag(statement.Number(0), statement.Text(1, ref tag), statement.Text(2), statement.Number(3)));
        }

        statement.Reset();
        return tags;
    }

    public List<StoredPointer> Snapshots((string Id, long SequenceNumber) after)
    {
        var statement = Statements.Prepared(
            $"SELECT persistence_id, sequence_number FROM snapshot WHERE (persistence_id, sequence_number) > (?1, ?2) ORDER BY persistence_id, sequence_number LIMIT {PageRows}")
            .Bind(1, after.Id).Bind(2, after.SequenceNumber);
        var pointers = new List<StoredPointer>();
        while (statement.Step())
        {
            pointers.Add(new StoredPointer("its snapshot", statement.Text(0), statement.Number(1)));
        }

        statement.Reset();
        return pointers;
    }

    /// <summary>A rolled back transaction gives its orderings back, so each one that was given out is a row's.</summary>
    public OrderingEvidence Orderings() =>
        new(_database.Number("SELECT seq FROM sqlite_sequence WHERE name = 'journal'"), _database.Number("SELECT max(ordering) FROM journal"), IsGapless: true);

    /// <summary>Rows that no reader is shown, because `deleted` is set, in the order of their orderings.</summary>
    public List<StoredMark> Marks((long After, long To) of)
    {
        var statement = Statements.Prepared(
            $"SELECT ordering, persistence_id, sequence_number, manifest FROM journal WHERE ordering > ?1 AND ordering <= ?2 AND deleted IS NOT 0 ORDER BY ordering LIMIT {PageRows}")
            .Bind(1, of.After).Bind(2, of.To);
        var marks = new List<StoredMark>();
        while (statement.Step())
        {
            marks.Add(new StoredMark(statement.Number(0), statement.Text(1), statement.Number(2), statement.Text(3)));
        }

        statement.Reset();
        return marks;
    }

    public long LastOrdering() => _database.Number("SELECT ordering FROM journal WHERE deleted = 0 ORDER BY ordering DESC LIMIT 1");

    public void Dispose()
    {
        Statements.Dispose();
        _database.Dispose();
    }

    // Who is named like the prefix has it too.
    private string? Hop(string comparison, string from, string prefix)
    {
        var statement = Statements.Prepared(
            $"SELECT persistence_id FROM journal WHERE persistence_id {comparison} ?1 AND persistence_id < ?2 AND deleted = 0 ORDER BY persistence_id LIMIT 1");
        var next = statement.Bind(1, from).Bind(2, prefix + AfterPrefix).Step() ? statement.Text(0) : null;
        statement.Reset();
        return next;
    }

    private bool IsArchived(string persistenceId)
    {
        var statement = Statements.Prepared("SELECT deleted FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number DESC LIMIT 1");
        var isArchived = statement.Bind(1, persistenceId).Step() && statement.Number(0) != 0;
        statement.Reset();
        return isArchived;
    }

    private static string From(string prefix, string after) => string.CompareOrdinal(after, prefix) > 0 ? after : prefix;

    /// <summary>A row whose first columns are those that the reader selects.</summary>
    public static StoredEvent Event(SqliteStatement row) =>
        new(
            row.Number(0),
            row.Text(1),
            row.Number(2),
            JournalFormat.Created(row.Number(3)),
            row.Bytes(4),
            row.Text(5),
            row.Text(6));

    private static List<StoredEvent> Page(SqliteStatement statement)
    {
        var events = new List<StoredEvent>();
        var (manifest, writer) = ("", "");
        while (statement.Step())
        {
            events.Add(new StoredEvent(
                statement.Number(0),
                statement.Text(1),
                statement.Number(2),
                JournalFormat.Created(statement.Number(3)),
                statement.Bytes(4),
                statement.Text(5, ref manifest),
                statement.Text(6, ref writer))
            {
                Identifier = statement.Number(7),
                IsMarked = statement.Number(8) != 0,
            });
        }

        statement.Reset();
        return events;
    }
}
