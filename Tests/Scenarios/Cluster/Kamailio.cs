using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcptt.Scenarios.Running;

namespace Mcptt.Scenarios.Cluster;

/// <summary>Kamailio with the configuration that we give to operators (ops/kamailio), in front of a site's edges.</summary>
internal sealed class Kamailio : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    private readonly ChildProcess _process;
    private readonly TemporaryFolder _folder;

    private Kamailio(ChildProcess process, TemporaryFolder folder, IPEndPoint address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public string Output => _process.Output;

    /// <summary>Ends when it has found an edge.</summary>
    public static async Task<Kamailio> StartAsync(IEnumerable<ServerProcess> edges)
    {
        var folder = new TemporaryFolder();
        var list = folder.File("dispatcher.list");
        await File.WriteAllLinesAsync(list, edges.Select(edge => $"1 sip:{edge.Sip}"));
        var address = new IPEndPoint(IPAddress.Loopback, FreePorts.Udp());
        string[] arguments =
        [
            "-DD", "-E", "-f", Path.Combine(AppContext.BaseDirectory, "Peers", "kamailio", "kamailio.cfg"), "-Y", folder.Path, "-w", folder.Path,
            "-A", $"LISTEN=udp:{address}", "-A", $"LIST=\"{list}\"",
        ];

        // Debian keeps it out of the PATH of users.
        var program = File.Exists("/usr/sbin/kamailio") ? "/usr/sbin/kamailio" : "kamailio";
        var kamailio = new Kamailio(ChildProcess.Start(program, arguments, folder.Path), folder, address);
        await kamailio.WaitAsync();
        return kamailio;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    // A request that no edge likes is answered by an edge; without one Kamailio says 503 itself.
    private async Task WaitAsync()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var until = DateTimeOffset.UtcNow + Patience;
        for (var number = 1; ; number++)
        {
            Assert.True(DateTimeOffset.UtcNow < until && !_process.HasExited, $"Kamailio finds no edge; it printed:\n{Output}");
            await socket.SendAsync(Encoding.ASCII.GetBytes(Options((IPEndPoint)socket.Client.LocalEndPoint!, number)), Address); // Bound.
            using var limit = new CancellationTokenSource(AnswerLimit);
            try
            {
                var answer = await socket.ReceiveAsync(limit.Token);
                if (Encoding.ASCII.GetString(answer.Buffer).StartsWith("SIP/2.0 200", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException)
            {
                // It does not listen yet.
            }
        }
    }

    private static string Options(IPEndPoint from, int number) =>
        $"""
        OPTIONS sip:example.org SIP/2.0
        Via: SIP/2.0/UDP {from};branch=z9hG4bKwait{number};rport
        Max-Forwards: 70
        From: <sip:waiter@example.org>;tag=wait{number}
        To: <sip:example.org>
        Call-ID: wait-{number}@{from.Address}
        CSeq: {number} OPTIONS
        Content-Length: 0


        """.ReplaceLineEndings("\r\n");
}
