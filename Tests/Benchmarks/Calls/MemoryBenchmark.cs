using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Calls;

/// <summary>
/// Memory per registered user and per idle call of four members: managed bytes after a full collection, and the resident set of the
/// process, before and after what is idle was unloaded. Each run is a process of its own, because a resident set hardly ever shrinks.
/// </summary>
internal static class MemoryBenchmark
{
    private const string OneRun = "one-run";
    private const int Runs = 3;
    private const int Users = 10_000;
    private const int Calls = 1_000;
    private const int Unused = 9; // ports on which nobody listens (discard, RFC 863)

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(string[] args)
    {
        if (args is [OneRun])
        {
            await MeasureAsync();
            return;
        }

        var runs = new List<string[]>();
        for (var run = 0; run < Runs; run++)
        {
            runs.Add(await RunInProcessAsync());
        }

        Console.WriteLine($"{"median of " + Runs + " processes (minimum..maximum)",-58}{"managed",24}{"resident set",28}");
        for (var line = 0; line < runs[0].Length; line++)
        {
            var parts = runs.ConvertAll(run => run[line].Split('\t'));
            Console.WriteLine($"{parts[0][0],-58}{Spread(parts.ConvertAll(part => part[1])),24}{Spread(parts.ConvertAll(part => part[2])),28}");
        }
    }

    private static async Task<string[]> RunInProcessAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(MemoryBenchmark).Assembly.Location);
        }

        start.ArgumentList.Add("memory");
        start.ArgumentList.Add(OneRun);
        using var process = Process.Start(start)!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException("a run failed");
    }

    private static async Task MeasureAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");
        try
        {
            var journal = new SqliteJournal(new SqliteJournalOptions { Path = Path.Combine(folder.FullName, "journal.db") }, NullLogger<SqliteJournal>.Instance);
            await using var town = await Town.StartAsync(journal, new EngineOptions { IdleTime = Idle }, Unused, Unused);

            // Code, pools and SQLite's caches have their size before anything is counted.
            await town.RegisterAsync(Users, 2_000);
            await town.CallAsync((Users + 1_000) / Town.MembersPerCall, 20);
            await town.UnloadedAsync(2 * 20);
            var empty = Memory.Now();

            await town.RegisterAsync(0, Users);
            Print("user, registered, in memory", Memory.Now() - empty, Users);
            await town.UnloadedAsync(2 * 20);
            var registered = Memory.Now();
            Print("user, registered, unloaded (a timer is left)", registered - empty, Users);

            await town.CallAsync(0, Calls);
            Print("idle call, its 4 users and group in memory", Memory.Now() - registered, Calls);
            await town.UnloadedAsync(2 * (Calls + 20));
            Print("idle call, users and group unloaded", Memory.Now() - registered, Calls);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole process at the end, MB\t{Memory.Now().Managed / 1e6:F1}\t{Memory.Now().Resident / 1e6:F1}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(string what, Memory grown, int count) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}, kB\t{grown.Managed / 1e3 / count:F2}\t{grown.Resident / 1e3 / count:F2}"));

    private static string Spread(List<string> values)
    {
        var sorted = values.OrderBy(value => double.Parse(value, CultureInfo.InvariantCulture)).ToList();
        return $"{sorted[sorted.Count / 2]} ({sorted[0]}..{sorted[^1]})";
    }

    private readonly record struct Memory(long Managed, long Resident)
    {
        public static Memory operator -(Memory left, Memory right) => new(left.Managed - right.Managed, left.Resident - right.Resident);

        public static Memory Now()
        {
            for (var i = 0; i < 2; i++)
            {
                GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            return new Memory(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        }
    }
}
