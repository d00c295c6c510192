using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Protocol.Messages;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>A PostgreSQL that goes away, stands still, comes back, refuses something.</summary>
public sealed class PostgresJournalTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [RequiresPostgresFact]
    public async Task While_the_server_is_away_everything_is_refused_at_once_and_goes_on_by_itself_when_it_is_back()
    {
        using var server = PostgresServer.Create();
        await using var journal = await OpenAsync(server);
        await using var node = await Node.StartAsync(journal);
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));

        server.Stop();
        await Node.UntilAsync(() => journal.Failure.Length > 0, "the journal to notice without being asked");
        var reply = await node.SayAsync("2", "two");
        Assert.Equal(UnavailableReason.Journal, reply.Unavailable.Reason);
        Assert.Contains($"127.0.0.1:{server.Port}", reply.Unavailable.Detail, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalReadException>(async () => await journal.ReadLastOrderingAsync(default));
        server.Start();

        await Node.UntilAsync(() => journal.Failure.Length == 0, "the journal to find the server again without being asked");
        Assert.Equal(Replies.Accepted, await node.SayAsync("2", "two"));
        Assert.Equal(["one", "two"], await node.WordsAsync());
        Assert.Equal(2, await journal.ReadLastOrderingAsync(default));
    }

    [RequiresPostgresFact]
    public async Task A_server_that_stands_still_is_a_failure_within_the_time_limit_and_what_it_finishes_later_is_found()
    {
        using var server = PostgresServer.Create();
        await using var journal = await OpenAsync(server);
        await using var node = await Node.StartAsync(journal, options: new EngineOptions { CommandDeadline = TimeSpan.FromMinutes(1) });
        Assert.Equal(Replies.Accepted, await node.SayAsync("1", "one"));

        server.Suspend();
        var reply = await node.SayAsync("2", "two").WaitAsync(TimeSpan.FromSeconds(20));
        server.Continue();

        Assert.Equal(UnavailableReason.Journal, reply.Unavailable.Reason);
        await Node.UntilAsync(() => journal.Failure.Length == 0, "the journal to find the server again");
        while ((reply = await node.SayAsync("2", "two")).OutcomeCase != Reply.OutcomeOneofCase.Accepted)
        {
            Assert.Contains(reply.Unavailable.Reason, new[] { UnavailableReason.Journal, UnavailableReason.Moved });
        }

        Assert.Equal(["one", "two"], await node.WordsAsync());
    }

    [RequiresPostgresFact]
    public async Task What_the_database_refuses_for_its_content_fails_alone()
    {
        await using var journal = await OpenAsync(PostgresServer.Shared);

        var results = await Task.WhenAll(new[] { "ue-a", "ue-\0", "ue-b" }.Select(id => journal.AppendAsync(Append(id, 1)).AsTask()));

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Failed, AppendOutcome.Written], results.Select(result => result.Outcome));
        Assert.Equal("", journal.Failure);
        Assert.Equal(["ue-a", "ue-b"], await journal.ReadPersistenceIdsAsync("", "", default).ToListAsync());
    }

    [RequiresPostgresFact]
    public async Task Of_several_hosts_the_one_that_may_be_written_to_is_used()
    {
        using var standby = PostgresServer.Create("default_transaction_read_only=on");
        var database = PostgresServer.Shared.CreateDatabase();
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(new PostgresJournalOptions
        {
            ConnectionString = $"Host=127.0.0.1:{standby.Port},127.0.0.1:1,127.0.0.1:{PostgresServer.Shared.Port};Username=postgres;Database={name}",
            MayMigrate = true,
        });

        Assert.Equal(AppendOutcome.Written, (await journal.AppendAsync(Append("ue-a", 1))).Outcome);
        Assert.Equal(1, await journal.ReadAllAsync(0, default).CountAsync());
    }

    [RequiresPostgresFact]
    public async Task A_batch_of_everything_is_one_transaction()
    {
        var options = new PostgresJournalOptions { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true };
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(options);
        await using var other = new NpgsqlConnection(options.ConnectionString);
        await other.OpenAsync();
        await using var trouble = new NpgsqlCommand(
            "CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trouble''; END';"
            + "CREATE TRIGGER trouble BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION trouble()",
            other);
        await trouble.ExecuteNonQueryAsync();

        var result = await journal.AppendAsync(Append("ue-a", 1) with { Live = new LiveMark(0, 1) });

        Assert.Equal(AppendOutcome.Failed, result.Outcome);
        Assert.Contains("trouble", result.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await journal.ReadAllAsync(0, default).CountAsync());
        Assert.Null((await journal.ReadStartAsync("ue-a", default)).Live);
    }

    [Fact]
    public void No_password_is_in_what_the_options_print()
    {
        var options = new PostgresJournalOptions { ConnectionString = "Host=db1,db2:5433;Database=calls;Username=mcptt;Password=hush", Password = "hush" };

        Assert.Equal("calls at db1:5432,db2:5433", $"{options}");
    }

    private static Task<PostgresJournal> OpenAsync(PostgresServer server) =>
        PostgresJournalConformanceTests.OpenAsync(new PostgresJournalOptions
        {
            ConnectionString = server.CreateDatabase(),
            MayMigrate = true,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            WriteTimeout = TimeSpan.FromSeconds(1),
            RetryMax = Short,
            ProbeEvery = Short,
        });

    private static JournalAppend Append(string persistenceId, long number) =>
        new(persistenceId, [new JournalRow(number, [1, 2, 3], ["tag"])], DateTimeOffset.UnixEpoch, "writer", null);
}
