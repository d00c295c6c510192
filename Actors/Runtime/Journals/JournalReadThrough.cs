using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Journals;

/// <summary>A journal that does more than read, and reads through a reader of its own.</summary>
public abstract class JournalReadThrough : IJournalReader
{
    public virtual CommitSignal? Commits => Reading.Commits;

    protected abstract IJournalReader Reading { get; }

    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        Reading.ReadActorAsync(persistenceId, fromSequenceNumber, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) => Reading.ReadAllAsync(afterOrdering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        Reading.ReadTagAsync(tag, afterOrdering, cancellationToken);

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        Reading.ReadPersistenceIdsAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) => Reading.ReadLiveAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, CancellationToken cancellationToken) => Reading.ReadLiveAsync(keys, cancellationToken);

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken) => Reading.ReadPointAsync(afterOrdering, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) => Reading.ReadLastOrderingAsync(cancellationToken);
}
