using Mcptt.Actors.Journals.Postgres;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>Sealing and archiving are done by one of the servers that share a journal.</summary>
public sealed class PostgresDutyTests : IAsyncLifetime
{
    private readonly PostgresJournalOptions _options = new() { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true };

    public async Task InitializeAsync()
    {
        await using var journal = new PostgresJournal(_options, NullLogger<PostgresJournal>.Instance, TimeProvider.System);
        await journal.OpenAsync(default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [RequiresPostgresFact]
    public async Task Who_asks_first_keeps_it_until_it_ends_and_another_work_is_another_duty()
    {
        await using var one = new PostgresDuty(_options, JournalWork.Sealing);
        await using var two = new PostgresDuty(_options, JournalWork.Sealing);
        await using var archiver = new PostgresDuty(_options, JournalWork.Archiving);

        Assert.True(await one.IsMineAsync(default));
        Assert.False(await two.IsMineAsync(default));
        Assert.True(await one.IsMineAsync(default));
        Assert.True(await archiver.IsMineAsync(default));

        await one.DisposeAsync();
        await UntilAsync(two);
    }

    [RequiresPostgresFact]
    public async Task With_its_session_a_server_loses_it_and_may_have_it_again()
    {
        await using var one = new PostgresDuty(_options, JournalWork.Sealing);
        await using var two = new PostgresDuty(_options, JournalWork.Sealing);
        Assert.True(await one.IsMineAsync(default));
        await using (var source = NpgsqlDataSource.Create(_options.ConnectionString))
        await using (var end = source.CreateCommand("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'mcptt sealing'"))
        {
            await end.ExecuteNonQueryAsync();
        }

        Assert.True(await two.IsMineAsync(default));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await one.IsMineAsync(default));
        Assert.False(await one.IsMineAsync(default));
        await two.DisposeAsync();
        await UntilAsync(one);
    }

    // The database learns of the end of a session a moment later.
    private static async Task UntilAsync(PostgresDuty duty)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await duty.IsMineAsync(patience.Token))
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
