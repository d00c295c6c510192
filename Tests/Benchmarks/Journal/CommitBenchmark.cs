using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors.Journals;
using Mcptt.Benchmarks.Calls;
using Mcptt.Benchmarks.Journal.Bare;

namespace Mcptt.Benchmarks.Journal;

/// <summary>
/// Events per second and commit latency of the journal at 1, 64 and 1 024 actors, each of which appends its next event when the last one is durable; beside the same
/// rows in the same order and in the same batches, by the database's own client over one connection, into a database of its own. All take turns within one run. A latency of the bare side is that of a transaction; one of the journal's is that of an append, which at more than one actor also waits for the
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

    /// <param name="args">sqlite, postgres, and numbers of actors; what is not named is all of it.</param>
    public static async Task RunAsync(string[] args)
    {
        int[] actorsAsked = [.. args.Where(arg => int.TryParse(arg, CultureInfo.InvariantCulture, out _)).Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
        foreach (var database in BenchmarkDatabase.Of(args))
        {
            using (database)
            {
                foreach (var actors in actorsAsked is [] ? [1, 64, 1_024] : actorsAsked)
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
        var written = await ReadBackAsync(journal, 0, batches);
        Array.ForEach(bare, side => side.Write(written));
        Array.ForEach(bare, side => side.Clear());
        var sizes = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var after = written[^1][^1].Ordering;
            batches.Reset();
            await AppendAsync(journal, numbers, RoundTime, ours);
            sizes.Add(batches.Average);
            written = await ReadBackAsync(journal, after, batches);
            Array.ForEach(bare, side => side.Write(written));
        }

        Print(database, actors, ours, bare, sizes);
        Array.ForEach(bare, side => side.Dispose());
    }

    /// <summary>What was written after an ordering, cut as it was committed.</summary>
    private static async Task<List<StoredEvent[]>> ReadBackAsync(IJournal journal, long after, BatchSizes batches)
    {
        var written = new List<StoredEvent[]>();
        await using var rows = journal.ReadAllAsync(after, CancellationToken.None).GetAsyncEnumerator();
        foreach (var size in batches.Taken)
        {
            var batch = new StoredEvent[size];
            for (var i = 0; i < size && await rows.MoveNextAsync(); i++)
            {
                batch[i] = rows.Current;
            }

            written.Add(batch);
        }

        return written;
    }

    private static async Task AppendAsync(IJournal journal, long[] numbers, TimeSpan time, Side side)
    {
        var clock = Stopwatch.StartNew();
        var latencies = new ConcurrentBag<double[]>();
        await Task.WhenAll(Enumerable.Range(0, numbers.Length).Select(actor => Task.Run(async () => latencies.Add(await AppendAsync(journal, numbers, actor, clock, time)))));
        var all = latencies.SelectMany(of => of).ToArray();
        side.Add(all.Length / clock.Elapsed.TotalSeconds, all);
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

        public void Write(List<StoredEvent[]> batches)
        {
            var clock = Stopwatch.StartNew();
            var latencies = new List<double>();
            foreach (var batch in batches)
            {
                var start = Stopwatch.GetTimestamp();
                writer!.Write(batch); // The journal's own side is never told to write.
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            Add(batches.Sum(batch => batch.Length) / clock.Elapsed.TotalSeconds, latencies);
        }

        public void Dispose() => writer?.Dispose();

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Rate,8:F0} events/s ({Latencies.Quantile(_rates, 0.1):F0}..{Latencies.Quantile(_rates, 0.9):F0})  p50 {Latencies.Quantile(_latencies, 0.5) / 1000:F2} ms  p99 {Latencies.Quantile(_latencies, 0.99) / 1000:F2} ms of {_latencies.Count}");
    }
}
