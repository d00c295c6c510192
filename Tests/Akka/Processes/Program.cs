using System.Globalization;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Akka.Tests.Processes;

/// <summary>This assembly as a program: one node with ledgers, so that tests can kill, freeze and restart real processes. It ends with its input.</summary>
internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="args">Connection string, node name, seed node, heartbeat pause and stable-after in milliseconds.</param>
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var database, var name, var seed, var pauseMs, var stableMs])
        {
            await Console.Error.WriteLineAsync("usage: CONNECTION NAME SEED PAUSE-MS STABLE-MS, as the tests start it");
            return 2;
        }

        using var loggers = LoggerFactory.Create(log => log.AddSimpleConsole(line => line.TimestampFormat = "HH:mm:ss.fff "));
        await using var journal = OpenJournal(database);
        await using var engine = NewEngine(name, [seed], [AkkaRoles.Actors], new Times(Milliseconds(pauseMs), Milliseconds(stableMs)), journal, loggers);
        var world = new World();
        engine.Attach(world, world);
        await engine.StartAsync(CancellationToken.None);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        await engine.StopAsync(CancellationToken.None);
        return 0;
    }

    // A site wants to know soon that its database stands still; here a machine under load may take as long as it needs.
    public static IJournal OpenJournal(string database) =>
        new PostgresJournal(
            new PostgresJournalOptions
            {
                ConnectionString = database,
                MayMigrate = true,
                Writers = JournalWriters.Nodes,
                ConnectTimeout = Patience,
                WriteTimeout = Patience,
                ReadTimeout = Patience,
            },
            NullLogger<PostgresJournal>.Instance,
            TimeProvider.System);

    public static AkkaEngine NewEngine(string name, IReadOnlyList<string> seeds, IReadOnlyList<string> roles, Times times, IJournal journal, ILoggerFactory loggers)
    {
        var options = new AkkaOptions
        {
            NodeName = name,
            SeedNodes = seeds,
            BeginsAlone = seeds.Count == 0,
            Roles = roles,
            HeartbeatPause = times.HeartbeatPause,
            StableAfter = times.StableAfter,
            RemovalMargin = times.StableAfter,
            RebalanceInterval = TimeSpan.FromSeconds(1),
            CommandDeadline = TimeSpan.FromSeconds(90),
        };
        return new AkkaEngine(new ActorKinds().Add(new LedgerKind()), journal, options, new EngineOptions { CommandDeadline = TimeSpan.FromSeconds(90) }, TimeProvider.System, loggers);
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(int.Parse(text, CultureInfo.InvariantCulture));
}

/// <summary>The time-outs that a take-over is made of.</summary>
internal sealed record Times(TimeSpan HeartbeatPause, TimeSpan StableAfter);
