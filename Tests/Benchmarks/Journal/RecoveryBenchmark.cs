using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors;
using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Benchmarks.Calls;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// How long the first answer of an actor takes that is not in memory, with 10, 1 000 and 100 000 events, with its snapshot and without; beside reading the same rows by the
/// database's own client and looking at nothing. And how long a node takes over 100 000 actors that must all be in memory.
/// </summary>
internal static class RecoveryBenchmark
{
    private const int Rounds = 9;
    private const int Actors = 100_000;
    private const int EventsOfEach = 5;
    private const int RowsOfAppend = 500;

    // As the engine leaves it at worst: a snapshot each 500 events.
    private const int MostBeyondSnapshot = 499;

    public static async Task RunAsync(string[] args)
    {
        foreach (var database in BenchmarkDatabase.Of(args))
        {
            using (database)
            {
                Console.WriteLine($"{database.Name}: milliseconds, median (minimum..maximum) of {Rounds}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
                foreach (var events in (int[])[10, 1_000, 100_000])
                {
                    await OneActorAsync(database, events);
                }

                await ManyActorsAsync(database);
            }
        }
    }

    private static async Task OneActorAsync(BenchmarkDatabase database, int events)
    {
        var name = $"one{events}";
        await using var journal = await database.OpenAsync(name);
        var address = ActorAddresses.Ue($"sip:user{events}@example.org");
        var rows = Rows(events);
        for (var from = 0; from < events; from += RowsOfAppend)
        {
            await WriteAsync(journal, address.PersistenceId(), rows[from..Math.Min(events, from + RowsOfAppend)], null);
        }

        List<double> whole = [], raw = [], shortened = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var answer = await AnswerAsync(journal, address);
            var start = Stopwatch.GetTimestamp();
            database.ReadBare(name, address.PersistenceId());
            Add(round, (whole, answer), (raw, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }

        var last = events - Math.Min(events / 2, MostBeyondSnapshot);
        journal.TryPost(new SnapshotNote(address.PersistenceId(), last, Snapshot(address.PersistenceId(), last, rows[last - 1].Message), DateTimeOffset.UnixEpoch));
        await journal.FlushAsync();
        for (var round = 0; round <= Rounds; round++)
        {
            Add(round, (shortened, await AnswerAsync(journal, address)));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {events,7} events: whole {Text(whole)}  with snapshot and {events - last} after it {Text(shortened)}  bare read {Text(raw)}  {events / Latencies.Quantile(whole, 0.5) * 1000:F0} events/s"));
    }

    private static async Task ManyActorsAsync(BenchmarkDatabase database)
    {
        await using var journal = await database.OpenAsync("many");
        var rows = Rows(EventsOfEach);
        await Parallel.ForAsync(0, Actors, new ParallelOptions { MaxDegreeOfParallelism = 2_000 }, async (i, _) =>
            await WriteAsync(journal, $"ue-sip:user{i:D6}@example.org", rows, new LiveMark(EventsOfEach, 0)));
        for (var round = 0; round < 3; round++)
        {
            await using var engine = new LocalEngine(new ActorKinds().Add(new TickKind()), journal, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
            var start = Stopwatch.GetTimestamp();
            await engine.StartAsync(CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {engine.Loaded} actors of {EventsOfEach} events: {seconds:F1} s, {engine.Loaded / seconds:F0} actors/s, {engine.Loaded * EventsOfEach / seconds:F0} events/s, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
        }
    }

    /// <summary>The first answer, which writes nothing, of a node that has only just started.</summary>
    private static async Task<double> AnswerAsync(IJournal journal, ActorAddress address)
    {
        // It must write no snapshot of its own: the next round would read that.
        var options = new EngineOptions { CommandDeadline = TimeSpan.FromMinutes(5), SnapshotEvery = int.MaxValue };
        await using var engine = new LocalEngine(new ActorKinds().Add(new TickKind()), journal, options, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        var reply = await engine.SendAsync(new Command { CommandId = "get", To = address, Ue = new UeCommand { GetUe = new GetUe() } }, CancellationToken.None);
        return reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted && engine.Metrics.BadSnapshots == 0
            ? Stopwatch.GetElapsedTime(start).TotalMilliseconds
            : throw new InvalidOperationException($"no answer: {reply}");
    }

    private static async Task WriteAsync(IJournal journal, string persistenceId, IReadOnlyList<JournalRow> rows, LiveMark? live)
    {
        var result = await journal.AppendAsync(new JournalAppend(persistenceId, rows, DateTimeOffset.UnixEpoch, "fill", live));
        if (result.Outcome != AppendOutcome.Written)
        {
            throw new InvalidOperationException($"not written: {result}");
        }
    }

    // The first of a row of rounds is the one in which code is compiled.
    private static void Add(int round, params (List<double> To, double Milliseconds)[] measured)
    {
        foreach (var (to, milliseconds) in measured.Where(_ => round > 0))
        {
            to.Add(milliseconds);
        }
    }

    private static string Text(List<double> milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Latencies.Quantile(milliseconds, 0.5):F2} ({milliseconds.Min():F2}..{milliseconds.Max():F2})");

    private static JournalRow[] Rows(int count)
    {
        var rows = new JournalRow[count];
        byte[] previous = [];
        for (var i = 0; i < count; i++)
        {
            var envelope = new EventEnvelope
            {
                Event = new DomainEvent { TimeUs = 1, Ue = new UeEvent { ClientSettingsChanged = new ClientSettingsChanged { ClientId = "a1b2c3d4", ManualAnswer = true } } },
                CommandId = $"sip:REGISTER:z9hG4bK{i}:192.0.2.1:5060",
                CorrelationId = $"sip:REGISTER:z9hG4bK{i}:192.0.2.1:5060",
                OnBehalfOf = "sip:user@example.org",
                Count = 1,
                PreviousSha256 = ByteString.CopyFrom(previous),
                Reply = new Reply { Accepted = new Accepted() },
            };
            var message = envelope.ToByteArray();
            previous = SHA256.HashData(message);
            rows[i] = new JournalRow(i + 1, message, []);
        }

        return rows;
    }

    private static byte[] Snapshot(string persistenceId, int sequenceNumber, byte[] lastMessage) =>
        SnapshotFormat.Write(new SnapshotContent
        {
            PersistenceId = persistenceId,
            SequenceNumber = sequenceNumber,
            StateVersion = 1,
            State = new TickKind().Save(sequenceNumber),
            HandedOver = sequenceNumber,
            LastSha256 = ByteString.CopyFrom(SHA256.HashData(lastMessage)),
        });
}
