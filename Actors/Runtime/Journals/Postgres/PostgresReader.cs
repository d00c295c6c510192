using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>What is read, a page at a time. Each page is a transaction of its own: no reader, however slow, holds up the database's housekeeping.
/// Marks of archived histories (`deleted`) are no events.</summary>
internal static class PostgresReader
{
    /// <summary>Rows per page; a reader of a long history takes several.</summary>
    public const int PageRows = 500;

    private const string Columns = "SELECT j.ordering, j.persistence_id, j.sequence_number, j.created, j.message, coalesce(j.manifest, ''), coalesce(j.writer_uuid, ''), "
        + "coalesce(j.identifier, 0)::bigint, j.deleted OR j.tags IS NOT NULL";

    internal static readonly string ActorPage = $"{Columns} FROM journal j WHERE j.persistence_id = $1 AND j.sequence_number >= $2 AND NOT j.deleted ORDER BY j.sequence_number LIMIT {PageRows}";
    internal static readonly string AllPage = $"{Columns} FROM journal j WHERE j.ordering > $1 AND NOT j.deleted ORDER BY j.ordering LIMIT {PageRows}";

    internal static readonly string TagPage =
        $"{Columns} FROM tags t JOIN journal j ON j.ordering = t.ordering_id WHERE t.tag = $1 AND t.ordering_id > $2 ORDER BY t.ordering_id LIMIT {PageRows}";

    // The successor of every string with a prefix: no identity contains U+10FFFF.
    public const string AfterPrefix = "\U0010FFFF";

    // Hops from one id to the next in the unique index: the length of the histories does not matter.
    private static readonly string IdPage = IdPageFrom(">");
    private static readonly string FirstIdPage = IdPageFrom(">=");

    // Who is named like the prefix has it too.
    private static string IdPageFrom(string comparison) =>
        $"""
        WITH RECURSIVE ids (id) AS (
          (SELECT persistence_id FROM journal WHERE persistence_id {comparison} $1 AND persistence_id < $2 AND NOT deleted ORDER BY persistence_id LIMIT 1)
          UNION ALL
          SELECT (SELECT j.persistence_id FROM journal j WHERE j.persistence_id > ids.id AND j.persistence_id < $2 AND NOT j.deleted ORDER BY j.persistence_id LIMIT 1)
          FROM ids WHERE ids.id IS NOT NULL)
        SELECT id FROM ids WHERE id IS NOT NULL LIMIT {PageRows}
        """;

    internal static readonly string LivePage =
        $"SELECT persistence_id, handed_over, due_us FROM live WHERE persistence_id > $1 AND persistence_id < $2 ORDER BY persistence_id LIMIT {PageRows}";

    // The row that was read last need not be there any more.
    internal static readonly string KeyedLivePage =
        $"SELECT persistence_id, handed_over, due_us FROM live WHERE (shard_key, persistence_id) > ($1, $2) AND shard_key <= $3 ORDER BY shard_key, persistence_id LIMIT {PageRows}";

    internal static readonly string UnkeyedLivePage =
        $"SELECT persistence_id, handed_over, due_us FROM live WHERE shard_key IS NULL AND persistence_id > $1 ORDER BY persistence_id LIMIT {PageRows}";

    private const string Snapshot =
        "SELECT sequence_number, snapshot, manifest FROM snapshot WHERE persistence_id = $1 ORDER BY sequence_number DESC LIMIT 1";

    private const string Live = "SELECT handed_over, due_us FROM live WHERE persistence_id = $1";

    private const string Archived = "SELECT deleted FROM journal WHERE persistence_id = $1 ORDER BY sequence_number DESC LIMIT 1";

    public static async ValueTask<StoredStart> StartAsync(NpgsqlConnection connection, string persistenceId, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, Snapshot, persistenceId);
        Add(batch, Live, persistenceId);
        Add(batch, Archived, persistenceId);
        await using var answers = await batch.ExecuteReaderAsync(cancellationToken);
        StoredSnapshot? snapshot = await answers.ReadAsync(cancellationToken)
            ? new StoredSnapshot(answers.GetInt64(0), await answers.GetFieldValueAsync<byte[]>(1, cancellationToken), answers.GetString(2))
            : null;
        await answers.NextResultAsync(cancellationToken);
        LiveMark? live = await answers.ReadAsync(cancellationToken) ? new LiveMark(answers.GetInt64(0), answers.GetInt64(1)) : null;
        await answers.NextResultAsync(cancellationToken);
        return new StoredStart(snapshot, live, await answers.ReadAsync(cancellationToken) && answers.GetBoolean(0));
    }

    public static async ValueTask<JournalPage<StoredEvent>> ActorAsync(NpgsqlConnection connection, string persistenceId, long after, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, ActorPage, persistenceId, after + 1);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        return await EventsAsync(rows, long.MaxValue, cancellationToken);
    }

    public static ValueTask<JournalPage<StoredEvent>> AllAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken) =>
        BoundedAsync(connection, AllPage, [after], cancellationToken);

    public static ValueTask<JournalPage<StoredEvent>> TagAsync(NpgsqlConnection connection, string tag, long after, CancellationToken cancellationToken) =>
        BoundedAsync(connection, TagPage, [tag, after], cancellationToken);

    public static async ValueTask<List<string>> IdsAsync(NpgsqlConnection connection, (string Prefix, string After) of, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, string.CompareOrdinal(of.After, of.Prefix) >= 0 ? IdPage : FirstIdPage, From(of), of.Prefix + AfterPrefix);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var ids = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            ids.Add(rows.GetString(0));
        }

        return ids;
    }

    public static async ValueTask<List<LiveActor>> LiveAsync(NpgsqlConnection connection, (string Prefix, string After) of, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, LivePage, From(of), of.Prefix + AfterPrefix);
        return await LiveAsync(batch, cancellationToken);
    }

    public static async ValueTask<List<LiveActor>> KeyedLiveAsync(NpgsqlConnection connection, LivePosition from, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, KeyedLivePage, (long)from.Key, from.After, (long)from.LastKey);
        return await LiveAsync(batch, cancellationToken);
    }

    public static async ValueTask<List<LiveActor>> UnkeyedLiveAsync(NpgsqlConnection connection, LivePosition from, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, UnkeyedLivePage, from.After);
        return await LiveAsync(batch, cancellationToken);
    }

    private static async ValueTask<List<LiveActor>> LiveAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var actors = new List<LiveActor>();
        while (await rows.ReadAsync(cancellationToken))
        {
            actors.Add(new LiveActor(rows.GetString(0), new LiveMark(rows.GetInt64(1), rows.GetInt64(2))));
        }

        return actors;
    }

    public static async ValueTask<JournalPoint?> PointAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PostgresHorizon.AddTo(batch);
        Add(batch, "SELECT ordering, created FROM journal WHERE ordering > $1 AND NOT deleted ORDER BY ordering LIMIT 1", after);
        await using var answers = await batch.ExecuteReaderAsync(cancellationToken);
        var bound = await PostgresHorizon.ReadAsync(answers, cancellationToken);
        return await answers.ReadAsync(cancellationToken) && answers.GetInt64(0) <= bound
            ? new JournalPoint(answers.GetInt64(0), JournalFormat.Created(answers.GetInt64(1)))
            : null;
    }

    public static async ValueTask<long> LastOrderingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PostgresHorizon.AddTo(batch);
        await using var answers = await batch.ExecuteReaderAsync(cancellationToken);
        var bound = await PostgresHorizon.ReadAsync(answers, cancellationToken);
        await answers.DisposeAsync();
        batch.BatchCommands.Clear();
        Add(batch, "SELECT coalesce((SELECT ordering FROM journal WHERE ordering <= $1 AND NOT deleted ORDER BY ordering DESC LIMIT 1), 0)", bound);
        return (long)(await batch.ExecuteScalarAsync(cancellationToken) ?? 0L);
    }

    private static string From((string Prefix, string After) of) => string.CompareOrdinal(of.After, of.Prefix) > 0 ? of.After : of.Prefix;

    private static async ValueTask<JournalPage<StoredEvent>> BoundedAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PostgresHorizon.AddTo(batch);
        Add(batch, sql, values);
        await using var answers = await batch.ExecuteReaderAsync(cancellationToken);
        var bound = await PostgresHorizon.ReadAsync(answers, cancellationToken);
        return await EventsAsync(answers, bound, cancellationToken);
    }

    private static async ValueTask<JournalPage<StoredEvent>> EventsAsync(NpgsqlDataReader rows, long bound, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.GetInt64(0) > bound)
            {
                return new JournalPage<StoredEvent>(events, IsLast: true);
            }

            events.Add(Event(rows) with { Identifier = rows.GetInt64(7), IsMarked = rows.GetBoolean(8) });
        }

        return new JournalPage<StoredEvent>(events, events.Count < PageRows);
    }

    /// <summary>A row whose first columns are those that the reader selects.</summary>
    public static StoredEvent Event(NpgsqlDataReader rows) =>
        new(
            rows.GetInt64(0),
            rows.GetString(1),
            rows.GetInt64(2),
            JournalFormat.Created(rows.GetInt64(3)),
            rows.GetFieldValue<byte[]>(4),
            rows.GetString(5),
            rows.GetString(6));

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value is long number ? new NpgsqlParameter<long> { TypedValue = number } : new NpgsqlParameter<string> { TypedValue = (string)value });
        }

        batch.BatchCommands.Add(command);
    }
}

/// <summary>Where a reader of a range of `live` stands: behind the row with this key and persistence id.</summary>
internal readonly record struct LivePosition(uint Key, uint LastKey, string After);
