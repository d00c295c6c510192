using System.Runtime.CompilerServices;
using Mcptt.Actors.Audit;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>What a PostgreSQL journal knows besides its events, page by page. Orderings that were drawn for nothing are no evidence: a transaction that fails takes them with it.</summary>
internal sealed class PostgresEvidence(PostgresReaders readers) : IJournalEvidence
{
    private const int PageRows = 5_000;

    // The rows first: what is drawn meanwhile must not look as if it were put in.
    private const string StoredLast = "SELECT coalesce(max(ordering), 0) FROM journal";
    private const string DrawnLast = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM journal_ordering_seq";

    private static readonly string MarkPage =
        $"SELECT ordering, persistence_id, sequence_number, coalesce(manifest, '') FROM journal WHERE ordering > $1 AND ordering <= $2 AND deleted ORDER BY ordering LIMIT {PageRows}";

    private static readonly string TagPage =
        $"SELECT ordering_id, tag, persistence_id, sequence_nr FROM tags WHERE (tag, ordering_id) > ($1, $2) ORDER BY tag, ordering_id LIMIT {PageRows}";

    private static readonly string SnapshotPage =
        $"SELECT persistence_id, sequence_number FROM snapshot WHERE (persistence_id, sequence_number) > ($1, $2) ORDER BY persistence_id, sequence_number LIMIT {PageRows}";

    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(OrderingsAsync, 0, cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        PagesAsync(MarksAsync, (afterOrdering, toOrdering), mark => (mark.Ordering, toOrdering), cancellationToken);

    public IAsyncEnumerable<StoredTag> ReadTagsAsync(CancellationToken cancellationToken) =>
        PagesAsync(TagsAsync, ("", long.MinValue), static tag => (tag.Tag, tag.Ordering), cancellationToken);

    public async IAsyncEnumerable<StoredPointer> ReadPointersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pointer in PagesAsync(SnapshotsAsync, ("", long.MinValue), static pointer => (pointer.PersistenceId, pointer.SequenceNumber), cancellationToken))
        {
            yield return pointer;
        }

        await foreach (var live in new PostgresReading(readers).ReadLiveAsync("", "", cancellationToken))
        {
            yield return new StoredPointer("its live mark", live.PersistenceId, live.Mark.HandedOver);
        }
    }

    private IAsyncEnumerable<TRow> PagesAsync<TPosition, TRow>(
        Func<NpgsqlConnection, TPosition, CancellationToken, ValueTask<List<TRow>>> read, TPosition from, Func<TRow, TPosition> behind, CancellationToken cancellationToken) =>
        JournalPages.ReadAsync((position, token) => readers.ReadAsync(read, position, token), PageRows, from, behind, cancellationToken);

    private static async ValueTask<OrderingEvidence> OrderingsAsync(NpgsqlConnection connection, int nothing, CancellationToken cancellationToken)
    {
        await using var stored = new NpgsqlCommand(StoredLast, connection);
        var last = (long)(await stored.ExecuteScalarAsync(cancellationToken) ?? 0L);
        await using var drawn = new NpgsqlCommand(DrawnLast, connection);
        return new OrderingEvidence((long)(await drawn.ExecuteScalarAsync(cancellationToken) ?? 0L), last, IsGapless: false);
    }

    private static async ValueTask<List<StoredMark>> MarksAsync(NpgsqlConnection connection, (long After, long To) of, CancellationToken cancellationToken)
    {
        var marks = new List<StoredMark>();
        await using var command = new NpgsqlCommand(MarkPage, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = of.After }, new NpgsqlParameter<long> { TypedValue = of.To } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            marks.Add(new StoredMark(rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3)));
        }

        return marks;
    }

    private static async ValueTask<List<StoredTag>> TagsAsync(NpgsqlConnection connection, (string Tag, long Ordering) after, CancellationToken cancellationToken)
    {
        var tags = new List<StoredTag>();
        await using var command = Page(connection, TagPage, after);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            tags.Add(new StoredTag(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3)));
        }

        return tags;
    }

    private static async ValueTask<List<StoredPointer>> SnapshotsAsync(NpgsqlConnection connection, (string Id, long SequenceNumber) after, CancellationToken cancellationToken)
    {
        var pointers = new List<StoredPointer>();
        await using var command = Page(connection, SnapshotPage, after);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            pointers.Add(new StoredPointer("its snapshot", rows.GetString(0), rows.GetInt64(1)));
        }

        return pointers;
    }

    private static NpgsqlCommand Page(NpgsqlConnection connection, string sql, (string Text, long Number) after) =>
        new(sql, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = after.Text }, new NpgsqlParameter<long> { TypedValue = after.Number } } };
}
