using System.Text;
using Mcptt.Domain;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// Moves rows out of a PostgreSQL journal. Each step is one statement, so one short transaction; it touches no row that an append touches, and
/// may be done twice, as readers do after a broken connection.
/// </summary>
internal sealed class PostgresPruner(PostgresReaders readers) : IJournalPruner
{
    /// <summary>An actor appended between our look and our mark: we look again.</summary>
    private const int RaceAttempts = 3;

    private static readonly string DormantPage =
        $"""
        WITH RECURSIVE ids (id, number) AS (
          (SELECT persistence_id, 1 FROM journal WHERE persistence_id > $1 AND persistence_id < $2 ORDER BY persistence_id LIMIT 1)
          UNION ALL
          SELECT (SELECT j.persistence_id FROM journal j WHERE j.persistence_id > ids.id AND j.persistence_id < $2 ORDER BY j.persistence_id LIMIT 1), number + 1
          FROM ids WHERE ids.id IS NOT NULL AND number < {PrunePages.Actors})
        SELECT id, last.ordering, NOT last.deleted AND last.created < $3 AND NOT EXISTS (SELECT FROM live WHERE persistence_id = id),
          (SELECT first.ordering FROM journal first WHERE first.persistence_id = id ORDER BY first.sequence_number LIMIT 1)
        FROM ids CROSS JOIN LATERAL (
          SELECT ordering, created, deleted FROM journal j WHERE j.persistence_id = id ORDER BY j.sequence_number DESC LIMIT 1) last
        WHERE id IS NOT NULL ORDER BY id
        """;

    private const string Rows =
        """
        SELECT ordering, persistence_id, sequence_number, created, message, coalesce(manifest, ''), coalesce(writer_uuid, ''), coalesce(identifier, 0)
        FROM journal WHERE ordering = ANY($1) AND NOT deleted ORDER BY ordering
        """;

    private const string Tags =
        """
        SELECT r.row FROM unnest($1, $2) WITH ORDINALITY AS r (ordering, tag, row)
        WHERE (SELECT true FROM tags t WHERE t.tag = r.tag AND t.ordering_id = r.ordering)
        """;

    private static readonly string Mark =
        $"""
        WITH ends AS MATERIALIZED (
          SELECT r.id, r.number, last.sequence_number, last.deleted FROM unnest($1, $2) AS r (id, number)
          LEFT JOIN LATERAL (SELECT j.sequence_number, j.deleted FROM journal j WHERE j.persistence_id = r.id ORDER BY j.sequence_number DESC LIMIT 1) last ON true
        ), fit AS MATERIALIZED (
          SELECT id, number FROM ends WHERE NOT deleted AND sequence_number = number AND NOT EXISTS (SELECT FROM live WHERE persistence_id = id)
        ), marked AS (
          INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
          SELECT true, id, number + 1, $3, $4, {JournalFormat.SerializerId}, '{JournalFormat.ArchivedManifest}', '' FROM fit
        ), forgotten AS (
          DELETE FROM snapshot WHERE persistence_id IN (SELECT id FROM fit)
        )
        SELECT id FROM ends WHERE (deleted AND sequence_number = number + 1) IS NOT TRUE AND id NOT IN (SELECT id FROM fit)
        """;

    private const string Remove =
        """
        WITH gone AS (
          DELETE FROM journal j USING unnest($1, $2, $3) AS r (ordering, id, number)
          WHERE j.ordering = r.ordering AND j.persistence_id = r.id AND j.sequence_number = r.number AND NOT j.deleted
            AND (SELECT m.deleted FROM journal m WHERE m.persistence_id = r.id ORDER BY m.sequence_number DESC LIMIT 1)
          RETURNING j.ordering
        ), untagged AS (
          DELETE FROM tags t USING unnest($4, $5) AS r (ordering, tag), gone
          WHERE t.tag = r.tag AND t.ordering_id = r.ordering AND gone.ordering = r.ordering
        )
        SELECT count(*)::int FROM gone
        """;

    public IAsyncEnumerable<DormantActor> ReadDormantAsync(string prefix, DateTimeOffset storedBefore, CancellationToken cancellationToken) =>
        PrunePages.ReadDormantAsync((after, token) => readers.ReadAsync(DormantAsync, (after, prefix, storedBefore.UtcTicks), token), prefix, cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadRecordsAsync(IReadOnlyList<long> orderings, CancellationToken cancellationToken) =>
        PrunePages.ReadRecordsAsync((page, token) => readers.ReadAsync(RecordsAsync, page, token), orderings, cancellationToken);

    public async ValueTask<IReadOnlyList<string>> MarkArchivedAsync(
        IReadOnlyList<HistoryEnd> histories, string archive, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string[] ids = [.. histories.Select(history => history.PersistenceId)];
        long[] numbers = [.. histories.Select(history => history.SequenceNumber)];
        return await readers.ReadAsync(
            (connection, message, token) => MarkAsync(connection, [Array(ids), Array(numbers), Value(now.UtcTicks), Value(message)], token), Encoding.UTF8.GetBytes(archive), cancellationToken);
    }

    public ValueTask<int> RemoveAsync(IReadOnlyList<RowKey> rows, CancellationToken cancellationToken) => readers.ReadAsync(RemoveAsync, rows, cancellationToken);

    private static async ValueTask<List<DormantCandidate>> DormantAsync(
        NpgsqlConnection connection, (string After, string Prefix, long BeforeTicks) of, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, DormantPage, Value(of.After), Value(of.Prefix + PostgresReader.AfterPrefix), Value(of.BeforeTicks));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<DormantCandidate>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var id = rows.GetString(0);
            page.Add(new DormantCandidate(id, rows.GetBoolean(2) ? new DormantActor(id, rows.GetInt64(3), rows.GetInt64(1)) : null));
        }

        return page;
    }

    private static async ValueTask<List<JournalRecord>> RecordsAsync(NpgsqlConnection connection, long[] orderings, CancellationToken cancellationToken)
    {
        var records = new List<JournalRecord>(orderings.Length);
        var candidates = new List<(JournalRecord Of, string Tag)>();
        await using (var command = Command(connection, Rows, Array(orderings)))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var record = new JournalRecord(PostgresReader.Event(rows), rows.GetInt32(7), new List<string>());
                records.Add(record);
                if (ActorAddresses.TryParse(record.Event.PersistenceId, out var address) && record.Event.TryReadEnvelope(out var envelope))
                {
                    candidates.AddRange(EventTags.Of(address, envelope).Select(tag => (record, tag)));
                }
            }
        }

        // The table has no index by ordering, because every append would pay for it: so it is asked for the tags that such events get.
        await using var tags = Command(connection, Tags, Array([.. candidates.Select(pair => pair.Of.Event.Ordering)]), Array([.. candidates.Select(pair => pair.Tag)]));
        await using var found = await tags.ExecuteReaderAsync(cancellationToken);
        while (await found.ReadAsync(cancellationToken))
        {
            var (record, tag) = candidates[(int)found.GetInt64(0) - 1];
            ((List<string>)record.Tags).Add(tag);
        }

        return records;
    }

    private static async ValueTask<List<string>> MarkAsync(NpgsqlConnection connection, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, Mark, parameters);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var refused = new List<string>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    refused.Add(rows.GetString(0));
                }

                return refused;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation && attempt < RaceAttempts)
            {
                // What was appended meanwhile is refused at the next look.
            }
        }
    }

    private static async ValueTask<int> RemoveAsync(NpgsqlConnection connection, IReadOnlyList<RowKey> rows, CancellationToken cancellationToken)
    {
        List<(long Ordering, string Tag)> tags = [.. rows.SelectMany(row => row.Tags.Select(tag => (row.Ordering, tag)))];
        await using var command = Command(
            connection,
            Remove,
            Array([.. rows.Select(row => row.Ordering)]),
            Array([.. rows.Select(row => row.PersistenceId)]),
            Array([.. rows.Select(row => row.SequenceNumber)]),
            Array([.. tags.Select(tag => tag.Ordering)]),
            Array([.. tags.Select(tag => tag.Tag)]));
        return (int)(await command.ExecuteScalarAsync(cancellationToken) ?? 0);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<T[]> Array<T>(T[] values) => new() { TypedValue = values };
}
