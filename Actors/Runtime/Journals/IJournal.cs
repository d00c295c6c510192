using System.Runtime.CompilerServices;
using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Where history is kept. One writer per persistence id is enforced by the unique key (persistence_id, sequence_number) and by nothing else.
/// No method throws for what a disk, a server or another writer can cause, except <see cref="OpenAsync"/> and reading.
/// </summary>
public interface IJournal : IJournalReader, IAsyncDisposable
{
    /// <summary>Why the last appends could not be stored or the database not be reached; empty when all is well. For health answers.</summary>
    string Failure { get; }

    /// <summary>What moves ended calls out of it; null: nothing can be.</summary>
    IJournalPruner? Pruner => null;

    /// <summary>Creates the tables where there are none; throws <see cref="JournalOpenException"/> with what is wrong and what to do. Opening again does nothing.</summary>
    ValueTask OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores all rows or none. It ends when they are durable. Appends of all actors share transactions; the order in which
    /// calls for one persistence id were made (appends and notes alike) is the order in which they are applied.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(JournalAppend append);

    /// <summary>Stores a note some time later, with the next appends. False: the queue is full, nothing will be stored.</summary>
    bool TryPost(JournalNote note);

    /// <summary>Ends when everything that was posted before is durable or has failed.</summary>
    ValueTask FlushAsync();

    /// <summary>The latest snapshot, and whether the actor is live.</summary>
    ValueTask<StoredStart> ReadStartAsync(string persistenceId, CancellationToken cancellationToken);
}

/// <summary>Reading only, for recovery, audit and lists. Throws <see cref="JournalReadException"/> when it cannot.</summary>
public interface IJournalReader
{
    /// <summary>Where this process also writes the journal: tells of each commit. Null: who follows it must look now and then.</summary>
    CommitSignal? Commits => null;

    /// <summary>One actor's events from a sequence number on.</summary>
    IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken);

    /// <summary>Events of all actors in the order of their commits, after an ordering.</summary>
    IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken);

    /// <summary>Events that carry a tag (<see cref="EventTags"/>), in the order of their commits, after an ordering.</summary>
    IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken);

    /// <summary>Persistence ids that begin with a prefix, in their order, after one of them (empty: from the start).</summary>
    IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken);

    /// <summary>The same for actors that are to be loaded now or at some time without being asked.</summary>
    IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken);

    /// <summary>The same for the actors of a shard, in no particular order. A journal that several nodes share finds them by an index.</summary>
    async IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var actor in ReadLiveAsync("", "", cancellationToken))
        {
            if (keys.Has(actor.PersistenceId))
            {
                yield return actor;
            }
        }
    }

    /// <summary>The first event after an ordering; null when there is none. The search for a moment is made of these (<see cref="JournalSearch"/>).</summary>
    async ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken)
    {
        await foreach (var stored in ReadAllAsync(afterOrdering, cancellationToken))
        {
            return new JournalPoint(stored.Ordering, stored.Created);
        }

        return null;
    }

    /// <summary>Ordering of the last event; 0 when there is none.</summary>
    ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken);
}
