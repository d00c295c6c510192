using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Journals;
using Mcptt.Testing.Postgres;

namespace Mcptt.Actors.Tests.Archives;

/// <summary>Tests over a journal that rows can be moved out of: whichever it is, readers see the same.</summary>
public abstract class ArchiveConformance
{
    private protected abstract Task<IJournal> OpenAsync(TemporaryFolder folder);

    private protected async Task<ArchiveScene> SceneAsync(Random? random = null)
    {
        var folder = new TemporaryFolder();
        return new ArchiveScene(await OpenAsync(folder), folder, random ?? new Random(1));
    }

    private protected static async Task<IJournal> SqliteAsync(TemporaryFolder folder) =>
        await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = folder.File("journal.db") });

    private protected static async Task<IJournal> PostgresAsync() =>
        await PostgresJournalConformanceTests.OpenAsync(new PostgresJournalOptions { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true });
}
