using System.Diagnostics;
using System.Globalization;
using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Benchmarks.Journal.Bare;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Calls;

/// <summary>
/// From the Floor Request's datagram to the Floor Granted's over loopback UDP, through the real media node and actors: with the SQLite
/// journal, with the one in memory, in turns within one run, and beside them one commit by bare SQLite. The load is paced, so that it is
/// the delay that is measured and not a queue. Arguments: rounds, and seconds of each.
/// </summary>
internal static class GrantBenchmark
{
    private const int BareCommits = 100;
    private const int DefaultRounds = 6;
    private const int DefaultSeconds = 6;

    private static readonly Load[] Loads = [new(1, TimeSpan.FromMilliseconds(150)), new(200, TimeSpan.FromSeconds(1))];

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : DefaultRounds;
        var time = TimeSpan.FromSeconds(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : DefaultSeconds);
        var folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");
        try
        {
            await using var sqlite = await Side.OpenAsync("SQLite", new SqliteJournal(Options(folder, "journal"), NullLogger<SqliteJournal>.Instance));
            await using var memory = await Side.OpenAsync("in memory", new InMemoryJournal());
            using var bare = new BareCommit(Options(folder, "bare"));
            Warm(sqlite, memory);
            for (var round = 0; round < rounds; round++)
            {
                bare.Run(BareCommits);
                foreach (var load in Loads)
                {
                    sqlite.Run(load, time);
                    memory.Run(load, time);
                }
            }

            Report(sqlite, memory, bare);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SqliteJournalOptions Options(DirectoryInfo folder, string name) => new() { Path = Path.Combine(folder.FullName, name + ".db") };

    private static void Warm(params Side[] sides)
    {
        foreach (var side in sides)
        {
            side.Talkers.Talk(Loads[^1].Calls, Loads[^1].Period, TimeSpan.FromSeconds(4));
        }
    }

    private static void Report(Side sqlite, Side memory, BareCommit bare)
    {
        Console.WriteLine($"one row committed by bare SQLite, nothing else under way: {bare.Times}");
        foreach (var load in Loads)
        {
            var (stored, kept) = (sqlite.Of(load), memory.Of(load));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load.Calls} calls, {load.Calls / load.Period.TotalSeconds:F0} requests and as many releases per second"));
            foreach (var (side, result) in new[] { (sqlite, stored), (memory, kept) })
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {side.Name,-10} {result.Times}; {result.Cpu.TotalSeconds / result.Wall.TotalSeconds:P0} of one core, {result.Collections} collections"));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  SQLite/in memory: p50 {Ratio(stored, kept, 0.5):F2}  p99 {Ratio(stored, kept, 0.99):F2}  p99.9 {Ratio(stored, kept, 0.999):F2}"));
        }

        Console.WriteLine($"requests without an answer in time: SQLite {sqlite.Talkers.Missed}, in memory {memory.Talkers.Missed}");
    }

    private static double Ratio(Result stored, Result kept, double share) => stored.Times.Quantile(share) / kept.Times.Quantile(share);

    private sealed record Load(int Calls, TimeSpan Period);

    private sealed class Result
    {
        public Latencies Times { get; } = new();

        public TimeSpan Cpu { get; set; }

        public TimeSpan Wall { get; set; }

        public int Collections { get; set; }
    }

    /// <summary>A town with its own journal, and those who talk in it.</summary>
    private sealed class Side(string name, Town town, Talkers talkers) : IAsyncDisposable
    {
        private readonly Dictionary<Load, Result> _results = Loads.ToDictionary(load => load, _ => new Result());

        public string Name => name;

        public Talkers Talkers => talkers;

        public static async Task<Side> OpenAsync(string name, IJournal journal)
        {
            var talkers = new Talkers();
            var town = await Town.StartAsync(journal, new EngineOptions(), talkers.RtpPort, talkers.FloorPort);
            var calls = Loads.Max(load => load.Calls);
            await town.RegisterAsync(0, calls * Town.MembersPerCall);
            await town.CallAsync(0, calls);
            for (var call = 0; call < calls; call++)
            {
                var view = await town.CallViewAsync(call);
                talkers.Add((int)view.RtpPort, (int)view.FloorPort);
            }

            return new Side(name, town, talkers);
        }

        public Result Of(Load load) => _results[load];

        public void Run(Load load, TimeSpan time)
        {
            var result = _results[load];
            var cpu = Environment.CpuUsage.TotalTime;
            var collections = GC.CollectionCount(0);
            var clock = Stopwatch.StartNew();
            result.Times.AddRound(talkers.Talk(load.Calls, load.Period, time));
            result.Wall += clock.Elapsed;
            result.Cpu += Environment.CpuUsage.TotalTime - cpu;
            result.Collections += GC.CollectionCount(0) - collections;
        }

        public async ValueTask DisposeAsync()
        {
            await town.DisposeAsync();
            talkers.Dispose();
        }
    }

    /// <summary>What the disk alone takes.</summary>
    private sealed class BareCommit(SqliteJournalOptions options) : IDisposable
    {
        private readonly BareSqlite _raw = new(options);
        private long _sequenceNumber;

        public Latencies Times { get; } = new();

        public void Run(int count)
        {
            var row = new StoredEvent(0, "floor-bare", 1, DateTimeOffset.UnixEpoch, new byte[300], "bare", "bare");
            var times = new List<double>();
            for (var i = 0; i < count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _raw.Write([row with { SequenceNumber = ++_sequenceNumber }]);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                Thread.Sleep(1);
            }

            Times.AddRound(times);
        }

        public void Dispose() => _raw.Dispose();
    }
}
