using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Journals;

/// <summary>A journal that dies with the process: for labs that want no file, and to tell the runtime's cost from the disk's.</summary>
public sealed class InMemoryJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<StoredEvent> _events = [];
    private readonly SortedDictionary<string, List<StoredEvent>> _actors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<StoredEvent>> _tags = [];
    private readonly Dictionary<string, StoredSnapshot> _snapshots = [];
    private readonly SortedDictionary<string, LiveMark> _live = new(StringComparer.Ordinal);

    public CommitSignal Commits { get; } = new();

    public string Failure => "";

    public ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        lock (_gate)
        {
            if (!_actors.TryGetValue(append.PersistenceId, out var history))
            {
                _actors.Add(append.PersistenceId, history = []);
            }

            var next = history.Count == 0 ? 1 : history[^1].SequenceNumber + 1;
            if (append.Rows.Any(row => row.SequenceNumber < next))
            {
                return new(new AppendResult(AppendOutcome.Occupied, $"{append.PersistenceId} was written by somebody else"));
            }

            foreach (var row in append.Rows)
            {
                Add(history, append, row);
            }

            if (append.Live is { } mark)
            {
                _live[append.PersistenceId] = mark;
            }
        }

        Commits.Committed();
        return new(AppendResult.Written);
    }

    public bool TryPost(JournalNote note)
    {
        lock (_gate)
        {
            switch (note)
            {
                case LiveNote { Mark: { } mark }:
                    _live[note.PersistenceId] = mark;
                    break;
                case LiveNote:
                    _live.Remove(note.PersistenceId);
                    break;
                case SnapshotNote snapshot:
                    _snapshots[note.PersistenceId] = new StoredSnapshot(snapshot.SequenceNumber, snapshot.Snapshot);
                    break;
            }
        }

        return true;
    }

    public ValueTask FlushAsync() => ValueTask.CompletedTask;

    public ValueTask<StoredStart> ReadStartAsync(string persistenceId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(new StoredStart(
                _snapshots.TryGetValue(persistenceId, out var snapshot) ? snapshot : null,
                _live.TryGetValue(persistenceId, out var mark) ? mark : null));
        }
    }

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        CopyAsync(() => _live.Where(pair => IsAfter(pair.Key, prefix, after)).Select(pair => new LiveActor(pair.Key, pair.Value)), cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
        CopyAsync(() => (_actors.GetValueOrDefault(persistenceId) ?? []).Where(e => e.SequenceNumber >= fromSequenceNumber), cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        CopyAsync(() => _events.Skip((int)Math.Min(afterOrdering, _events.Count)), cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) =>
        CopyAsync(() => (_tags.GetValueOrDefault(tag) ?? []).Where(e => e.Ordering > afterOrdering), cancellationToken);

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
        CopyAsync(() => _actors.Where(pair => pair.Value.Count > 0 && IsAfter(pair.Key, prefix, after)).Select(pair => pair.Key), cancellationToken);

    public ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(afterOrdering < _events.Count ? new JournalPoint(afterOrdering + 1, _events[(int)Math.Max(afterOrdering, 0)].Created) : null);
        }
    }

    public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_events.Count);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsAfter(string id, string prefix, string after) =>
        id.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(id, after) > 0;

    private void Add(List<StoredEvent> history, JournalAppend append, in JournalRow row)
    {
        var stored = new StoredEvent(
            _events.Count + 1, append.PersistenceId, row.SequenceNumber, append.Created, row.Message, JournalFormat.EventManifest, append.WriterUuid);
        _events.Add(stored);
        history.Add(stored);
        foreach (var tag in row.Tags)
        {
            if (!_tags.TryGetValue(tag, out var tagged))
            {
                _tags.Add(tag, tagged = []);
            }

            tagged.Add(stored);
        }
    }

    private async IAsyncEnumerable<T> CopyAsync<T>(Func<IEnumerable<T>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        T[] copy;
        lock (_gate)
        {
            copy = [.. read()];
        }

        foreach (var item in copy)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }

        await ValueTask.CompletedTask;
    }
}
