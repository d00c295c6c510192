using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>The second half of a file's way: its event, and its rows removed from the journal. It may be begun again at any point.</summary>
internal sealed class ArchiveRemoval(
    IJournal journal, IJournalPruner pruner, IArchiveFiles files, ArchivingOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>What a run that was ended between two steps left undone.</summary>
    public async ValueTask EndEarlierAsync(IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var part in Guard(files.Folder, () => files.List(ArchiveFormat.PartExtension)))
        {
            Guard(files.Folder, () => { files.Delete(part); return 0; });
        }

        var recorded = new List<CallsArchived>();
        await foreach (var archived in ArchiveChain.ReadAsync(journal, cancellationToken))
        {
            recorded.Add(archived);
        }

        var names = Guard(files.Folder, () => files.List(ArchiveFormat.Extension));
        if (recorded.Count > 0 && names.Contains(recorded[^1].File))
        {
            await EndRemovalAsync(ArchiveFile.Open(files, recorded[^1].File), progress, cancellationToken);
        }

        foreach (var name in names.Except(recorded.Select(archived => archived.File)))
        {
            await AdoptAsync(name, progress, cancellationToken);
        }
    }

    /// <summary>Throws <see cref="ArchiveException"/>: another node wrote the chain's next event, and this file is withdrawn.</summary>
    public async ValueTask RecordAndRemoveAsync(
        ArchiveFile file, byte[] sha256, ArchiveChain.ChainEnd end, IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        var header = file.Header;
        var archived = new CallsArchived
        {
            File = file.Name,
            Sha256 = Google.Protobuf.ByteString.CopyFrom(sha256),
            Bytes = (ulong)file.Bytes,
            Calls = header.Calls,
            PersistenceIds = header.PersistenceIds,
            Rows = header.Rows,
            FirstOrdering = header.FirstOrdering,
            LastOrdering = header.LastOrdering,
            FirstCreatedTicks = header.FirstCreatedTicks,
            LastCreatedTicks = header.LastCreatedTicks,
        };
        if (!await ArchiveChain.TryAppendAsync(journal, end, archived, time))
        {
            // None of its rows was removed, and what the other one removes is in the other one's file.
            Guard(files.Folder, () => { files.Delete(file.Name); return 0; });
            throw new ArchiveException("another node archived at the same time; the next run goes on from there");
        }

        await RemoveAsync(file, progress, cancellationToken);
    }

    /// <summary>What the file system cannot do, as a message that says what that means.</summary>
    public static T Guard<T>(string folder, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(
                $"cannot write into {folder}: {failure.Message}; nothing was lost: what is not in an archive is in the journal. "
                + "Make room there, see who owns it, or name another folder (audit.archiveFolder)",
                failure);
        }
    }

    private async ValueTask EndRemovalAsync(ArchiveFile file, IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        // Rows go in their order, so while one is there the last ones are.
        var last = file.ReadRecords(file.ReadIndex().Blocks.TakeLast(1)).Select(record => record.Event.Ordering).ToList();
        if (await pruner.ReadRecordsAsync(last, cancellationToken).AnyAsync(cancellationToken))
        {
            logger.LogInformation("Removes what an earlier run left in the journal of {File}", file.Name);
            await RemoveAsync(file, progress, cancellationToken);
        }
    }

    // Written and given its name, but no event: by a run that was ended there, or it comes from another journal.
    private async ValueTask AdoptAsync(string name, IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        var verification = ArchiveVerifier.Verify(files, name, cancellationToken);
        if (!verification.IsGood)
        {
            logger.LogWarning("{File} in {Folder} is named by no event of the journal, and it is damaged: {Problem}", name, files.Folder, verification.Problems[0]);
            return;
        }

        var file = ArchiveFile.Open(files, name);
        if (!await IsOfThisJournalAsync(file, cancellationToken))
        {
            logger.LogWarning("{File} in {Folder} is named by no event of this journal; it is read all the same", name, files.Folder);
            return;
        }

        var end = await ArchiveChain.ReadEndAsync(journal, cancellationToken);
        await RecordAndRemoveAsync(file, verification.Sha256, end, progress, cancellationToken);
    }

    private async ValueTask<bool> IsOfThisJournalAsync(ArchiveFile file, CancellationToken cancellationToken)
    {
        foreach (var block in file.ReadIndex().Blocks)
        {
            var archived = file.ReadRecords([block]).ToList();
            var there = await pruner.ReadRecordsAsync([.. archived.Select(record => record.Event.Ordering)], cancellationToken).ToListAsync(cancellationToken);
            if (archived.Count != there.Count || archived.Zip(there).Any(pair => !IsSame(pair.First.Event, pair.Second.Event)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSame(in StoredEvent one, in StoredEvent other) =>
        one.PersistenceId == other.PersistenceId && one.SequenceNumber == other.SequenceNumber && one.Message.AsSpan().SequenceEqual(other.Message);

    private async ValueTask RemoveAsync(ArchiveFile file, IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        var index = file.ReadIndex();
        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var actors in index.Actors.Chunk(options.MarksPerStep))
        {
            HistoryEnd[] ends = [.. actors.Select(actor => new HistoryEnd(actor.PersistenceId, actor.LastSequenceNumber))];
            refused.UnionWith(await pruner.MarkArchivedAsync(ends, file.Name, time.GetUtcNow(), cancellationToken));
            await PauseAsync(cancellationToken);
        }

        foreach (var id in refused)
        {
            logger.LogWarning("{PersistenceId} has gone on since it was read; it is in {File} and stays in the journal as well", id, file.Name);
        }

        long done = 0;
        var rows = file.ReadRecords(index.Blocks).Where(record => !refused.Contains(record.Event.PersistenceId));
        foreach (var records in rows.Chunk(options.RowsPerStep))
        {
            RowKey[] keys = [.. records.Select(record => new RowKey(record.Event.Ordering, record.Event.PersistenceId, record.Event.SequenceNumber, record.Tags))];
            await pruner.RemoveAsync(keys, cancellationToken);
            done += keys.Length;
            progress?.Report(new ArchivingProgress(ArchivingStage.Removing, done, (long)file.Header.Rows));
            await PauseAsync(cancellationToken);
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken) =>
        options.Pause > TimeSpan.Zero ? Task.Delay(options.Pause, time, cancellationToken) : Task.CompletedTask;
}
