using System.Diagnostics;
using Mcptt.Edge.Tests.Transports;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Transactions;

/// <summary>Programs that nobody here wrote, against the stack alone.</summary>
public class RealPeerTests
{
    private const int Calls = 50;

    [RequiresToolFact("sipp")]
    public Task Calls_of_sipp_over_UDP_are_served() => SippCallsAsync(SipTransport.Udp, "u1");

    [RequiresToolFact("sipp")]
    public Task Calls_of_sipp_over_TCP_are_served() => SippCallsAsync(SipTransport.Tcp, "t1");

    [RequiresToolFact("sipsak")]
    public async Task Options_of_sipsak_are_answered()
    {
        await using var server = await Stack.StartAsync(request => request.Respond(200, toTag: "t"));
        var (code, output) = await RunAsync("sipsak", "-vv", "-s", $"sip:brigade@127.0.0.1:{server.Target(SipTransport.Udp).Remote.Port}");
        Assert.True(code == 0, output);
    }

    private static async Task SippCallsAsync(SipTransport transport, string mode)
    {
        Stack? server = null;
        server = await Stack.StartAsync(request =>
        {
            if (!request.Request.IsInvite)
            {
                request.Respond(200);
                return;
            }

            request.Respond(180, toTag: "t");
            var ok = request.Request.CreateResponse(200, toTag: "t");
            server!.Transactions.Accepted.Start(ok, request.Flow, sendNow: false);
            request.Respond(ok);
        });
        await using var stop = server;
        var (code, output) = await RunAsync(
            "sipp", "-sn", "uac", "-t", mode, "-i", "127.0.0.1", "-m", $"{Calls}", "-r", $"{Calls}", "-nostdin", "-timeout", "15",
            $"127.0.0.1:{server.Target(transport).Remote.Port}");
        Assert.True(code == 0, output);
        Assert.Equal(2 * Calls, server.Requests.Count);
        Assert.Equal(0, server.Transactions.Accepted.Count);
        Assert.Empty(server.Acks);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(2 * RecordingReceiver.Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }
}
