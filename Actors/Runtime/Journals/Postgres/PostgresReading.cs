using System.Runtime.CompilerServices;
using Mcptt.Actors.Shards;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>Reads a PostgreSQL journal page by page, whoever else writes to it meanwhile.</summary>
internal sealed class PostgresReading(PostgresReaders readers) : IJournalReader
{
    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        EventsAsync(
            (connection, after, token) => PostgresReader.ActorAsync(connection, persistenceId, after, token), fromSequenceNumber - 1, static e => e.SequenceNumber, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        EventsAsync(PostgresReader.AllAsync, afterOrdering, static e => e.Ordering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        EventsAsync((connection, after, token) => PostgresReader.TagAsync(connection, tag, after, token), afterOrdering, static e => e.Ordering, cancellationToken);

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        PagesAsync(PostgresReader.IdsAsync, (prefix, after), id => (prefix, id), cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        PagesAsync(PostgresReader.LiveAsync, (prefix, after), actor => (prefix, actor.PersistenceId), cancellationToken);

    /// <summary>Rows that a program from before shards wrote beside this one have no key yet; it is made up for here.</summary>
    public async IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var actor in LiveAsync(PostgresReader.KeyedLiveAsync, keys, cancellationToken))
        {
            yield return actor;
        }

        await foreach (var actor in LiveAsync(PostgresReader.UnkeyedLiveAsync, keys, cancellationToken))
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

    private IAsyncEnumerable<LiveActor> LiveAsync(
        Func<NpgsqlConnection, LivePosition, CancellationToken, ValueTask<List<LiveActor>>> read, KeyRange keys, CancellationToken cancellationToken) =>
        PagesAsync(
            read,
            new LivePosition(keys.First, keys.Last, ""),
            actor => new LivePosition(ShardKey.OfPersistenceId(actor.PersistenceId), keys.Last, actor.PersistenceId),
            cancellationToken);

    private IAsyncEnumerable<TRow> PagesAsync<TPosition, TRow>(
        Func<NpgsqlConnection, TPosition, CancellationToken, ValueTask<List<TRow>>> read, TPosition from, Func<TRow, TPosition> behind, CancellationToken cancellationToken) =>
        JournalPages.ReadAsync((position, token) => readers.ReadAsync(read, position, token), PostgresReader.PageRows, from, behind, cancellationToken);

    private IAsyncEnumerable<StoredEvent> EventsAsync(
        Func<NpgsqlConnection, long, CancellationToken, ValueTask<JournalPage<StoredEvent>>> read, long after, Func<StoredEvent, long> behind, CancellationToken cancellationToken) =>
        JournalPages.ReadAsync((position, token) => readers.ReadAsync(read, position, token), after, behind, cancellationToken);
}
