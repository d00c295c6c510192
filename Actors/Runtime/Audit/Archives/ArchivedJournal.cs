using System.Runtime.CompilerServices;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// A journal together with its archives, as if nothing had ever been moved: every row once, in the order of its ordering, while rows are being moved.
/// In memory are some rows of the journal and one block of each archive that has rows there.
/// </summary>
/// <remarks>
/// Why nothing is missed: a file has its name before any of its rows is removed. So rows of the journal are taken first and the folder is looked at
/// afterwards; what was removed before the rows were taken is in a file that is seen.
/// </remarks>
public class ArchivedJournal : IJournalReader
{
    /// <summary>Rows of the journal that are taken at once.</summary>
    private const int LiveRows = 500;

    private static readonly Comparer<long> Numbers = Comparer<long>.Default;

    private readonly IJournalReader _live;
    private readonly ArchiveCatalog _catalog;

    /// <param name="folder">Need not be there: then there are no archives.</param>
    public ArchivedJournal(IJournalReader live, string folder)
        : this(live, new ArchiveFolder(folder))
    {
    }

    internal ArchivedJournal(IJournalReader live, IArchiveFiles files)
    {
        _live = live;
        _catalog = new ArchiveCatalog(files);
    }

    /// <summary>What the database knows besides its events; null where it cannot be asked.</summary>
    public IJournalEvidence? Evidence => _live is IJournalEvidence evidence ? new ArchivedEvidence(_live, evidence, _catalog) : null;

    public static ArchivedJournal Over(IJournalReader live, string folder) => new(live, folder);

    public CommitSignal? Commits => _live.Commits;

    public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken)
    {
        var key = ArchiveIndexDraft.KeyOfActor(persistenceId);
        var question = new ArchiveQuestion<StoredEvent, long>(
            static stored => stored.SequenceNumber,
            Numbers,
            null,
            (file, after) => !_catalog.MayHold(file, key)
                ? []
                : file.ReadBlocks(BlocksOfActor(file, persistenceId)).SelectMany(block => ArchiveBlockDraft.EventsOfActor(block, persistenceId)).Where(row => row.SequenceNumber > after));
        return MergeAsync(_live.ReadActorAsync(persistenceId, fromSequenceNumber, cancellationToken), question, fromSequenceNumber - 1, cancellationToken);
    }

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        MergeAsync(_live.ReadAllAsync(afterOrdering, cancellationToken), AllByOrdering(), afterOrdering, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken)
    {
        var key = ArchiveIndexDraft.KeyOfTag(tag);
        var question = ByOrdering((file, after) => !_catalog.MayHold(file, key)
            ? []
            : file.ReadBlocks(BlocksOfTag(file, tag).Where(block => block.LastOrdering > after)).SelectMany(block => ArchiveBlockDraft.EventsOfTag(block, tag)));
        return MergeAsync(_live.ReadTagAsync(tag, afterOrdering, cancellationToken), question, afterOrdering, cancellationToken);
    }

    public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken)
    {
        var question = new ArchiveQuestion<string, string>(
            static id => id,
            StringComparer.Ordinal,
            null,
            (file, from) => _catalog.Index(file).Actors.Select(actor => actor.PersistenceId)
                .Where(id => id.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(id, from) > 0));
        return MergeAsync(_live.ReadPersistenceIdsAsync(prefix, after, cancellationToken), question, after, cancellationToken);
    }

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) =>
        _live.ReadLiveAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<LiveActor> ReadLiveAsync(KeyRange keys, CancellationToken cancellationToken) => _live.ReadLiveAsync(keys, cancellationToken);

    public async ValueTask<JournalPoint?> ReadPointAsync(long afterOrdering, CancellationToken cancellationToken)
    {
        var live = await _live.ReadPointAsync(afterOrdering, cancellationToken);
        using var archives = new ArchiveSource<StoredEvent, long>(_catalog, AllByOrdering());
        archives.Refresh(afterOrdering);
        return archives.TryTake(afterOrdering, live is not null, live?.Ordering ?? 0, out var archived) ? new JournalPoint(archived.Ordering, archived.Created) : live;
    }

    public async ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken)
    {
        var live = await _live.ReadLastOrderingAsync(cancellationToken);
        return Math.Max(live, _catalog.List().Select(file => file.Header.LastOrdering).DefaultIfEmpty().Max());
    }

    /// <summary>What the journal says was moved to files that are not in the folder: what is read lacks their rows.</summary>
    public async ValueTask<IReadOnlyList<CallsArchived>> ReadMissingAsync(CancellationToken cancellationToken)
    {
        var missing = new List<CallsArchived>();
        await foreach (var archived in ArchiveChain.ReadAsync(_live, cancellationToken))
        {
            missing.Add(archived);
        }

        var there = _catalog.Names().ToHashSet(StringComparer.Ordinal);
        missing.RemoveAll(archived => there.Contains(archived.File));
        return missing;
    }

    private ArchiveQuestion<StoredEvent, long> AllByOrdering() =>
        ByOrdering((file, after) => file.ReadBlocks(_catalog.Index(file).Blocks.Where(block => block.LastOrdering > after)).SelectMany(ArchiveBlockDraft.Events));

    private static ArchiveQuestion<StoredEvent, long> ByOrdering(Func<ArchiveFile, long, IEnumerable<StoredEvent>> read) =>
        new(
            static stored => stored.Ordering,
            Numbers,
            static file => file.Header.FirstOrdering - 1,
            (file, after) => file.Header.LastOrdering <= after ? [] : read(file, after).Where(row => row.Ordering > after));

    private IEnumerable<ArchiveBlockEntry> BlocksOfActor(ArchiveFile file, string persistenceId)
    {
        var index = _catalog.Index(file);
        var place = ArchiveIndexDraft.Find(index.Actors, persistenceId, static actor => actor.PersistenceId);
        return place < 0 ? [] : [.. index.Actors[place].Blocks.Select(block => index.Blocks[(int)block])];
    }

    private IEnumerable<ArchiveBlockEntry> BlocksOfTag(ArchiveFile file, string tag)
    {
        var index = _catalog.Index(file);
        var place = ArchiveIndexDraft.Find(index.Tags, tag, static entry => entry.Tag);
        return place < 0 ? [] : [.. index.Tags[place].Blocks.Select(block => index.Blocks[(int)block])];
    }

    private async IAsyncEnumerable<T> MergeAsync<T, TKey>(
        IAsyncEnumerable<T> live,
        ArchiveQuestion<T, TKey> question,
        TKey after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var archives = new ArchiveSource<T, TKey>(_catalog, question);
        await using var rows = live.GetAsyncEnumerator(cancellationToken);
        var taken = new List<T>(LiveRows);
        for (var hasMore = true; hasMore;)
        {
            taken.Clear();
            while (taken.Count < LiveRows && (hasMore = await rows.MoveNextAsync()))
            {
                taken.Add(rows.Current);
            }

            archives.Refresh(after);
            foreach (var row in taken)
            {
                var key = question.Key(row);
                while (archives.TryTake(after, isBounded: true, key, out var archived))
                {
                    after = question.Key(archived);
                    yield return archived;
                }

                if (question.Order.Compare(key, after) > 0)
                {
                    after = key;
                    yield return row;
                }
            }
        }

        while (archives.TryTake(after, isBounded: false, after, out var archived))
        {
            cancellationToken.ThrowIfCancellationRequested();
            after = question.Key(archived);
            yield return archived;
        }
    }
}
