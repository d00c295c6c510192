using System.Net;
using Mcptt.Scenarios.Peers;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;
using Microsoft.Data.Sqlite;

namespace Mcptt.Scenarios.Crash;

/// <summary>A journal that cannot be written while a call is up: nothing new is acknowledged, what stands goes on, and it mends by itself.</summary>
public sealed class JournalTroubleTests
{
    private const string Outsider = "erin";
    private const string Sdp = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 40000 RTP/AVP 0\na=rtpmap:0 PCMU/8000\n";

    // A journal of a few calls and little more: full when the test says so.
    private const string SmallDisk = "mount -t tmpfs -o size=16m tmpfs \"$0\" && exec \"$@\"";

    // The server insists for a while before it gives up: six attempts, each at most the lock's time limit of 2 s, and 3 s of pauses.
    private static readonly TimeSpan UntilRefused = TimeSpan.FromSeconds(30);

    [RequiresRootFact("unshare", "mount")]
    public async Task A_full_disk_refuses_registrations_calls_and_documents_and_the_call_that_stands_goes_on()
    {
        await using var scene = await KillableScene.OpenAsync(data =>
        {
            Directory.CreateDirectory(data);
            return ServerProcess.StartWithinAsync(["unshare", "--mount", "bash", "-c", SmallDisk, data], data);
        });
        await AssertRefusedWhileAsync(scene, () => FillDisk(scene.Server.InsideData("ballast")), () => File.Delete(scene.Server.InsideData("ballast")));
    }

    [Fact]
    public async Task A_journal_locked_by_another_process_does_the_same()
    {
        await using var scene = await KillableScene.OpenAsync();
        SQLitePCL.Batteries_V2.Init();
        await using var other = new SqliteConnection($"Data Source={scene.Server.Journal};Pooling=False");
        await other.OpenAsync();
        await AssertRefusedWhileAsync(scene, () => Execute(other, "BEGIN IMMEDIATE"), () => Execute(other, "ROLLBACK"));
    }

    private static async Task AssertRefusedWhileAsync(KillableScene scene, Action begin, Action end)
    {
        await scene.CallAsync();
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        using var registering = new RawSip(scene.Server.SipPort);
        using var calling = new RawSip(scene.Server.SipPort);
        scene.PassOver();
        begin();
        try
        {
            await registering.SendAsync(Register(registering));
            await calling.SendAsync(calling.Request("INVITE", KillableScene.Group, "bob", "Content-Type: application/sdp", Sdp));
            var putting = scene.Server.TryPutGroupAsync("sip:other@example.org", ServerProcess.Brigade(Outsider));
            await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
            foreach (var answer in new[] { await registering.ReceiveFinalAsync(UntilRefused), await calling.ReceiveFinalAsync(UntilRefused) })
            {
                Assert.StartsWith("SIP/2.0 503", answer, StringComparison.Ordinal);
                Assert.Contains("\nRetry-After:", answer, StringComparison.Ordinal);
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, await putting);
            await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        }
        finally
        {
            end();
        }

        await GoesOnAsync(scene, registering);
    }

    // By itself: the same server, the same call, and the one that was refused is let in when it tries again.
    private static async Task GoesOnAsync(KillableScene scene, RawSip registering)
    {
        var bindings = await scene.Server.GetAsync("/v1/users?limit=100");
        Assert.DoesNotContain(Outsider, bindings.ToString(), StringComparison.Ordinal);
        await registering.SendAsync(Register(registering));
        Assert.StartsWith("SIP/2.0 200", await registering.ReceiveFinalAsync(UntilRefused), StringComparison.Ordinal);
        scene.Bob.Press();
        await scene.Bob.ExpectAsync("queued");
        scene.Alice.Release();
        await scene.Alice.ExpectAsync("released");
        await scene.Bob.ExpectAsync("granted");
        scene.Bob.Release();
        await scene.Bob.ExpectAsync("released");
        await scene.LeaveAsync();
    }

    private static string Register(RawSip phone) =>
        phone.Request("REGISTER", "sip:example.org", Outsider, "Expires: 600").Replace("To: <sip:example.org>", $"To: <sip:{Outsider}@example.org>", StringComparison.Ordinal);

    private static void FillDisk(string path)
    {
        using var ballast = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(page);
            }
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
