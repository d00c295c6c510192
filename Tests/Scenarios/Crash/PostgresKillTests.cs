using Mcptt.Scenarios.Running;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;

namespace Mcptt.Scenarios.Crash;

/// <summary>kill -9 at random moments under load with the journal in PostgreSQL: once of the server, once of PostgreSQL, postmaster and backends together, under a server that lives on.</summary>
public sealed class PostgresKillTests
{
    private const int Users = 20;

    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(30);

    [RequiresPostgresFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var database = PostgresServer.Shared.CreateDatabase();
        await using var server = await StartAsync(folder, database);
        using var load = new RegisterLoad(server.SipPort, Users);
        for (var kill = 1; kill <= Kills.Count; kill++)
        {
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(stop.Token);
            await Task.Delay(random.Next(30, 500), CancellationToken.None);
            await server.KillAsync();
            await stop.CancelAsync();
            await running;
            await server.StartAsync();
            await load.ResendUnansweredAsync(GoesOnWithin, $"kill {kill}, seed {seed}\n{server.Output}");
        }

        await server.KillAsync();
        AssertOnce(database, load, seed);
    }

    [RequiresPostgresFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_PostgreSQL_is_killed_and_the_server_goes_on_by_itself()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        using var postgres = PostgresServer.Create();
        var database = postgres.CreateDatabase();
        await using var server = await StartAsync(folder, database);
        using var load = new RegisterLoad(server.SipPort, Users);
        for (var kill = 1; kill <= Kills.Count; kill++)
        {
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(stop.Token);
            await Task.Delay(random.Next(30, 500), CancellationToken.None);
            postgres.Kill();
            await Task.Delay(random.Next(0, 300), CancellationToken.None);
            postgres.Start();
            await load.AcknowledgesAgainAsync(GoesOnWithin, $"kill {kill}, seed {seed}\n{server.Output}");
            await stop.CancelAsync();
            await running;
        }

        await load.ResendUnansweredAsync(GoesOnWithin, $"after the last kill, seed {seed}\n{server.Output}");
        await server.KillAsync();
        AssertOnce(database, load, seed);
    }

    private static Task<ServerProcess> StartAsync(TemporaryFolder folder, string database) =>
        ServerProcess.StartAsync(folder.File("data"), $"data.journal={database}", "data.migrate=true");

    private static void AssertOnce(string database, RegisterLoad load, int seed)
    {
        var journal = JournalAccount.ReadPostgres(database);
        Assert.All(load.Acknowledged, commandId => Assert.True(journal.HasOnce(commandId), $"{commandId} was acknowledged and is not in the journal exactly once (seed {seed})"));
        Assert.Empty(journal.Doubled);
        Assert.True(load.Acknowledged.Count > Kills.Count, $"the load acknowledged only {load.Acknowledged.Count} commands (seed {seed})");
    }
}
