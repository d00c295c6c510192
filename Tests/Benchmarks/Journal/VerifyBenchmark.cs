using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// A sealed SQLite journal (1 000 000 events unless told otherwise) verified, beside reading its rows: by one bare statement, and by the journal's own reader.
/// The three take turns, so that a noisy machine disturbs all of them alike.
/// </summary>
internal static class VerifyBenchmark
{
    private const int DefaultEvents = 1_000_000;
    private const int DefaultRounds = 5;
    private const int Calls = 20_000;
    private const int EventsPerCommand = 2;
    private const int CommandsAtOnce = 1_000;

    private const string AllColumns = "SELECT ordering, persistence_id, sequence_number, created, message, manifest, writer_uuid, identifier, deleted, tags FROM journal ORDER BY ordering";

    public static async Task RunAsync(string[] args)
    {
        var events = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : DefaultEvents;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : DefaultRounds;
        var folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");
        using var key = SealKey.Create();
        try
        {
            var options = new SqliteJournalOptions { Path = Path.Combine(folder.FullName, "journal.db"), QueueLimit = 4 * CommandsAtOnce, BatchLimit = 4 * CommandsAtOnce };
            var clock = Stopwatch.StartNew();
            await FillAsync(options, key, events);
            Console.WriteLine($"{events:N0} events of {Math.Min(Calls, events):N0} calls written and sealed in {clock.Elapsed.TotalSeconds:F0} s; {new FileInfo(options.Path).Length / (1 << 20)} MiB");
            await CompareAsync(options, key, rounds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CompareAsync(SqliteJournalOptions options, SealKey key, int rounds)
    {
        var rates = new Dictionary<string, List<Measured>> { ["bare statement, all columns"] = [], ["the journal's reader"] = [], ["audit verify"] = [] };
        for (var round = 0; round <= rounds; round++)
        {
            Measured[] measured =
            [
                await MeasureAsync(() => Task.FromResult(ReadBare(options.Path))), await MeasureAsync(() => ReadAsync(options)), await MeasureAsync(() => VerifyAsync(options, key)),
            ];
            foreach (var (name, one) in rates.Keys.Zip(measured).Where(_ => round > 0))
            {
                rates[name].Add(one);
            }
        }

        var bare = rates.Values.First();
        foreach (var (name, of) in rates)
        {
            var rate = of.Select(one => one.RowsPerSecond / 1_000).ToList();
            var cpu = of.Select(one => one.CpuMicroseconds).ToList();
            Console.WriteLine(
                $"{name,-28} {Median(rate),6:F0} k rows/s ({rate.Min():F0}..{rate.Max():F0}), {Median(rate) * 1_000 / Median(bare.Select(one => one.RowsPerSecond)):F2} of bare; "
                + $"CPU {Median(cpu):F1} us a row ({cpu.Min():F1}..{cpu.Max():F1}), {Median(cpu) / Median(bare.Select(one => one.CpuMicroseconds)):F1} times bare");
        }

        Console.WriteLine($"peak memory of this process {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)} MiB, {rounds} rounds in turns after one that is not counted");
    }

    private static long ReadBare(string path)
    {
        using var file = SqliteDatabase.Open(path, create: false);
        using var rows = file.Prepare(AllColumns);
        long count = 0;
        while (rows.Step())
        {
            count += rows.Bytes(4).Length > 0 && rows.Text(1).Length > 0 && rows.Text(5).Length + rows.Text(6).Length > 0 && rows.Number(2) + rows.Number(3) + rows.Number(7) + rows.Number(8) > 0 ? 1 : 0;
        }

        return count;
    }

    private static async Task<long> ReadAsync(SqliteJournalOptions options)
    {
        using var journal = SqliteJournalReader.Open(options);
        long count = 0;
        await foreach (var stored in journal.ReadAllAsync(0, CancellationToken.None))
        {
            count += stored.Message.Length > 0 ? 1 : 0;
        }

        return count;
    }

    private static async Task<long> VerifyAsync(SqliteJournalOptions options, SealKey key)
    {
        using var journal = SqliteJournalReader.Open(options);
        var report = await new JournalVerifier(journal, journal, new VerifyOptions { Keys = [key.Public] }).VerifyAsync(null, CancellationToken.None);
        return report.IsClean ? report.Rows : throw new InvalidOperationException(string.Join('\n', report.Findings.Take(10)));
    }

    private static async Task FillAsync(SqliteJournalOptions options, SealKey key, int events)
    {
        await using var journal = new SqliteJournal(options, NullLogger<SqliteJournal>.Instance);
        await journal.OpenAsync(CancellationToken.None);
        var heads = new (long Number, byte[] Sha256)[Calls];
        Array.Fill(heads, (0, []));
        var sealer = new Sealer(journal, key, new SealerOptions(), TimeProvider.System, "0123456789abcdef");
        for (var command = 0; command * EventsPerCommand < events; command += CommandsAtOnce)
        {
            var appends = Enumerable.Range(command, Math.Min(CommandsAtOnce, (events / EventsPerCommand) - command)).Select(i => journal.AppendAsync(Command(i, heads)).AsTask());
            await Task.WhenAll(appends.ToList());
        }

        while (await sealer.SealAsync(CancellationToken.None) == SealOutcome.SealedFull)
        {
            // The next ten thousand.
        }
    }

    private static JournalAppend Command(int command, (long Number, byte[] Sha256)[] heads)
    {
        var call = command % Calls;
        var address = ActorAddresses.Call($"{call:x24}");
        var rows = new JournalRow[EventsPerCommand];
        for (var i = 0; i < rows.Length; i++)
        {
            var envelope = new EventEnvelope
            {
                Event = new DomainEvent { TimeUs = 1_700_000_000_000_000 + command, Call = new CallEvent { ParticipantLeft = Left(command) } },
                CommandId = $"sip:BYE:z9hG4bK{command:x16}:192.0.2.1:5060",
                CorrelationId = $"sip:INVITE:z9hG4bK{call:x16}:192.0.2.1:5060",
                OnBehalfOf = $"sip:user{command % 5_000}@example.org",
                PreviousSha256 = ByteString.CopyFrom(heads[call].Sha256),
                Index = (uint)i,
                Count = (uint)rows.Length,
            };
            var message = envelope.ToByteArray();
            heads[call] = (heads[call].Number + 1, SHA256.HashData(message));
            rows[i] = new JournalRow(heads[call].Number, message, EventTags.Of(address, envelope));
        }

        return new JournalAppend(address.PersistenceId(), rows, DateTimeOffset.UnixEpoch.AddMilliseconds(command), "0123456789abcdef", null);
    }

    private static ParticipantLeft Left(int command) =>
        new()
        {
            Leg = (uint)(command % 12) + 1,
            Bye = new Dialog { CallId = $"{command % Calls:x24}.{command % 12}@mcptt", Local = "<sip:brigade@example.org>;tag=c0123456789abcdefl1", Remote = "<sip:user@example.org>;tag=3f2a9c", RemoteTarget = "sip:user@192.0.2.7:5060" },
        };

    // A machine that others use as well shows by the processor's time what it hides by the clock's.
    private static async Task<Measured> MeasureAsync(Func<Task<long>> read)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var rows = await read();
        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();
        return new Measured(rows / seconds, (process.TotalProcessorTime - before).TotalMicroseconds / rows);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private readonly record struct Measured(double RowsPerSecond, double CpuMicroseconds);
}
