using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;

namespace Mcptt.Actors.Tests.Ledger;

internal enum JournalFault
{
    None,

    /// <summary>Nothing is written.</summary>
    Fails,

    /// <summary>The rows are written but the answer is a failure, as after a lost connection.</summary>
    WritesAndFails,

    /// <summary>The rows are written and no answer ever comes, as when the process dies in between.</summary>
    WritesAndIsSilent,

    /// <summary>No answer until <see cref="FaultyJournal.Release"/>, then the rows are written.</summary>
    Waits,

    Overloaded,
}

/// <summary>A journal that does to appends what a test asks for.</summary>
internal sealed class FaultyJournal(IJournal inner) : IJournal
{
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _appends;
    private int _occupied;
    private int _reads;
    private int _failedReads;
    private int _eventsRead;

    public JournalFault Fault { get; set; }

    public bool ReadsFail { get; set; }

    public bool LosesNotes { get; set; }

    public string Failure => inner.Failure;

    /// <summary>Appends that were asked for, whatever became of them.</summary>
    public int Appends => Volatile.Read(ref _appends);

    /// <summary>Appends that the unique key refused after they had waited.</summary>
    public int Occupied => Volatile.Read(ref _occupied);

    /// <summary>Reads of all events or of a tag that were begun.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public int FailedReads => Volatile.Read(ref _failedReads);

    /// <summary>Events that those who read all or a tag took.</summary>
    public int EventsRead => Volatile.Read(ref _eventsRead);

    public CommitSignal? Commits => inner.Commits;

    public void Release()
    {
        Fault = JournalFault.None;
        Interlocked.Exchange(ref _released, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Told before and after each append; what it throws comes out of it.</summary>
    public Action<string>? Step { get; init; }

    public async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        Interlocked.Increment(ref _appends);
        if (Step is not null)
        {
            Step("before the append");
            var result = await inner.AppendAsync(append);
            Step("after the append");
            return result;
        }

        switch (Fault)
        {
            case JournalFault.Fails:
                return new AppendResult(AppendOutcome.Failed, "as asked");
            case JournalFault.WritesAndFails:
                await inner.AppendAsync(append);
                return new AppendResult(AppendOutcome.Failed, "as asked");
            case JournalFault.WritesAndIsSilent:
                await inner.AppendAsync(append);
                await new TaskCompletionSource().Task;
                return AppendResult.Written;
            case JournalFault.Waits:
                await _released.Task;
                var late = await inner.AppendAsync(append);
                if (late.Outcome == AppendOutcome.Occupied)
                {
                    Interlocked.Increment(ref _occupied);
                }

                return late;
            case JournalFault.Overloaded:
                return AppendResult.Overloaded;
            default:
                return await inner.AppendAsync(append);
        }
    }

    public bool TryPost(JournalNote note) => !LosesNotes && inner.TryPost(note);

    public ValueTask OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public ValueTask FlushAsync() => inner.FlushAsync();

    public ValueTask<StoredStart> ReadStartAsync(string persistenceId, CancellationToken cancellationToken) =>
        ReadsFail ? throw new JournalReadException("as asked") : inner.ReadStartAsync(persistenceId, cancellationToken);

    /// <summary>From where an actor's history was last read.</summary>
    public long ReadFrom { get; private set; }

    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken)
    {
        ReadFrom = fromSequenceNumber;
        return inner.ReadActorAsync(persistenceId, fromSequenceNumber, cancellationToken);
    }

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        CountedAsync(inner.ReadAllAsync(afterOrdering, cancellationToken), cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        CountedAsync(inner.ReadTagAsync(tag, afterOrdering, cancellationToken), cancellationToken);

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        inner.ReadPersistenceIdsAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        inner.ReadLiveAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, CancellationToken cancellationToken) => inner.ReadLiveAsync(keys, cancellationToken);

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) => inner.ReadLastOrderingAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async IAsyncEnumerable<StoredEvent> CountedAsync(IAsyncEnumerable<StoredEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        if (ReadsFail)
        {
            Interlocked.Increment(ref _failedReads);
            throw new JournalReadException("as asked");
        }

        await foreach (var stored in events.WithCancellation(cancellationToken))
        {
            Interlocked.Increment(ref _eventsRead);
            yield return stored;
        }
    }
}
