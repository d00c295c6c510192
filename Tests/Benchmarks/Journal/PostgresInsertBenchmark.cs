using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// How a group commit gets into PostgreSQL (decision 7): arrays in one statement, binary COPY, or a statement for each row; and whether an idle append
/// is better written by its caller. The argument is the connection string of an empty database.
/// </summary>
internal static class PostgresInsertBenchmark
{
    private const int Rounds = 7;
    private const int RowsEach = 4_000;
    private const int MaxBatches = 300;
    private const int MessageBytes = 300;
    private const int IdleAppends = 1_000;

    private static readonly int[] BatchSizes = [1, 10, 100, 1_000];
    private static readonly byte[] Message = [.. Enumerable.Range(0, MessageBytes).Select(i => (byte)(i * 7))];
    private static int _actors;

    public static async Task RunAsync(string[] args)
    {
        if (args is not [var connectionString])
        {
            await Console.Error.WriteLineAsync("usage: ... -- postgres-insert \"Host=...;Database=EMPTY;Username=...\"");
            return;
        }

        var options = new PostgresJournalOptions { ConnectionString = connectionString, MayMigrate = true };
        await new PostgresTables(options).MigrateAsync(CancellationToken.None);
        using (var sources = new PostgresSources(options))
        using (var copying = sources.Reading.OpenConnection())
        using (var statements = sources.Reading.OpenConnection())
        using (var arrays = new PostgresWriter(sources.Writing, options, NullLogger.Instance))
        {
            Compare([("arrays", batch => arrays.Write(batch)), ("COPY", new PostgresCopy(copying).Write), ("rows", new PostgresRows(statements).Write)]);
        }

        await CompareCallersAsync(options);
    }

    private static void Compare((string Name, Action<IReadOnlyList<JournalEntry>> Write)[] ways)
    {
        foreach (var size in BatchSizes)
        {
            var batches = Math.Min(MaxBatches, RowsEach / size);
            var times = ways.ToDictionary(way => way.Name, _ => new List<double>());
            for (var round = -1; round < Rounds; round++)
            {
                foreach (var (name, write) in ways)
                {
                    var prepared = Enumerable.Range(0, batches).Select(_ => Batch(size)).ToList();
                    var start = Stopwatch.GetTimestamp();
                    prepared.ForEach(write);
                    if (round >= 0)
                    {
                        times[name].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / batches);
                    }
                }
            }

            Console.WriteLine(string.Join("   ", ways.Select(way => $"{way.Name} {Show(times[way.Name])} ms")) + $"   per batch of {size}");
        }
    }

    private static async Task CompareCallersAsync(PostgresJournalOptions options)
    {
        await using var thread = await OpenAsync(options with { CallerMayWrite = false });
        await using var caller = await OpenAsync(options);
        foreach (var busy in new[] { 1, 16, 64 })
        {
            var byThread = new List<double[]>();
            var byCaller = new List<double[]>();
            for (var round = -1; round < Rounds; round++)
            {
                var one = await LatenciesAsync(thread, busy);
                var other = await LatenciesAsync(caller, busy);
                if (round >= 0)
                {
                    byThread.Add(one);
                    byCaller.Add(other);
                }
            }

            Console.WriteLine($"{busy} at once: by the thread p50 {Show(At(byThread, 0.5))} p99 {Show(At(byThread, 0.99))} ms; by the caller p50 {Show(At(byCaller, 0.5))} p99 {Show(At(byCaller, 0.99))} ms");
        }
    }

    private static async Task<double[]> LatenciesAsync(PostgresJournal journal, int busy)
    {
        var latencies = await Task.WhenAll(Enumerable.Range(0, busy).Select(_ => Task.Run(async () =>
        {
            var own = new double[IdleAppends / busy];
            for (var i = 0; i < own.Length; i++)
            {
                var append = Append();
                var start = Stopwatch.GetTimestamp();
                var result = await journal.AppendAsync(append);
                own[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (result.Outcome != AppendOutcome.Written)
                {
                    throw new InvalidOperationException(result.ToString());
                }
            }

            return own;
        })));
        return [.. latencies.SelectMany(own => own).Order()];
    }

    private static List<double> At(List<double[]> rounds, double share) => rounds.ConvertAll(sorted => sorted[(int)(sorted.Length * share)]);

    private static string Show(List<double> values)
    {
        var sorted = values.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2]:F2} ({sorted[0]:F2}..{sorted[^1]:F2})");
    }

    private static async Task<PostgresJournal> OpenAsync(PostgresJournalOptions options)
    {
        var journal = new PostgresJournal(options, NullLogger<PostgresJournal>.Instance, TimeProvider.System);
        await journal.OpenAsync(CancellationToken.None);
        return journal;
    }

    private static List<JournalEntry> Batch(int size) => [.. Enumerable.Range(0, size).Select(_ => new JournalEntry(Append(), null, null))];

    private static JournalAppend Append()
    {
        var id = Interlocked.Increment(ref _actors);
        return new JournalAppend(
            $"floor-{id:x24}", [new JournalRow(1, Message, [$"call:{id:x24}", $"user:sip:alice{id % 1000}@example.org", "group:sip:brigade@example.org"])], DateTimeOffset.UnixEpoch, "0123456789abcdef", null);
    }
}

/// <summary>The same rows by binary COPY: orderings first, because COPY returns none.</summary>
internal sealed class PostgresCopy(NpgsqlConnection connection)
{
    public void Write(IReadOnlyList<JournalEntry> batch)
    {
        var appends = batch.Select(entry => entry.Append!).ToList(); // The benchmark makes no others.
        using var transaction = connection.BeginTransaction();
        var orderings = Draw(appends.Count);
        using (var rows = connection.BeginBinaryImport(
            "COPY journal (ordering, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) FROM STDIN (FORMAT BINARY)"))
        {
            for (var i = 0; i < appends.Count; i++)
            {
                rows.WriteRow(
                    orderings[i], appends[i].PersistenceId, appends[i].Rows[0].SequenceNumber, appends[i].Created.UtcTicks, appends[i].Rows[0].Message, JournalFormat.SerializerId, JournalFormat.EventManifest, appends[i].WriterUuid);
            }

            rows.Complete();
        }

        using (var tags = connection.BeginBinaryImport("COPY tags (ordering_id, tag, persistence_id, sequence_nr) FROM STDIN (FORMAT BINARY)"))
        {
            for (var i = 0; i < appends.Count; i++)
            {
                foreach (var tag in appends[i].Rows[0].Tags)
                {
                    tags.WriteRow(orderings[i], tag, appends[i].PersistenceId, appends[i].Rows[0].SequenceNumber);
                }
            }

            tags.Complete();
        }

        transaction.Commit();
    }

    private List<long> Draw(int count)
    {
        using var command = new NpgsqlCommand("SELECT nextval('journal_ordering_seq') FROM generate_series(1, $1)", connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = count } } };
        using var answer = command.ExecuteReader();
        var orderings = new List<long>();
        while (answer.Read())
        {
            orderings.Add(answer.GetInt64(0));
        }

        return orderings;
    }
}

/// <summary>The same rows by one statement each, sent together.</summary>
internal sealed class PostgresRows(NpgsqlConnection connection)
{
    private const string Insert =
        """
        WITH row AS (INSERT INTO journal (persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ordering)
        INSERT INTO tags SELECT row.ordering, t, $1, $2 FROM row, unnest($8) t
        """;

    public void Write(IReadOnlyList<JournalEntry> batch)
    {
        using var statements = new NpgsqlBatch(connection);
        foreach (var append in batch.Select(entry => entry.Append!)) // The benchmark makes no others.
        {
            statements.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = append.PersistenceId },
                    new NpgsqlParameter<long> { TypedValue = append.Rows[0].SequenceNumber },
                    new NpgsqlParameter<long> { TypedValue = append.Created.UtcTicks },
                    new NpgsqlParameter<byte[]> { TypedValue = append.Rows[0].Message },
                    new NpgsqlParameter<int> { TypedValue = JournalFormat.SerializerId },
                    new NpgsqlParameter<string> { TypedValue = JournalFormat.EventManifest },
                    new NpgsqlParameter<string> { TypedValue = append.WriterUuid },
                    new NpgsqlParameter<string[]> { TypedValue = [.. append.Rows[0].Tags] },
                },
            });
        }

        statements.ExecuteNonQuery();
    }
}
