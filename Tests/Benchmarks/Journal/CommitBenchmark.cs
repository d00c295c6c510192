using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors.Journals;
using Mcptt.Benchmarks.Calls;
using Mcptt.Benchmarks.Journal.Bare;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// Events per second and commit latency of the journal at 1, 64 and 1 024 actors, each of which appends its next event when the last one is durable; beside the same
/// number of like rows by the database's own client, one connection, in batches of the size that the journal happened to make. All take turns within one
/// run. A latency of the bare side is that of a transaction; one of the journal's is that of an append, which at more than one actor also waits for the
/// transaction before its own.
/// </summary>
internal static class CommitBenchmark
{
    // Many short turns: what else the machine does to its disk then meets all sides alike.
    private const int Rounds = 41;
    private const int MessageBytes = 250;

    private static readonly byte[][] Messages = MakeMessages();
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(string[] args)
    {
        foreach (var database in BenchmarkDatabase.Of(args))
        {
            using (database)
            {
                foreach (var actors in (int[])[1, 64, 1_024])
                {
                    await CompareAsync(database, actors);
                }
            }
        }
    }

    private static async Task CompareAsync(BenchmarkDatabase database, int actors)
    {
        using var batches = new BatchSizes();
        await using var journal = await database.OpenAsync($"commit{actors}");
        Side[] bare = [.. database.OpenBare($"commit{actors}").Select(writer => new Side(writer))];
        var ours = new Side(null);
        var numbers = new long[actors];
        await AppendAsync(journal, numbers, WarmTime, ours);
        ours.Clear();
        Array.ForEach(bare, side => side.Write(2_000, Math.Max(1, batches.Average), actors));
        Array.ForEach(bare, side => side.Clear());
        var sizes = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            batches.Reset();
            var rows = await AppendAsync(journal, numbers, RoundTime, ours);
            sizes.Add(batches.Average);
            Array.ForEach(bare, side => side.Write(rows, Math.Max(1, batches.Average), actors));
        }

        Print(database, actors, ours, bare, sizes);
        Array.ForEach(bare, side => side.Dispose());
    }

    private static async Task<int> AppendAsync(IJournal journal, long[] numbers, TimeSpan time, Side side)
    {
        var clock = Stopwatch.StartNew();
        var latencies = new ConcurrentBag<double[]>();
        await Task.WhenAll(Enumerable.Range(0, numbers.Length).Select(actor => Task.Run(async () => latencies.Add(await AppendAsync(journal, numbers, actor, clock, time)))));
        var all = latencies.SelectMany(of => of).ToArray();
        side.Add(all.Length / clock.Elapsed.TotalSeconds, all);
        return all.Length;
    }

    private static async Task<double[]> AppendAsync(IJournal journal, long[] numbers, int actor, Stopwatch clock, TimeSpan time)
    {
        var latencies = new List<double>();
        var id = IdOf(actor);
        while (clock.Elapsed < time)
        {
            var start = Stopwatch.GetTimestamp();
            var row = new JournalRow(++numbers[actor], Message(numbers[actor]), [EventTags.User(id[3..])]);
            var result = await journal.AppendAsync(new JournalAppend(id, [row], DateTimeOffset.UnixEpoch, "0123456789abcdef", null));
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            if (result.Outcome != AppendOutcome.Written)
            {
                throw new InvalidOperationException($"not written: {result}");
            }
        }

        return [.. latencies];
    }

    private static string IdOf(int actor) => $"ue-sip:user{actor:D4}@example.org";

    private static byte[] Message(long number) => Messages[number % Messages.Length];

    private static byte[][] MakeMessages()
    {
        // As large as the envelope of a small event, and as little to compress.
        var random = new Random(24379);
        var messages = new byte[64][];
        for (var i = 0; i < messages.Length; i++)
        {
            random.NextBytes(messages[i] = new byte[MessageBytes]);
        }

        return messages;
    }

    private static void Print(BenchmarkDatabase database, int actors, Side ours, Side[] bare, List<double> sizes)
    {
        var best = bare.MaxBy(side => side.Rate)!; // One at least.
        var ratios = ours.Rates.Zip(best.Rates, (one, other) => one / other).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{database.Name}, {actors} actors, batches of {Latencies.Quantile(sizes, 0.5):F0}: {Latencies.Quantile(ratios, 0.5):F2} of {best.Name} ({Latencies.Quantile(ratios, 0.1):F2}, {Latencies.Quantile(ratios, 0.9):F2}), load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
        Console.WriteLine($"  journal  {ours}");
        foreach (var side in bare)
        {
            Console.WriteLine($"  {side.Name,-8} {side}");
        }
    }

    /// <summary>What one side did in all rounds.</summary>
    private sealed class Side(IBareWriter? writer) : IDisposable
    {
        private readonly List<double> _rates = [];
        private readonly List<double> _latencies = [];
        private readonly Dictionary<int, long> _numbers = [];

        public string Name => writer?.Name ?? "journal";

        public IReadOnlyList<double> Rates => _rates;

        public double Rate => Latencies.Quantile(_rates, 0.5);

        public void Add(double rate, IEnumerable<double> latencies)
        {
            _rates.Add(rate);
            _latencies.AddRange(latencies);
        }

        public void Clear()
        {
            _rates.Clear();
            _latencies.Clear();
        }

        public void Write(int rows, double batch, int actors)
        {
            var clock = Stopwatch.StartNew();
            var latencies = new List<double>();
            var written = 0;
            for (var due = batch; written < rows; due += batch)
            {
                // Averages are fractions: 1.4 is 1, 2, 1, 1, 2.
                var start = Stopwatch.GetTimestamp();
                var size = Math.Min(rows, (int)Math.Round(due)) - written;
                writer!.Write(Rows(written, size, actors)); // The journal's own side is never told to write.
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                written += size;
            }

            Add(rows / clock.Elapsed.TotalSeconds, latencies);
        }

        public void Dispose() => writer?.Dispose();

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Rate,8:F0} events/s ({Latencies.Quantile(_rates, 0.1):F0}..{Latencies.Quantile(_rates, 0.9):F0})  p50 {Latencies.Quantile(_latencies, 0.5) / 1000:F2} ms  p99 {Latencies.Quantile(_latencies, 0.99) / 1000:F2} ms of {_latencies.Count}");

        private StoredEvent[] Rows(int from, int count, int actors)
        {
            var rows = new StoredEvent[count];
            for (var i = 0; i < count; i++)
            {
                var actor = (from + i) % actors;
                var number = _numbers[actor] = _numbers.GetValueOrDefault(actor) + 1;
                rows[i] = new StoredEvent(0, IdOf(actor), number, DateTimeOffset.UnixEpoch, Message(number), JournalFormat.EventManifest, "0123456789abcdef");
            }

            return rows;
        }
    }
}
