using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests;

/// <summary>kill -9 of PostgreSQL, postmaster and backends at one moment, while many actors commit: before, in the middle of and after commits.</summary>
public sealed class PostgresKillTests
{
    private const int Writers = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [RequiresPostgresFact]
    public async Task However_often_it_is_killed_under_a_living_engine_nothing_acknowledged_is_lost_or_doubled()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        using var server = PostgresServer.Create();
        var options = new PostgresJournalOptions { ConnectionString = server.CreateDatabase(), MayMigrate = true, RetryMax = TimeSpan.FromMilliseconds(400) };
        var writers = Enumerable.Range(0, Writers).Select(i => new Writer(i)).ToList();
        await using (var journal = await PostgresJournalConformanceTests.OpenAsync(options))
        {
            await using var node = await Node.StartAsync(journal, options: new EngineOptions { SnapshotEvery = 50 });
            for (var kill = 1; kill <= Kills.Count; kill++)
            {
                using var stop = new CancellationTokenSource();
                var before = writers.Sum(writer => writer.Acknowledged);
                var working = Task.WhenAll(writers.Select(writer => writer.RunAsync(node, stop.Token)));
                await Node.UntilAsync(() => writers.Sum(writer => writer.Acknowledged) > before + Writers, $"the engine to go on by itself before kill {kill}, seed {seed}");
                await Task.Delay(random.Next(0, 60));
                server.Kill();
                await stop.CancelAsync();
                await working;
                server.Start();
            }

            // What the last kill left without an answer is asked again.
            await Task.WhenAll(writers.Select(writer => writer.FinishAsync(node)));
        }

        await AssertHistoryAsync(options, writers, seed);
    }

    /// <summary>Whole histories, without any snapshot's help: every word once and in its order, every row's SHA-256 of the one before it.</summary>
    private static async Task AssertHistoryAsync(PostgresJournalOptions options, List<Writer> writers, int seed)
    {
        await using (var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("DELETE FROM snapshot", connection);
            await command.ExecuteNonQueryAsync();
        }

        await using var journal = await PostgresJournalConformanceTests.OpenAsync(options);
        await using var node = await Node.StartAsync(journal);
        foreach (var writer in writers)
        {
            var words = await node.WordsAsync(writer.Address);
            Assert.True(Enumerable.Range(0, writer.Acknowledged).Select(Writer.Word).SequenceEqual(words), $"seed {seed}: {writer.Address.Id} was acknowledged {writer.Acknowledged} words and has {words.Count}");
        }

        Assert.Equal(writers.Sum(writer => writer.Acknowledged), await journal.ReadAllAsync(0, default).CountAsync());
    }

    /// <summary>Sends one command after the other, each again with its id until it is answered, as a phone would.</summary>
    private sealed class Writer(int number)
    {
        private int _acknowledged;

        public ActorAddress Address { get; } = ActorAddresses.Ue($"sip:{number}@example.org");

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public static string Word(int i) => $"word{i}";

        public async Task RunAsync(Node node, CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                if (!await TryNextAsync(node))
                {
                    await Task.Delay(5, CancellationToken.None);
                }
            }
        }

        public async Task FinishAsync(Node node)
        {
            for (var start = TimeProvider.System.GetTimestamp(); !await TryNextAsync(node); await Task.Delay(20))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{Address.Id} is not answered any more");
            }
        }

        private async Task<bool> TryNextAsync(Node node)
        {
            var reply = await node.SendAsync(LedgerKind.Say(Address, $"c{_acknowledged}", Word(_acknowledged)));
            if (reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted)
            {
                Interlocked.Increment(ref _acknowledged);
                return true;
            }

            Assert.Equal(Reply.OutcomeOneofCase.Unavailable, reply.OutcomeCase);
            return false;
        }
    }
}
