using Mcptt.Actors.Audit;
using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>A PostgreSQL journal to look at, by a role that may only read; a server may write to it meanwhile.</summary>
public sealed class PostgresJournalReader : IJournalReader, IJournalEvidence, IDisposable
{
    private readonly PostgresSources _sources;
    private readonly PostgresReaders _readers;
    private readonly PostgresReading _reading;
    private readonly PostgresEvidence _evidence;

    private PostgresJournalReader(PostgresJournalOptions options)
    {
        _sources = new PostgresSources(options);
        _readers = new PostgresReaders(_sources.Reading, options, static () => { });
        _reading = new PostgresReading(_readers);
        _evidence = new PostgresEvidence(_readers);
    }

    /// <summary>Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
    public static async ValueTask<PostgresJournalReader> OpenAsync(PostgresJournalOptions options, CancellationToken cancellationToken)
    {
        await new PostgresTables(options with { MayMigrate = false }).EnsureAsync(cancellationToken);
        return new PostgresJournalReader(options);
    }

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        _reading.ReadLiveAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, CancellationToken cancellationToken) => _reading.ReadLiveAsync(keys, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        _reading.ReadActorAsync(persistenceId, fromSequenceNumber, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        _reading.ReadAllAsync(afterOrdering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        _reading.ReadTagAsync(tag, afterOrdering, cancellationToken);

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        _reading.ReadPersistenceIdsAsync(prefix, after, cancellationToken);

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken) =>
        _reading.ReadPointAsync(afterOrdering, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) => _reading.ReadLastOrderingAsync(cancellationToken);

    public ValueTask<OrderingEvidence> ReadOrderingsAsync(CancellationToken cancellationToken) => _evidence.ReadOrderingsAsync(cancellationToken);

    public IAsyncEnumerable<StoredMark> ReadMarksAsync(long afterOrdering, long toOrdering, CancellationToken cancellationToken) =>
        _evidence.ReadMarksAsync(afterOrdering, toOrdering, cancellationToken);

    public IAsyncEnumerable<StoredTag> ReadTagsAsync(CancellationToken cancellationToken) => _evidence.ReadTagsAsync(cancellationToken);

    public IAsyncEnumerable<StoredPointer> ReadPointersAsync(CancellationToken cancellationToken) => _evidence.ReadPointersAsync(cancellationToken);

    public void Dispose()
    {
        _readers.Dispose();
        _sources.Dispose();
    }
}
