using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// Moves ended calls out of the journal, one file after the other. Each file takes these steps, and whatever ends the run between two of them, every row
/// is in the journal, in a file that readers see, or in both (then they read it once):
/// <list type="number">
/// <item>written under a temporary name, flushed to the disk, read back and compared</item>
/// <item>given its name, the folder flushed</item>
/// <item>named by an event of the chain "archive-1"</item>
/// <item>the histories marked, their rows removed</item>
/// </list>
/// The next run ends what a run before it began: parts are removed, a file without event gets it, a file with event has its rows removed.
/// </summary>
public sealed class CallArchiver
{
    private readonly IJournal _journal;
    private readonly IJournalPruner _pruner;
    private readonly IArchiveFiles _files;
    private readonly ArchivingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ArchiveRemoval _removal;
    private IProgress<ArchivingProgress>? _progress;

    public CallArchiver(IJournal journal, IJournalPruner pruner, ArchivingOptions options, TimeProvider time, ILogger logger)
        : this(journal, pruner, new ArchiveFolder(options.Folder), options, time, logger)
    {
    }

    internal CallArchiver(IJournal journal, IJournalPruner pruner, IArchiveFiles files, ArchivingOptions options, TimeProvider time, ILogger logger)
    {
        _journal = journal;
        _pruner = pruner;
        _files = files;
        _options = options;
        _time = time;
        _logger = logger;
        _removal = new ArchiveRemoval(journal, pruner, files, options, time, logger);
    }

    /// <summary>Moves everything that may be moved. Throws <see cref="ArchiveException"/>, <see cref="JournalReadException"/> or <see cref="JournalPruneException"/>.</summary>
    public async Task<ArchivingReport> RunAsync(IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        _progress = progress;
        using var held = Guard(_files.Lock);
        await _removal.EndEarlierAsync(progress, cancellationToken);
        return await EachFileAsync(WriteAsync, cancellationToken);
    }

    /// <summary>Says what a run would do, and does nothing.</summary>
    public Task<ArchivingReport> LookAsync(IProgress<ArchivingProgress>? progress, CancellationToken cancellationToken)
    {
        _progress = progress;
        return EachFileAsync((_, _) => new(("", 0)), cancellationToken);
    }

    private async Task<ArchivingReport> EachFileAsync(
        Func<ArchiveDraft, CancellationToken, ValueTask<(string Name, long Bytes)>> take, CancellationToken cancellationToken)
    {
        var before = _time.GetUtcNow() - _options.OlderThan;
        var sealedTo = _options.RequireSeal ? await SealCoverage.ReadAsync(_journal, cancellationToken) : long.MaxValue;
        var candidates = new CallCandidates(_pruner, _options.CandidateLimit, sealedTo, before);
        var inspection = new CallInspection(_journal, sealedTo, before);
        var report = new ArchivingReport();
        while (candidates.HasMore)
        {
            var draft = new ArchiveDraft();
            var calls = await candidates.LookAsync(looked => Tell(ArchivingStage.Looking, looked, 0), cancellationToken);
            for (var i = 0; i < calls.Count; i++)
            {
                Tell(ArchivingStage.Reading, i + 1, calls.Count);
                var call = await inspection.InspectAsync(calls[i].PersistenceId[CallCandidates.CallPrefix.Length..], cancellationToken);
                report = Count(report, call);
                if (call.Fitness == CallFitness.Fit)
                {
                    draft.Add(call);
                }

                if (draft.Calls >= _options.CallsPerFile || draft.Rows >= _options.RowsPerFile || (i == calls.Count - 1 && draft.Calls > 0))
                {
                    report = Count(report, draft, await take(draft, cancellationToken));
                    draft = new ArchiveDraft();
                }

                await PauseAsync(cancellationToken);
            }
        }

        return report with { NotSealed = report.NotSealed + candidates.NotSealed };
    }

    private async ValueTask<(string Name, long Bytes)> WriteAsync(ArchiveDraft draft, CancellationToken cancellationToken)
    {
        // Read before anything is written: who writes an event meanwhile has archived meanwhile, and then this file names none.
        var end = await ArchiveChain.ReadEndAsync(_journal, cancellationToken);
        var header = draft.Header(UnixTime.UsOf(_time.GetUtcNow()), _options.Program);
        var part = $"calls-{header.FirstOrdering}{ArchiveFormat.PartExtension}";
        try
        {
            var digest = await WritePartAsync(part, header, draft.Orderings(), cancellationToken);
            Compare(part, digest, cancellationToken);
            var name = ArchiveDraft.FileName(header, digest.Sha256);
            Guard(() => _files.Rename(part, name));
            Guard(_files.FlushFolder);
            await _removal.RecordAndRemoveAsync(ArchiveFile.Open(_files, name), digest.Sha256, end, _progress, cancellationToken);
            return (name, digest.Bytes);
        }
        catch (ArchiveException)
        {
            TryDelete(part);
            throw;
        }
    }

    private async ValueTask<ArchiveDigest> WritePartAsync(string part, ArchiveHeader header, IReadOnlyList<long> orderings, CancellationToken cancellationToken)
    {
        await using var output = Guard(() => _files.Create(part));
        using var writer = new ArchiveWriter(output, header);
        var written = 0;
        await foreach (var record in _pruner.ReadRecordsAsync(orderings, cancellationToken))
        {
            Guard(() => writer.Add(record));
            if (++written % ArchiveFormat.BlockRows == 0)
            {
                Tell(ArchivingStage.Writing, written, orderings.Count);
                await PauseAsync(cancellationToken);
            }
        }

        if (written != orderings.Count)
        {
            throw new ArchiveException($"{orderings.Count - written} rows went from the journal while they were read; nothing was removed by this");
        }

        var digest = Guard(writer.Finish);
        Guard(() => _files.Flush(output));
        return digest;
    }

    private void Compare(string part, ArchiveDigest digest, CancellationToken cancellationToken)
    {
        Tell(ArchivingStage.Verifying, 0, 0);
        var read = ArchiveVerifier.Verify(_files, part, cancellationToken);
        if (!read.IsGood || !read.Sha256.AsSpan().SequenceEqual(digest.Sha256) || !read.RawSha256.AsSpan().SequenceEqual(digest.RawSha256))
        {
            var problem = read.Problems.Count > 0 ? read.Problems[0] : "its bytes differ";
            throw new ArchiveException($"what was written into {_files.Folder} reads back differently: {problem}; nothing was removed from the journal; check the disk");
        }
    }

    private ArchivingReport Count(ArchivingReport report, InspectedCall call)
    {
        if (call.Fitness == CallFitness.Unreadable)
        {
            _logger.LogWarning("A call stays in the journal: {Reason}", call.Detail);
        }

        return call.Fitness switch
        {
            CallFitness.NotEnded => report with { NotEnded = report.NotEnded + 1 },
            CallFitness.NotSealed => report with { NotSealed = report.NotSealed + 1 },
            CallFitness.Recorded => report with { Recorded = report.Recorded + 1 },
            CallFitness.Unreadable => report with { Unreadable = report.Unreadable + 1 },
            _ => report,
        };
    }

    private static ArchivingReport Count(ArchivingReport report, ArchiveDraft draft, (string Name, long Bytes) file) =>
        report with
        {
            Files = file.Name.Length == 0 ? report.Files : [.. report.Files, file.Name],
            Calls = report.Calls + draft.Calls,
            Rows = report.Rows + draft.Rows,
            JournalBytes = report.JournalBytes + draft.JournalBytes,
            FileBytes = report.FileBytes + file.Bytes,
        };

    private void TryDelete(string part)
    {
        try
        {
            _files.Delete(part);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning("{Part} stays in {Folder} until the next run: {Reason}", part, _files.Folder, failure.Message);
        }
    }

    private void Tell(ArchivingStage stage, long done, long total) => _progress?.Report(new ArchivingProgress(stage, done, total));

    private Task PauseAsync(CancellationToken cancellationToken) =>
        _options.Pause > TimeSpan.Zero ? Task.Delay(_options.Pause, _time, cancellationToken) : Task.CompletedTask;

    private void Guard(Action step) => ArchiveRemoval.Guard(_files.Folder, () => { step(); return 0; });

    private T Guard<T>(Func<T> step) => ArchiveRemoval.Guard(_files.Folder, step);
}
