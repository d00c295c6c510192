using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Engines.Processes;

/// <summary>This assembly as a program: one node with ledgers, so that tests can kill, freeze and restart real processes. It ends with its input.</summary>
internal static class Program
{
    /// <param name="args">Connection string, node name, lease time in milliseconds.</param>
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var database, var name, var leaseMs])
        {
            await Console.Error.WriteLineAsync("usage: CONNECTION NAME LEASE-MS; the tests start it");
            return 2;
        }

        await using var journal = OpenJournal(database);
        await using var engine = NewEngine(database, name, TimeSpan.FromMilliseconds(int.Parse(leaseMs)), [ClusterRoles.Actors], journal, new PrintingLoggers());
        var world = new World();
        engine.Attach(world, world);
        await engine.StartAsync(CancellationToken.None);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        await engine.StopAsync(CancellationToken.None);
        return 0;
    }

    public static IJournal OpenJournal(string database) =>
        new PostgresJournal(new PostgresJournalOptions { ConnectionString = database, MayMigrate = true, Writers = JournalWriters.Nodes }, NullLogger<PostgresJournal>.Instance, TimeProvider.System);

    public static PostgresEngine NewEngine(string database, string name, TimeSpan lease, IReadOnlyList<string> roles, IJournal journal, ILoggerFactory? loggers = null)
    {
        var options = new ClusterOptions
        {
            ConnectionString = database,
            NodeName = name,
            Listener = new IPEndPoint(IPAddress.Loopback, 0),
            LeaseTime = lease,
            Roles = roles,
            CommandDeadline = TimeSpan.FromSeconds(60),
        };
        return new PostgresEngine(
            new ActorKinds().Add(new LedgerKind()), journal, options, new EngineOptions { CommandDeadline = TimeSpan.FromSeconds(60) }, null, TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
    }
}
