using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Calls;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>Orderings are drawn before their transactions commit: who reads on from the last one it saw must not pass over a transaction in progress.</summary>
public sealed class PostgresHorizonTests
{
    private const string Marks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = 'journal_ordering_seq'::regclass";

    private static readonly byte[] Message = "x"u8.ToArray();

    private readonly string _database = PostgresServer.Shared.CreateDatabase();

    [RequiresPostgresFact]
    public async Task A_reader_waits_before_a_transaction_in_progress_and_then_sees_it_in_its_place()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync(Append("ue-before"));
        await using var other = await BeginAsync();
        await InsertAsync(other, "ue-open");
        await journal.AppendAsync(Append("ue-after"));

        Assert.Equal(["ue-before"], await ReadAsync(journal, 0));
        Assert.Equal(["ue-before"], await journal.ReadTagAsync("tag", 0, default).Select(stored => stored.PersistenceId).ToListAsync());
        Assert.Equal(1, await journal.ReadLastOrderingAsync(default));
        Assert.Equal(["ue-after"], await journal.ReadActorAsync("ue-after", 1, default).Select(stored => stored.PersistenceId).ToListAsync());
        await ExecuteAsync(other, "COMMIT");

        Assert.Equal(["ue-open", "ue-after"], await ReadAsync(journal, 1));
        Assert.Equal(3, await journal.ReadLastOrderingAsync(default));
    }

    [RequiresPostgresFact]
    public async Task What_was_rolled_back_holds_nobody_up()
    {
        await using var journal = await OpenAsync();
        await using var other = await BeginAsync();
        await InsertAsync(other, "ue-open");
        await journal.AppendAsync(Append("ue-after"));
        Assert.Empty(await ReadAsync(journal, 0));

        await ExecuteAsync(other, "ROLLBACK");

        Assert.Equal(["ue-after"], await ReadAsync(journal, 0));
    }

    [RequiresPostgresFact]
    public async Task A_transaction_that_drew_its_ordering_long_after_it_began_holds_up_only_what_is_after_it()
    {
        await using var journal = await OpenAsync();
        await using var other = await BeginAsync();
        await ExecuteAsync(other, "CREATE TABLE elsewhere (x int)");
        for (var i = 0; i < 5; i++)
        {
            await journal.AppendAsync(Append($"ue-{i}"));
        }

        Assert.Equal(5, (await ReadAsync(journal, 0)).Count);
        await InsertAsync(other, "ue-open");
        await journal.AppendAsync(Append("ue-after"));

        Assert.Equal(5, (await ReadAsync(journal, 0)).Count);
    }

    /// <summary>The trigger leaves the journal's own writer alone: the mark is in its statement.</summary>
    [RequiresPostgresFact]
    public async Task What_the_journal_itself_is_still_writing_is_waited_for()
    {
        await using var journal = await OpenAsync();

        // Who holds the journal's append up, by a key that it also inserts, does so without a mark: no trigger is run for a replica's session.
        await using var holding = await BeginAsync();
        await ExecuteAsync(holding, "SET session_replication_role = replica");
        await InsertAsync(holding, "ue-own");
        var own = Task.Run(async () => await journal.AppendAsync(Append("ue-own")));
        await using var other = await BeginAsync();
        await Brigade.UntilAsync(async () => await ScalarAsync(other, "SELECT last_value FROM journal_ordering_seq") is 2L, "the journal draws its ordering");
        await InsertAsync(other, "ue-other");
        await ExecuteAsync(other, "COMMIT");

        Assert.Empty(await ReadAsync(journal, 0));
        await ExecuteAsync(holding, "ROLLBACK");

        Assert.Equal(AppendOutcome.Written, (await own).Outcome);
        Assert.Equal(["ue-own", "ue-other"], await ReadAsync(journal, 0));
    }

    [RequiresPostgresFact]
    public async Task A_writer_that_marks_what_it_inserts_itself_is_marked_by_no_trigger()
    {
        await using var journal = await OpenAsync();
        await using var other = await BeginAsync();
        await ExecuteAsync(other, "SET mcptt.marks_itself = 'on'");
        await InsertAsync(other, "ue-unmarked");
        Assert.Equal(0L, await ScalarAsync(other, Marks));

        await ExecuteAsync(other, "SET mcptt.marks_itself = 'no'");
        await InsertAsync(other, "ue-marked");
        Assert.Equal(1L, await ScalarAsync(other, Marks));
    }

    /// <summary>The law itself: whoever follows the journal, page by page, from the last ordering it saw, sees everything that was ever committed.</summary>
    [RequiresPostgresFact]
    public async Task A_follower_misses_nothing_of_writers_whose_transactions_overlap_at_random()
    {
        const int writers = 6;
        const int transactions = 60;
        var seed = Seed.Take();
        await using var journal = await OpenAsync();
        using var done = new CancellationTokenSource();
        var following = Task.Run(() => FollowAsync(journal, done.Token));

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(journal, writer, new Random(seed + writer), transactions))));
        await done.CancelAsync();

        var seen = await following;
        var stored = await journal.ReadAllAsync(0, default).Select(e => e.Ordering).ToListAsync();
        Assert.True(stored.Count > writers * transactions / 2, $"seed {seed}: only {stored.Count} rows");
        Assert.True(stored.SequenceEqual(seen), $"seed {seed}: missed {string.Join(", ", stored.Except(seen).Take(10))} of {stored.Count}");
    }

    private static async Task<List<long>> FollowAsync(PostgresJournal journal, CancellationToken done)
    {
        var seen = new List<long>();
        for (var last = false; ; last = done.IsCancellationRequested)
        {
            await foreach (var stored in journal.ReadAllAsync(seen.Count == 0 ? 0 : seen[^1], CancellationToken.None))
            {
                seen.Add(stored.Ordering);
            }

            if (last)
            {
                return seen;
            }
        }
    }

    private async Task WriteAsync(PostgresJournal journal, int writer, Random random, int transactions)
    {
        for (var i = 0; i < transactions; i++)
        {
            if (random.Next(2) == 0)
            {
                await journal.AppendAsync(Append($"ue-{writer}-{i}"));
                continue;
            }

            await using var other = await BeginAsync();
            for (var row = random.Next(1, 4); row > 0; row--)
            {
                await InsertAsync(other, $"ue-{writer}-{i}-{row}");
                await Task.Delay(random.Next(3));
            }

            await ExecuteAsync(other, random.Next(5) == 0 ? "ROLLBACK" : "COMMIT");
        }
    }

    private static async Task<List<string>> ReadAsync(PostgresJournal journal, long after) =>
        await journal.ReadAllAsync(after, default).Select(stored => stored.PersistenceId).ToListAsync();

    private static JournalAppend Append(string persistenceId) => new(persistenceId, [new JournalRow(1, Message, ["tag"])], DateTimeOffset.UnixEpoch, "writer", null);

    private Task<PostgresJournal> OpenAsync() =>
        PostgresJournalConformanceTests.OpenAsync(new PostgresJournalOptions { ConnectionString = _database, MayMigrate = true, WriteTimeout = TimeSpan.FromMinutes(1) });

    private async Task<NpgsqlConnection> BeginAsync()
    {
        var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await ExecuteAsync(connection, "BEGIN");
        return connection;
    }

    /// <summary>As any program would that knows nothing of marks.</summary>
    private static async Task InsertAsync(NpgsqlConnection connection, string persistenceId)
    {
        await using var command = new NpgsqlCommand("INSERT INTO journal (persistence_id, sequence_number, created, message) VALUES ($1, 1, 0, $2)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = persistenceId }, new NpgsqlParameter { Value = Message } },
        };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
