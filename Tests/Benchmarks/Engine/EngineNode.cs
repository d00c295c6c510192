using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Benchmarks.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Engine;

/// <summary>One node as a process; it ends with its input.</summary>
internal static class EngineNode
{
    public static async Task RunAsync(string connection, string name, int rehearsed)
    {
        await using var journal = OpenJournal(connection, JournalWriters.Nodes);
        await using var engine = NewEngine(connection, name, [ClusterRoles.Actors], journal, rehearsed);
        await engine.StartAsync(CancellationToken.None);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
    }

    public static IJournal OpenJournal(string connection, JournalWriters writers) =>
        new PostgresJournal(new PostgresJournalOptions { ConnectionString = connection, MayMigrate = true, Writers = writers }, NullLogger<PostgresJournal>.Instance, TimeProvider.System);

    public static PostgresEngine NewEngine(string connection, string name, IReadOnlyList<string> roles, IJournal journal, int rehearsed)
    {
        var options = new ClusterOptions
        {
            ConnectionString = connection,
            NodeName = name,
            Listener = new IPEndPoint(IPAddress.Loopback, 0),
            Roles = roles,
            RehearsedActors = rehearsed,

            // Not what is measured, and a machine under full load may forget a thread for seconds.
            LeaseTime = TimeSpan.FromSeconds(20),
            CommandDeadline = TimeSpan.FromSeconds(60),
        };
        return new PostgresEngine(
            new ActorKinds().Add(new TickKind()), journal, options, new EngineOptions { CommandDeadline = TimeSpan.FromSeconds(60) }, null, TimeProvider.System, NullLoggerFactory.Instance);
    }
}
