using System.Diagnostics;
using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Benchmarks.Journal.Bare;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// Decide, append and reply per command with the SQLite journal at 1, 16 and 256 actors, each of which sends its next
/// command when it has the last one's reply; against the same rows by raw SQLite in batches of the size that the group
/// commit happened to make. Both sides take turns within one run; the figure that counts is the ratio. Arguments: other numbers of actors.
/// </summary>
internal static class JournalBenchmark
{
    // Many short turns: what else the machine does to its disk then meets both sides alike.
    private const int Rounds = 41;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");
        try
        {
            Console.WriteLine("actors  commands/s  raw rows/s  batch  ratio (median of rounds; 10 %, 90 %)  in memory/s");
            foreach (var actors in args.Length > 0 ? [.. args.Select(int.Parse)] : (int[])[1, 16, 256])
            {
                await CompareAsync(folder.FullName, actors);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CompareAsync(string folder, int actors)
    {
        using var batches = new BatchSizes();
        await using var journal = new SqliteJournal(
            new SqliteJournalOptions { Path = Path.Combine(folder, $"engine{actors}.db") }, NullLogger<SqliteJournal>.Instance);
        await using var engine = await StartAsync(journal);
        await using var memory = await StartAsync(new InMemoryJournal());
        using var raw = new BareSqlite(new SqliteJournalOptions { Path = Path.Combine(folder, $"raw{actors}.db") });
        await DriveAsync(engine, actors, "warm", WarmTime);

        // The raw side too, or its log would still grow while the engine's is written over.
        WriteRaw(raw, await journal.ReadAllAsync(0, default).ToArrayAsync(), Math.Max(1, (int)Math.Round(batches.Average)));
        var rates = new List<(double Engine, double Raw, double Memory)>();
        var sizes = new List<double>();
        long done = await journal.ReadLastOrderingAsync(default);
        for (var round = 0; round < Rounds; round++)
        {
            batches.Reset();
            var engineRate = await DriveAsync(engine, actors, $"round{round}", RoundTime);
            var size = Math.Max(1, (int)Math.Round(batches.Average));
            sizes.Add(size);
            var rows = await journal.ReadAllAsync(done, default).ToArrayAsync();
            done += rows.Length;
            rates.Add((engineRate, WriteRaw(raw, rows, size), await DriveAsync(memory, actors, $"memory{round}", RoundTime / 4)));
        }

        var ratios = rates.ConvertAll(rate => rate.Engine / rate.Raw).Order().ToList();
        Console.WriteLine(
            $"{actors,6}  {Median(rates.Select(rate => rate.Engine)),10:F0}  {Median(rates.Select(rate => rate.Raw)),10:F0}  {Median(sizes),5:F0}  "
            + $"{Median(ratios),5:F2} ({ratios[Rounds / 10]:F2}, {ratios[Rounds * 9 / 10]:F2})  {Median(rates.Select(rate => rate.Memory)),10:F0}");
    }

    private static async Task<LocalEngine> StartAsync(IJournal journal)
    {
        var engine = new LocalEngine(new ActorKinds().Add(new TickKind()), journal, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    private static async Task<double> DriveAsync(LocalEngine engine, int actors, string name, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, actors).Select(actor => Task.Run(() => DriveOneAsync(engine, actor, name, clock, time))));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<int> DriveOneAsync(LocalEngine engine, int actor, string name, Stopwatch clock, TimeSpan time)
    {
        var address = ActorAddresses.Ue($"sip:user{actor:D4}@example.org");
        var count = 0;
        while (clock.Elapsed < time)
        {
            var command = new Command
            {
                CommandId = $"sip:REGISTER:z9hG4bK{name}{count}:192.0.2.1:5060",
                To = address,
                OnBehalfOf = address.Id,
                Ue = new UeCommand { PublishSettings = new PublishSettings { ClientId = "a1b2c3d4" } },
            };
            var reply = await engine.SendAsync(command, CancellationToken.None);
            if (reply.OutcomeCase != Reply.OutcomeOneofCase.Accepted)
            {
                throw new InvalidOperationException($"not accepted: {reply}");
            }

            count++;
        }

        return count;
    }

    private static double WriteRaw(BareSqlite raw, StoredEvent[] rows, int size)
    {
        var clock = Stopwatch.StartNew();
        for (var from = 0; from < rows.Length; from += size)
        {
            raw.Write(rows.AsSpan(from, Math.Min(size, rows.Length - from)));
        }

        return rows.Length / clock.Elapsed.TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
