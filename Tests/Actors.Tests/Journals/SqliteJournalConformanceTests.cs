using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Tests.Journals;

public sealed class SqliteJournalConformanceTests : DurableJournalConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SqliteJournalOptions Options => new() { Path = _folder.File("journal.db") };

    public void Dispose() => _folder.Dispose();

    protected override async Task<IJournal> OpenAsync() => await SqliteJournalTests.OpenAsync(Options);

    protected override async Task<IJournal> OpenAsync(int queueLimit) =>
        await SqliteJournalTests.OpenAsync(Options with { QueueLimit = queueLimit, BusyTimeout = TimeSpan.FromMilliseconds(queueLimit > 2 ? 50 : 2_000) });

    protected override Task<IAsyncDisposable> HoldAsync()
    {
        var other = SqliteDatabase.Open(Options.Path, create: false);
        other.Execute("BEGIN IMMEDIATE");
        return Task.FromResult<IAsyncDisposable>(new Held(other));
    }

    private sealed class Held(SqliteDatabase database) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            database.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
