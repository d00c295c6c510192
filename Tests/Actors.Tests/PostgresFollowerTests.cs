using System.Text;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Journals;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests;

/// <summary>What only a server with many writers does to who follows: transactions that stay open for seconds, and a server that dies.</summary>
public sealed class PostgresFollowerTests
{
    private const string User = "sip:alice@example.org";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(3);
    private static readonly JournalFollowerOptions Quick = new() { PollInterval = TimeSpan.FromMilliseconds(20) };

    [RequiresPostgresFact]
    public async Task A_transaction_that_took_its_ordering_first_and_is_held_open_for_seconds_is_not_skipped()
    {
        var options = Database(PostgresServer.Shared);
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(options);
        await using var all = Following.Start(Following.Follower(journal, Quick));
        await using var user = Following.Start(Following.Follower(journal, Quick), EventTags.User(User));
        await AppendAsync(journal, "ue-before", 1);
        await using var open = await Transaction.BeginAsync(options);
        var held = await open.InsertAsync("ue-held", 1);
        for (var i = 1; i <= 200; i++)
        {
            // The writers are not held up.
            await AppendAsync(journal, "ue-after", i);
        }

        await Task.Delay(Held);
        Assert.Equal(["ue-before"], all.Taken.Select(stored => stored.PersistenceId));
        await open.EndAsync("COMMIT");

        await all.UntilAsync(202, "all");
        await user.UntilAsync(202, "the user's");
        Assert.Equal(held, all.Taken[1].Ordering);
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), all.Taken.Skip(2).Select(stored => stored.SequenceNumber));
        Assert.Equal(all.Taken.Select(stored => stored.Ordering), user.Taken.Select(stored => stored.Ordering));
    }

    [RequiresPostgresFact]
    public async Task Many_writers_some_of_whom_hold_their_transactions_open_or_roll_back_are_followed_without_gap_or_double()
    {
        const int writersOfEach = 8;
        const int holders = 6;
        var seed = Seed.Take();
        var options = Database(PostgresServer.Shared);
        await using var first = await PostgresJournalConformanceTests.OpenAsync(options);
        await using var second = await PostgresJournalConformanceTests.OpenAsync(options);
        await using var third = await PostgresJournalConformanceTests.OpenAsync(options);
        PostgresJournal[] opened = [first, second, third];
        await using var all = Following.Start(Following.Follower(first, Quick));
        await using var user = Following.Start(Following.Follower(second, Quick), EventTags.User(User));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(8));
        var writers = Enumerable.Range(0, opened.Length * writersOfEach).Select(writer => WriteAsync(opened[writer % opened.Length], writer, new Random(seed + writer), stop.Token));
        var holding = Enumerable.Range(0, holders).Select(holder => HoldAsync(options, holder, new Random(seed - 1 - holder), stop.Token));
        var written = (await Task.WhenAll(writers.Concat(holding))).Sum();

        var expected = await first.ReadAllAsync(0, default).Select(stored => stored.Ordering).ToListAsync();
        Assert.True(expected.Count == written && written > 1_000, $"seed {seed}: {written} were written, {expected.Count} are there");
        await all.UntilAsync(expected.Count, $"seed {seed}");
        await user.UntilAsync(expected.Count, $"of the user, seed {seed}");
        Assert.True(expected.SequenceEqual(all.Taken.Select(stored => stored.Ordering)), $"seed {seed}: all");
        Assert.True(expected.SequenceEqual(user.Taken.Select(stored => stored.Ordering)), $"seed {seed}: of the user");
    }

    [RequiresPostgresFact]
    public async Task It_goes_on_when_the_server_was_killed_and_is_there_again()
    {
        using var server = PostgresServer.Create();
        await using var journal = await PostgresJournalConformanceTests.OpenAsync(Database(server));
        await using var following = Following.Start(Following.Follower(journal, Quick with { RetryMax = TimeSpan.FromMilliseconds(200) }));
        for (var life = 0; life < 3; life++)
        {
            for (var i = 1; i <= 10; i++)
            {
                await AppendAsync(journal, "ue-a", (life * 10) + i);
            }

            await following.UntilAsync((life + 1) * 10, $"life {life}");
            server.Kill();
            await Task.Delay(100);
            server.Start();
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), following.Taken.Select(stored => stored.SequenceNumber));
    }

    private static PostgresJournalOptions Database(PostgresServer server) => new() { ConnectionString = server.CreateDatabase(), MayMigrate = true };

    private static async Task<int> WriteAsync(IJournal journal, int writer, Random random, CancellationToken stop)
    {
        var written = 0;
        while (!stop.IsCancellationRequested)
        {
            await AppendAsync(journal, $"ue-w{writer}", ++written);
            await Task.Delay(random.Next(0, 20), CancellationToken.None);
        }

        return written;
    }

    private static async Task<int> HoldAsync(PostgresJournalOptions options, int holder, Random random, CancellationToken stop)
    {
        var written = 0;
        while (!stop.IsCancellationRequested)
        {
            await using var open = await Transaction.BeginAsync(options);
            var rows = random.Next(1, 4);
            for (var row = 1; row <= rows; row++)
            {
                await open.InsertAsync($"ue-h{holder}", written + row);
                await Task.Delay(random.Next(10) == 0 ? random.Next(1_000, 2_500) : random.Next(0, 50), CancellationToken.None);
            }

            var isKept = random.Next(4) > 0;
            await open.EndAsync(isKept ? "COMMIT" : "ROLLBACK");
            written += isKept ? rows : 0;
        }

        return written;
    }

    /// <summary>Until it is written: after a failure, and after a kill that left unsaid whether it was.</summary>
    private static async Task AppendAsync(IJournal journal, string persistenceId, long sequenceNumber)
    {
        var row = new JournalRow(sequenceNumber, Encoding.UTF8.GetBytes($"{sequenceNumber}"), [EventTags.User(User)]);
        var append = new JournalAppend(persistenceId, [row], DateTimeOffset.UnixEpoch, "writer", null);
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(5))
        {
            var result = await journal.AppendAsync(append);
            if (result.Outcome is AppendOutcome.Written or AppendOutcome.Occupied)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"an append fails for long: {result.Detail}");
        }
    }

    /// <summary>A program that writes by plain SQL and takes its time.</summary>
    private sealed class Transaction(NpgsqlConnection connection) : IAsyncDisposable
    {
        public static async Task<Transaction> BeginAsync(PostgresJournalOptions options)
        {
            var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            var transaction = new Transaction(connection);
            await transaction.EndAsync("BEGIN");
            return transaction;
        }

        /// <summary>Its ordering.</summary>
        public async Task<long> InsertAsync(string persistenceId, long sequenceNumber)
        {
            const string sql =
                """
                WITH event AS (INSERT INTO journal (persistence_id, sequence_number, created, message) VALUES ($1, $2, 0, 'x') RETURNING ordering)
                INSERT INTO tags (ordering_id, tag, persistence_id, sequence_nr) SELECT ordering, $3, $1, $2 FROM event RETURNING ordering_id
                """;
            await using var command = new NpgsqlCommand(sql, connection)
            {
                Parameters = { new() { Value = persistenceId }, new() { Value = sequenceNumber }, new() { Value = EventTags.User(User) } },
            };
            return (long)(await command.ExecuteScalarAsync())!;
        }

        public async Task EndAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
