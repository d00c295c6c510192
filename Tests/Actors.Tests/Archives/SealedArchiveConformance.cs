using Mcptt.Actors.Audit;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Testing.Postgres;

namespace Mcptt.Actors.Tests.Archives;

/// <summary>Seals and archives together: what is moved, and that the journal verifies with its archives as it did without.</summary>
public abstract class SealedArchiveConformance : ArchiveConformance, IDisposable
{
    private readonly SealKey _key = SealKey.Create();

    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>As "audit verify" reads it.</summary>
    private protected abstract Task<JournalEvidenceReadThrough> ReadAsync(ArchiveScene scene);

    [SuiteFact]
    public async Task Only_what_is_under_a_seal_is_moved_and_the_journal_with_its_archives_verifies()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(30);
        var covered = scene.Workload.Ended.Count;
        var before = await scene.Archiver(scene.Options() with { RequireSeal = true }).LookAsync(null, default);
        await SealAsync(scene);
        await scene.Workload.WriteAsync(15);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var moved = await scene.Archiver(scene.Options() with { RequireSeal = true }).RunAsync(null, default);

        Assert.Equal(0, before.Calls);
        Assert.Equal(covered, moved.Calls);
        Assert.True(moved.NotSealed > 0);
        await AssertCleanAsync(scene, "after a run");
        await SealAsync(scene);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(scene.Workload.Ended.Count - covered, (await scene.Archiver(scene.Options() with { RequireSeal = true }).RunAsync(null, default)).Calls);
        await AssertCleanAsync(scene, "after another one");
    }

    [SuiteFact]
    public async Task A_run_that_was_killed_anywhere_is_not_taken_for_tampering()
    {
        var ended = false;
        for (var at = 1; !ended; at += 2)
        {
            await using var scene = await SceneAsync(new Random(at % 3));
            await scene.Workload.WriteAsync(9);
            await SealAsync(scene);
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            var end = new WorldEnd(at);
            try
            {
                var options = scene.Options() with { RequireSeal = true, CallsPerFile = 4, MarksPerStep = 5, RowsPerStep = 40 };
                var journal = new FaultyJournal(scene.Journal) { Step = end.Step };
                await scene.Archiver(options, new EndingFiles(scene.Files, end, losesUnflushed: false), new EndingPruner(scene.Pruner, end), journal).RunAsync(null, default);
                ended = true;
            }
            catch (WorldEndedException)
            {
                // What it left is looked at.
            }

            await AssertCleanAsync(scene, $"ended at step {at}, {end.Last}");
        }
    }

    [SuiteFact]
    public async Task A_sound_archive_that_lacks_a_row_is_found_by_the_seals_and_by_its_hash()
    {
        await using var scene = await SceneAsync();
        await scene.Workload.WriteAsync(12);
        await SealAsync(scene);
        var name = (await scene.ArchiveAsync()).Files[0];
        var file = ArchiveFile.Open(scene.Files, name);
        var rows = file.ReadRecords(file.ReadIndex().Blocks).ToList();
        var removed = rows[rows.Count / 2].Event;
        var header = file.Header.Clone();
        header.Rows--;
        using (var output = File.Create(Path.Combine(scene.Folder, name)))
        {
            using var writer = new ArchiveWriter(output, header);
            rows.Where(row => row.Event.Ordering != removed.Ordering).ToList().ForEach(row => writer.Add(row));
            writer.Finish();
        }

        Assert.True(ArchiveVerifier.Verify(scene.Files, name, default).IsGood);
        var report = await VerifyAsync(scene);

        Assert.False(report.IsClean);
        Assert.Contains(report.Findings, finding => finding.PersistenceId == removed.PersistenceId && finding.SequenceNumber == removed.SequenceNumber);
        var listed = await ArchiveInventory.ReadAsync(scene.Journal, scene.Folder, isVerified: true, null, default);
        Assert.Equal(ArchiveState.Replaced, listed.Single(archive => archive.Name == name).State);
    }

    private async Task SealAsync(ArchiveScene scene)
    {
        var sealer = new Sealer(scene.Journal, _key, new SealerOptions(), scene.Clock, "fedcba9876543210");
        Assert.Equal(SealOutcome.Sealed, await sealer.SealAsync(default));
    }

    private async Task<VerifyReport> VerifyAsync(ArchiveScene scene)
    {
        var journal = await ReadAsync(scene);
        using var closed = (IDisposable)journal;
        var whole = ArchivedJournal.Over(journal, scene.Folder);
        return await new JournalVerifier(whole, whole.Evidence, new VerifyOptions { Keys = [_key.Public] }).VerifyAsync(null, default);
    }

    private async Task AssertCleanAsync(ArchiveScene scene, string when)
    {
        var report = await VerifyAsync(scene);
        Assert.True(report.IsClean, $"{when}: {string.Join('\n', report.Findings)}");
    }
}

public sealed class SqliteSealedArchiveTests : SealedArchiveConformance
{
    private protected override Task<IJournal> OpenAsync(TemporaryFolder folder) => SqliteAsync(folder);

    private protected override Task<JournalEvidenceReadThrough> ReadAsync(ArchiveScene scene) =>
        Task.FromResult<JournalEvidenceReadThrough>(SqliteJournalReader.Open(new SqliteJournalOptions { Path = scene.JournalPath }));
}

public sealed class PostgresSealedArchiveTests : SealedArchiveConformance
{
    // Of the scene that was made last: there is one at a time.
    private PostgresJournalOptions? _options;

    private protected override async Task<IJournal> OpenAsync(TemporaryFolder folder)
    {
        _options = new PostgresJournalOptions { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true };
        return await PostgresJournalConformanceTests.OpenAsync(_options);
    }

    private protected override async Task<JournalEvidenceReadThrough> ReadAsync(ArchiveScene scene) =>
        await PostgresJournalReader.OpenAsync(_options ?? throw new InvalidOperationException("no scene yet"), default);
}
