using System.Net;
using Mcptt.Scenarios.Peers;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;

namespace Mcptt.Scenarios.Crash;

/// <summary>The journal in a PostgreSQL that goes away under a running server and comes back: refused with 503 meanwhile, by itself again afterwards.</summary>
public sealed class PostgresAwayTests
{
    private const int Users = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [RequiresPostgresFact]
    public async Task While_it_is_away_new_requests_get_503_and_the_call_that_stands_goes_on_and_then_everything_works_without_a_restart()
    {
        using var postgres = PostgresServer.Create();
        var database = postgres.CreateDatabase();
        await using var scene = await KillableScene.OpenAsync(data => ServeAsync(data, database));
        using var phone = new RawSip(scene.Server.SipPort);
        await scene.CallAsync();
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        await AssertOptionsAsync(phone, 200);
        Assert.Equal(HttpStatusCode.OK, (await scene.Server.AskAsync("/v1/health/ready")).Status);
        scene.PassOver();

        postgres.Stop();
        await UntilReadyAsync(scene.Server, postgres, ready: false);
        await AssertOptionsAsync(phone, 503);
        await phone.SendAsync(Register(phone));
        var refused = await phone.ReceiveFinalAsync(Limit);
        Assert.StartsWith("SIP/2.0 503", refused, StringComparison.Ordinal);
        Assert.Contains("\nRetry-After:", refused, StringComparison.Ordinal);
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        postgres.Start();

        await UntilReadyAsync(scene.Server, postgres, ready: true);
        await AssertOptionsAsync(phone, 200);
        await phone.SendAsync(Register(phone));
        Assert.StartsWith("SIP/2.0 200", await phone.ReceiveFinalAsync(Limit), StringComparison.Ordinal);
        scene.Bob.Press();
        await scene.Bob.ExpectAsync("queued");
        scene.Alice.Release();
        await scene.Alice.ExpectAsync("released");
        await scene.Bob.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Bob, scene.Alice, scene.Carol, scene.Dave);
        scene.Bob.Release();
        await scene.Bob.ExpectAsync("released");
        await scene.LeaveAsync();
    }

    [RequiresPostgresFact]
    public async Task What_was_acknowledged_before_it_went_away_is_there_once_and_what_was_not_can_be_sent_again()
    {
        const int outages = 5;
        var seed = Seed.Take();
        var random = new Random(seed);
        using var postgres = PostgresServer.Create();
        var database = postgres.CreateDatabase();
        using var folder = new TemporaryFolder();
        await using var server = await ServeAsync(folder.File("data"), database);
        using var load = new RegisterLoad(server.SipPort, Users);
        for (var outage = 1; outage <= outages; outage++)
        {
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(stop.Token);
            await Task.Delay(random.Next(100, 800), CancellationToken.None);
            End(postgres, outage);
            await Task.Delay(random.Next(500), CancellationToken.None);
            await stop.CancelAsync();
            await running;
            postgres.Start();
            await UntilReadyAsync(server, postgres, ready: true);
            await load.ResendUnansweredAsync(Limit, $"outage {outage}, seed {seed}\n{server.Output}");
        }

        Assert.Equal(0, await server.TerminateAsync());
        var journal = JournalAccount.ReadPostgres(database);
        Assert.True(journal.Doubled.Count == 0, $"not in the journal exactly once: {string.Join(", ", journal.Doubled)} (seed {seed})");
        Assert.All(load.Acknowledged, commandId => Assert.True(journal.HasOnce(commandId), $"{commandId} was acknowledged and is not in the journal exactly once (seed {seed})"));
        Assert.True(load.Acknowledged.Count > Users, $"the load acknowledged only {load.Acknowledged.Count} commands (seed {seed})");
    }

    // In an orderly way and by kill -9, in turns.
    private static void End(PostgresServer postgres, int outage)
    {
        if (outage % 2 == 0)
        {
            postgres.Stop();
        }
        else
        {
            postgres.Kill();
        }
    }

    private static Task<ServerProcess> ServeAsync(string data, string database) => ServerProcess.StartAsync(data, $"data.journal={database}", "data.migrate=true");

    private static async Task UntilReadyAsync(ServerProcess server, PostgresServer postgres, bool ready)
    {
        var until = DateTime.UtcNow + Limit;
        while (true)
        {
            var (status, text) = await server.AskAsync("/v1/health/ready");
            if (status == (ready ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable))
            {
                Assert.Equal(!ready, text.Contains($"127.0.0.1:{postgres.Port}", StringComparison.Ordinal));
                return;
            }

            Assert.True(DateTime.UtcNow < until, $"ready stays {status}: {text}\n{server.Output}");
            await Task.Delay(50);
        }
    }

    private static async Task AssertOptionsAsync(RawSip phone, int status)
    {
        await phone.SendAsync(phone.Request("OPTIONS", "sip:example.org", "erin"));
        var answer = await phone.ReceiveFinalAsync(Limit);
        Assert.StartsWith($"SIP/2.0 {status}", answer, StringComparison.Ordinal);
        Assert.Equal(status == 503, answer!.Contains("\nRetry-After:", StringComparison.Ordinal)); // Asserted above.
    }

    private static string Register(RawSip phone) =>
        phone.Request("REGISTER", "sip:example.org", "erin", "Expires: 600").Replace("To: <sip:example.org>", "To: <sip:erin@example.org>", StringComparison.Ordinal);
}
