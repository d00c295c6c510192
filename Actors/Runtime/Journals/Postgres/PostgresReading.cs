using System.Runtime.CompilerServices;
using Mcptt.Actors.Shards;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>Reads a PostgreSQL journal page by page, whoever else writes to it meanwhile.</summary>
internal sealed class PostgresReading(PostgresReaders readers) : IJournalReader
{
    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        PagesAsync(
            (connection, after, token) => PostgresReader.ActorAsync(connection, persistenceId, after, token), fromSequenceNumber - 1, static e => e.SequenceNumber, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        PagesAsync(PostgresReader.AllAsync, afterOrdering, static e => e.Ordering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        PagesAsync((connection, after, token) => PostgresReader.TagAsync(connection, tag, after, token), afterOrdering, static e => e.Ordering, cancellationToken);

    public async IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(PostgresReader.IdsAsync, (prefix, after), cancellationToken);
            foreach (var id in page)
            {
                yield return id;
                after = id;
            }

            full = page.Count == PostgresReader.PageRows;
        }
    }

    public async IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(PostgresReader.LiveAsync, (prefix, after), cancellationToken);
            foreach (var actor in page)
            {
                yield return actor;
                after = actor.PersistenceId;
            }

            full = page.Count == PostgresReader.PageRows;
        }
    }

    /// <summary>Rows that a program from before shards wrote beside this one have no key yet; it is made up for here.</summary>
    public async IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var actor in PagesAsync(PostgresReader.KeyedLiveAsync, new LivePosition(keys.First, keys.Last, ""), cancellationToken))
        {
            yield return actor;
        }

        await foreach (var actor in PagesAsync(PostgresReader.UnkeyedLiveAsync, new LivePosition(0, 0, ""), cancellationToken))
        {
            if (keys.Has(actor.PersistenceId))
            {
                yield return actor;
            }
        }
    }

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken) =>
        readers.ReadAsync(PostgresReader.PointAsync, afterOrdering, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static (connection, _, token) => PostgresReader.LastOrderingAsync(connection, token), 0, cancellationToken);

    private async IAsyncEnumerable<LiveActor> PagesAsync(
        Func<NpgsqlConnection, LivePosition, CancellationToken, ValueTask<List<LiveActor>>> read, LivePosition position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var full = true; full;)
        {
            var page = await readers.ReadAsync(read, position, cancellationToken);
            foreach (var actor in page)
            {
                yield return actor;
            }

            full = page.Count == PostgresReader.PageRows;
            position = full ? position with { Key = ShardKey.OfPersistenceId(page[^1].PersistenceId), After = page[^1].PersistenceId } : position;
        }
    }

    private async IAsyncEnumerable<StoredEvent> PagesAsync(
        Func<NpgsqlConnection, long, CancellationToken, ValueTask<EventPage>> read,
        long after,
        Func<StoredEvent, long> position,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var isLast = false; !isLast;)
        {
            var page = await readers.ReadAsync(read, after, cancellationToken);
            foreach (var stored in page.Events)
            {
                yield return stored;
                after = position(stored);
            }

            isLast = page.IsLast;
        }
    }
}
