using System.Diagnostics;
using Google.Protobuf;
using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Journal;

/// <summary>How long a node takes to stand again over a journal of 100 000 actors, of which a part must be in memory at once.</summary>
internal static class WarmStartBenchmark
{
    private const int Actors = 100_000;
    private const int Due = 2_000;
    private const int EventsEach = 20;

    public static async Task RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");
        try
        {
            var options = new SqliteJournalOptions { Path = Path.Combine(folder.FullName, "journal.db") };
            await FillAsync(options);
            await using var journal = new SqliteJournal(options, NullLogger<SqliteJournal>.Instance);
            await using var engine = new LocalEngine(
                new ActorKinds().Add(new TickKind()), journal, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
            var clock = Stopwatch.StartNew();
            await engine.StartAsync(CancellationToken.None);
            Console.WriteLine($"{Actors} live actors, {engine.Loaded} of {EventsEach} events each recovered: {clock.ElapsedMilliseconds} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(SqliteJournalOptions options)
    {
        await using var journal = new SqliteJournal(options with { QueueLimit = Actors, BatchLimit = Actors }, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(CancellationToken.None);
        var late = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await Task.WhenAll(Enumerable.Range(0, Actors).Select(i => Task.Run(async () =>
        {
            var count = i < Due ? EventsEach : 1;
            var append = new JournalAppend($"ue-sip:user{i:D6}@example.org", Rows(count), DateTimeOffset.UnixEpoch, "fill", new LiveMark(count, i < Due ? 0 : late));
            await journal.AppendAsync(append);
        })));
    }

    private static JournalRow[] Rows(int count)
    {
        var rows = new JournalRow[count];
        byte[] previous = [];
        for (var i = 0; i < count; i++)
        {
            var happened = new DomainEvent { Ue = new UeEvent { ClientSettingsChanged = new ClientSettingsChanged { ClientId = "a1b2c3d4" } } };
            var envelope = new EventEnvelope { Event = happened, CommandId = $"c{i}", Count = 1, PreviousSha256 = ByteString.CopyFrom(previous), Reply = new Reply { Accepted = new Accepted() } };
            var message = envelope.ToByteArray();
            previous = System.Security.Cryptography.SHA256.HashData(message);
            rows[i] = new JournalRow(i + 1, message, []);
        }

        return rows;
    }
}
