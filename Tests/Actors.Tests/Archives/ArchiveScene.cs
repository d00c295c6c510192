using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Archives;

/// <summary>A journal with calls, a folder for archives, and a clock.</summary>
internal sealed class ArchiveScene : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    public ArchiveScene(IJournal journal, TemporaryFolder folder, Random random)
    {
        _folder = folder;
        Journal = journal;
        Random = random;
        Workload = new Workload(journal, random, Clock);
    }

    public IJournal Journal { get; }

    public IJournalPruner Pruner => Journal.Pruner!; // Only journals that have one are tested here.

    public Random Random { get; }

    public FakeClock Clock { get; } = new();

    public Workload Workload { get; }

    /// <summary>Of a SQLite journal.</summary>
    public string JournalPath => _folder.File("journal.db");

    public string Folder => _folder.File("archives");

    public ArchivedJournal Composite => new(Journal, Folder);

    public ArchiveFolder Files => new(Folder);

    public ArchivingOptions Options(TimeSpan olderThan = default) =>
        new() { Folder = Folder, OlderThan = olderThan, RequireSeal = false, CallsPerFile = 7, RowsPerFile = 200, CandidateLimit = 20, RowsPerStep = 16, MarksPerStep = 3, Pause = TimeSpan.Zero };

    public CallArchiver Archiver(ArchivingOptions options, IArchiveFiles? files = null, IJournalPruner? pruner = null, IJournal? journal = null, ILogger? logger = null) =>
        new(journal ?? Journal, pruner ?? Pruner, files ?? Files, options, Clock, logger ?? NullLogger.Instance);

    public async Task<bool> HasFloorAsync(string callId) => await Journal.ReadActorAsync("floor-" + callId, 1, default).AnyAsync();

    /// <summary>Moves what ended before now.</summary>
    public Task<ArchivingReport> ArchiveAsync(TimeSpan olderThan = default)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        return Archiver(Options(olderThan)).RunAsync(null, default);
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        _folder.Dispose();
    }
}
