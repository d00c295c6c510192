using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

public sealed class PostgresJournalConformanceTests : DurableJournalConformance
{
    private readonly PostgresJournalOptions _options = new() { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true };

    protected override async Task<IJournal> OpenAsync() => await OpenAsync(_options);

    protected override async Task<IJournal> OpenAsync(int queueLimit) =>
        await OpenAsync(_options with { QueueLimit = queueLimit, WriteTimeout = TimeSpan.FromMilliseconds(queueLimit > 2 ? 50 : 2_000) });

    protected override async Task<IAsyncDisposable> HoldAsync()
    {
        var other = new NpgsqlConnection(_options.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE journal IN EXCLUSIVE MODE", other);
        await command.ExecuteNonQueryAsync();
        return other;
    }

    internal static async Task<PostgresJournal> OpenAsync(PostgresJournalOptions options)
    {
        var journal = new PostgresJournal(options, NullLogger<PostgresJournal>.Instance, TimeProvider.System);
        await journal.OpenAsync(CancellationToken.None);
        return journal;
    }
}
