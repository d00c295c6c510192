using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Shards;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>Making, changing and refusing tables; and what an operator is told when the journal cannot be opened.</summary>
public sealed class PostgresTablesTests
{
    private static readonly int Newest = PostgresMigrations.All[^1].Version;

    private readonly PostgresJournalOptions _options = new() { ConnectionString = PostgresServer.Shared.CreateDatabase() };

    [RequiresPostgresFact]
    public async Task An_empty_database_is_refused_with_what_to_run_unless_the_server_may_make_tables()
    {
        var failure = await RefusedAsync(_options);
        Assert.Contains("mcptt journal migrate", failure, StringComparison.Ordinal);
        Assert.Contains("data.migrate=true", failure, StringComparison.Ordinal);

        await using var journal = await PostgresJournalConformanceTests.OpenAsync(_options with { MayMigrate = true });
        await using var again = await PostgresJournalConformanceTests.OpenAsync(_options);
        Assert.Equal("", again.Failure);
    }

    [RequiresPostgresFact]
    public async Task Older_tables_are_brought_up_step_by_step_and_each_step_is_recorded()
    {
        JournalMigration next = new(Newest + 1, "a column", "ALTER TABLE live ADD COLUMN extra int");
        JournalMigration last = new(Newest + 2, "another", "ALTER TABLE live ADD COLUMN more int DEFAULT 7");
        await new PostgresTables(_options).MigrateAsync(default);
        var newer = new PostgresTables(_options, [.. PostgresMigrations.All, next, last]);

        Assert.Equal([next, last], (await newer.ReadStatusAsync(default)).Pending);
        var refused = await Assert.ThrowsAsync<JournalOpenException>(async () => await newer.EnsureAsync(default));
        Assert.Contains($"version {Newest}, this program needs {Newest + 2}", refused.Message, StringComparison.Ordinal);
        Assert.Equal([next, last], await newer.MigrateAsync(default));
        Assert.Empty(await newer.MigrateAsync(default));

        Assert.Equal(Enumerable.Range(1, Newest + 2), await ColumnAsync<int>("SELECT version FROM journal_schema ORDER BY version"));
        await ExecuteAsync("INSERT INTO live (persistence_id, handed_over, due_us, extra) VALUES ('ue-a', 1, 2, 3)");
        Assert.Equal([7], await ColumnAsync<int>("SELECT more FROM live"));
        Assert.Contains($"version {Newest + 2}, this program knows up to {Newest}", await RefusedAsync(_options), StringComparison.Ordinal);
    }

    [RequiresPostgresFact]
    public async Task Live_rows_of_the_first_version_get_the_key_of_their_shard()
    {
        string[] ids = ["ue-sip:alice@example.org", "ue-sip:jürgen@example.org", "group-sip:a-b-c@example.org", "call-7f", "floor-7f", "ue-\U0001F692", $"ue-{new string('x', 240)}"];
        await new PostgresTables(_options, [PostgresMigrations.All[0]]).MigrateAsync(default);
        foreach (var id in ids)
        {
            await ExecuteAsync($"INSERT INTO live VALUES ('{id}', 1, 2)");
        }

        await new PostgresTables(_options).MigrateAsync(default);

        Assert.Equal(ids.Select(id => (long)ShardKey.OfPersistenceId(id)), (await Task.WhenAll(ids.Select(id => ColumnAsync<long>($"SELECT shard_key FROM live WHERE persistence_id = '{id}'")))).Select(keys => keys[0]));
        Assert.Equal(ShardKey.OfPersistenceId("call-7f"), ShardKey.OfPersistenceId("floor-7f"));
    }

    [RequiresPostgresFact]
    public async Task A_live_row_that_a_program_of_the_first_version_still_writes_is_found_in_its_shard()
    {
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(_options with { MayMigrate = true });
        for (var i = 0; i < 8; i++)
        {
            await ExecuteAsync($"INSERT INTO live (persistence_id, handed_over, due_us) VALUES ('ue-{i}', 1, 2)");
        }

        var found = new List<string>();
        for (var shard = 0; shard < 4; shard++)
        {
            found.AddRange(await journal.ReadLiveAsync(ShardKey.RangeOf(shard, 4), default).Select(live => live.PersistenceId).ToListAsync());
        }

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"ue-{i}"), found.Order());
    }

    [RequiresPostgresFact]
    public async Task A_step_that_fails_leaves_the_tables_as_they_were()
    {
        JournalMigration broken = new(Newest + 1, "broken", "ALTER TABLE live ADD COLUMN extra int; SELECT 1 / 0");
        await new PostgresTables(_options).MigrateAsync(default);

        await Assert.ThrowsAsync<JournalOpenException>(async () => await new PostgresTables(_options, [.. PostgresMigrations.All, broken]).MigrateAsync(default));

        Assert.Equal(Enumerable.Range(1, Newest), await ColumnAsync<int>("SELECT version FROM journal_schema ORDER BY version"));
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(_options);
    }

    [RequiresPostgresFact]
    public async Task Of_many_that_make_the_tables_at_once_one_does_it()
    {
        var done = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => new PostgresTables(_options).MigrateAsync(default).AsTask()));

        Assert.Single(done, steps => steps.Count == PostgresMigrations.All.Count);
        Assert.Equal(5, done.Count(steps => steps.Count == 0));
    }

    [RequiresPostgresFact]
    public async Task The_status_tells_what_is_there()
    {
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(_options with { MayMigrate = true });
        await journal.AppendAsync(new JournalAppend("ue-a", [new JournalRow(1, [1], []), new JournalRow(2, [2], [])], DateTimeOffset.UnixEpoch, "w", new LiveMark(0, 0)));

        var status = await new PostgresTables(_options).ReadStatusAsync(default);

        Assert.Equal((2L, 1L, 0L, 2L), (status.Events, status.Live, status.Snapshots, status.LastOrdering));
        Assert.Equal(DateTimeOffset.UnixEpoch, status.LastWritten);
        Assert.Equal((PostgresMigrations.All[^1].Version, PostgresMigrations.All[^1].Version), (status.Version, status.Newest));
        Assert.True(status.Bytes > 0);
        Assert.StartsWith("PostgreSQL ", status.Database, StringComparison.Ordinal);
    }

    [RequiresPostgresFact]
    public async Task Where_no_host_may_be_written_to_that_is_said()
    {
        using var standby = PostgresServer.Create("default_transaction_read_only=on");
        var text = standby.ConnectionString("postgres").Replace($"Port={standby.Port};", "", StringComparison.Ordinal).Replace("Host=127.0.0.1", $"Host=127.0.0.1:{standby.Port},127.0.0.1:1", StringComparison.Ordinal);

        Assert.Contains("none of the hosts answers and may be written to", await RefusedAsync(new PostgresJournalOptions { ConnectionString = text }), StringComparison.Ordinal);
    }

    [RequiresPostgresFact]
    public async Task Another_programs_journal_is_left_alone()
    {
        await ExecuteAsync("CREATE TABLE journal (x int)");

        Assert.Contains("did not make", await RefusedAsync(_options with { MayMigrate = true }), StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync<int>("SELECT x FROM journal"));
    }

    [RequiresPostgresFact]
    public async Task What_is_wrong_with_the_way_to_it_is_said_with_what_to_do_and_without_the_password()
    {
        using var server = PostgresServer.Create();
        var text = server.CreateDatabase();
        await using (var admin = new NpgsqlConnection(text + ";Pooling=false"))
        {
            await admin.OpenAsync();
            await using var role = new NpgsqlCommand("CREATE ROLE nobody_special LOGIN; REVOKE CREATE ON SCHEMA public FROM public", admin);
            await role.ExecuteNonQueryAsync();
        }

        var options = new PostgresJournalOptions { ConnectionString = text, Password = "hush-hush", MayMigrate = true, ConnectTimeout = TimeSpan.FromSeconds(1) };
        string[] failures =
        [
            await RefusedAsync(options with { ConnectionString = text + "x" }),
            await RefusedAsync(options with { ConnectionString = text.Replace("Username=postgres", "Username=nobody", StringComparison.Ordinal) }),
            await RefusedAsync(options with { ConnectionString = text.Replace("Username=postgres", "Username=nobody_special", StringComparison.Ordinal) }),
            await RefusedAsync(options with { ConnectionString = "Host=127.0.0.1;Port=1;Username=postgres;Database=mcptt" }),
            await RefusedAsync(options with { ConnectionString = "Host=127.0.0.1:1,127.0.0.1:2;Username=postgres;Database=mcptt" }),
        ];
        string[] fixes = ["ops/postgres/setup.sql", "data.journal and the server's pg_hba.conf", "grant it to the role", "start it, or correct the host", "start it, or correct the host"];
        for (var i = 0; i < fixes.Length; i++)
        {
            Assert.Contains(fixes[i], failures[i], StringComparison.Ordinal);
            Assert.DoesNotContain("hush", failures[i], StringComparison.Ordinal);
        }
    }

    private static async Task<string> RefusedAsync(PostgresJournalOptions options)
    {
        await using var journal = new PostgresJournal(options, NullLogger<PostgresJournal>.Instance, TimeProvider.System);
        return (await Assert.ThrowsAsync<JournalOpenException>(async () => await journal.OpenAsync(default))).Message;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<T>> ColumnAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await rows.ReadAsync())
        {
            values.Add(rows.GetFieldValue<T>(0));
        }

        return values;
    }
}
