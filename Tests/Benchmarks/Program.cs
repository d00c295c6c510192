using Mcptt.Benchmarks;
using Mcptt.Benchmarks.Akka;
using Mcptt.Benchmarks.Calls;
using Mcptt.Benchmarks.Engine;
using Mcptt.Benchmarks.Fan;
using Mcptt.Benchmarks.Journal;

// Plain programs that print ratios taken in one run: absolute figures differ from machine to machine.
Dictionary<string, Func<string[], Task>> benchmarks = new()
{
    ["archive"] = ArchiveBenchmark.RunAsync,
    ["commit"] = CommitBenchmark.RunAsync,
    ["engine"] = EngineBenchmark.RunAsync,
    ["fanout"] = _ => FanOutBenchmark.RunAsync(AkkaBenchmarks.Pipeline),
    ["floor"] = _ => FloorBenchmark.RunAsync(),
    ["grant"] = GrantBenchmark.RunAsync,
    ["journal"] = JournalBenchmark.RunAsync,
    ["media-flood"] = MediaFloodBenchmark.RunAsync,
    ["memory"] = MemoryBenchmark.RunAsync,
    ["postgres-insert"] = PostgresInsertBenchmark.RunAsync,
    ["recovery"] = RecoveryBenchmark.RunAsync,
    ["sip"] = _ => SipBenchmark.RunAsync(),
    ["verify"] = VerifyBenchmark.RunAsync,
    ["warm-start"] = WarmStartBenchmark.RunAsync,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine($"usage: dotnet run -c Release --project Tests/Benchmarks -- {string.Join('|', benchmarks.Keys.Order())}");
    return 2;
}

await benchmark(args[1..]);
return 0;
