#if WITH_AKKA
using Mcptt.Actors;
using Mcptt.Actors.Akka;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Benchmarks.Engine;
using Mcptt.Benchmarks.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Akka;

/// <summary>One node of the Akka.NET engine with its own defaults, but for the deadline of a command, which must outlast a take-over.</summary>
internal static class AkkaNode
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(string connection, string name, string seed)
    {
        await using var journal = EngineNode.OpenJournal(connection, JournalWriters.Nodes);
        await using var engine = NewEngine(name, [AkkaRoles.Actors], journal, [seed]);
        await engine.StartAsync(CancellationToken.None);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
    }

    public static AkkaEngine NewEngine(string name, IReadOnlyList<string> roles, IJournal journal, IReadOnlyList<string> seeds) =>
        new(
            new ActorKinds().Add(new TickKind()),
            journal,
            new AkkaOptions { NodeName = name, Roles = roles, SeedNodes = seeds, BeginsAlone = seeds.Count == 0, CommandDeadline = Deadline },
            new EngineOptions { CommandDeadline = Deadline },
            TimeProvider.System,
            NullLoggerFactory.Instance);
}
#endif
