using System.Net;
using System.Security.Cryptography.X509Certificates;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Cluster.Certificates;
using Mcptt.Actors.Cluster.Streams;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;
using Microsoft.Extensions.Logging;

namespace Mcptt.Engines;

/// <summary>Nodes know each other by certificates; also what openssl makes of ours, and ours of openssl.</summary>
public sealed class NodeCertificatesTests : IAsyncLifetime
{
    private const string Loopback = "127.0.0.1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("mcptt-certificates-").FullName;
    private readonly Lines _serverLog = new();
    private readonly Lines _clientLog = new();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private NodeListener _listener = null!; // Set by InitializeAsync.

    public async Task InitializeAsync()
    {
        Authority("ours");
        Authority("foreign");
        _listener = new NodeListener(Options("n1"), Certificates(Issue("ours", "n1"), _serverLog), new Echo(), _serverLog);
        await _listener.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nodes_of_one_authority_talk()
    {
        Assert.True(await AskAsync(Issue("ours", "n2"), within: Patience), $"{_clientLog}\n{_serverLog}");
    }

    [Fact]
    public async Task A_node_with_a_foreign_certificate_is_refused_and_both_sides_say_so()
    {
        // It believes us, and we do not believe it.
        var files = Issue("foreign", "n9") with { Authority = Path.Combine(_folder, "ours.crt") };

        Assert.False(await AskAsync(files));
        await UntilAsync(_serverLog, "A node at 127.0.0.1", "is refused: its certificate CN=n9 is not accepted");
        await UntilAsync(_clientLog, $"No stream to {_listener.Address}", "it may refuse this node's certificate");
    }

    [Fact]
    public async Task A_node_with_an_expired_certificate_is_refused_and_both_sides_say_so()
    {
        Assert.False(await AskAsync(Issue("ours", "n2", _now - TimeSpan.FromDays(20), TimeSpan.FromDays(10))));
        await UntilAsync(_serverLog, "is refused: its certificate CN=n2 is not accepted", "expired");
        await UntilAsync(_clientLog, $"No stream to {_listener.Address}", "it may refuse this node's certificate");
    }

    [Fact]
    public async Task A_node_does_not_talk_to_one_of_another_authority()
    {
        Assert.False(await AskAsync(Issue("foreign", "n9")));
        await UntilAsync(_clientLog, $"The node at {_listener.Address.Authority} is refused", "CN=n1 is not accepted");
    }

    [RequiresToolFact("openssl")]
    public async Task Openssl_verifies_what_we_issue_and_finds_the_hosts_and_purposes_in_it()
    {
        var files = Issue("ours", "n3");

        await OpensslAsync(0, "OK", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", Loopback, "-CAfile", files.Authority, files.Certificate);
        await OpensslAsync(0, "OK", "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", files.Authority, files.Certificate);
        await OpensslAsync(2, "error", "verify", "-CAfile", Path.Combine(_folder, "foreign.crt"), files.Certificate);
        await OpensslAsync(0, "prime256v1", "x509", "-in", files.Certificate, "-noout", "-text");
    }

    [RequiresToolFact("openssl")]
    public async Task Openssl_as_a_peer_gets_in_with_a_certificate_of_ours_and_not_without_or_with_another()
    {
        var ours = Issue("ours", "n2");
        var foreign = Issue("foreign", "n9");
        string[] connect = ["s_client", "-connect", _listener.Address.Authority, "-alpn", "h2", "-CAfile", ours.Authority, "-verify_return_error", "-ign_eof"];

        Assert.Contains("Verify return code: 0 (ok)", await PeerAsync([.. connect, "-cert", ours.Certificate, "-key", ours.Key], ends: false), StringComparison.Ordinal);
        await PeerAsync([.. connect, "-cert", foreign.Certificate, "-key", foreign.Key], ends: true);
        await UntilAsync(_serverLog, "CN=n9 is not accepted");
        await PeerAsync(connect, ends: true);
        await UntilAsync(_serverLog, "is refused: it shows no certificate");
    }

    [Fact]
    public void A_changed_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        var clock = new FakeClock();
        var files = Issue("ours", "n4", clock.GetUtcNow());
        var certificates = new NodeCertificates(files, clock, _serverLog);
        var first = certificates.Own.SerialNumber;

        File.WriteAllText(files.Certificate, "half a file");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, certificates.Own.SerialNumber);
        Assert.Contains("is not used yet", _serverLog.ToString(), StringComparison.Ordinal);

        Issue("ours", "n4", clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEqual(first, certificates.Own.SerialNumber);
        Assert.Contains("New certificate CN=n4", _serverLog.ToString(), StringComparison.Ordinal);
    }

    private static ClusterOptions Options(string name) =>
        new() { ConnectionString = "Host=nowhere", NodeName = name, Listener = new IPEndPoint(IPAddress.Loopback, 0), ConnectTimeout = Patience };

    private static NodeCertificates Certificates(NodeCertificateFiles files, Lines log) => new(files, TimeProvider.System, log);

    private void Authority(string name)
    {
        var (certificate, key) = NodeAuthority.Create(name, TimeSpan.FromDays(3650), _now - TimeSpan.FromDays(365));
        File.WriteAllText(Path.Combine(_folder, $"{name}.crt"), certificate);
        File.WriteAllText(Path.Combine(_folder, $"{name}.key"), key);
    }

    private NodeCertificateFiles Issue(string authority, string node, DateTimeOffset? now = null, TimeSpan? lifetime = null)
    {
        using var signer = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, $"{authority}.crt"), Path.Combine(_folder, $"{authority}.key"));
        var (certificate, key) = NodeAuthority.Issue(signer, node, [Loopback], lifetime ?? TimeSpan.FromDays(825), now ?? _now);
        var files = new NodeCertificateFiles(Path.Combine(_folder, $"{node}.crt"), Path.Combine(_folder, $"{node}.key"), Path.Combine(_folder, $"{authority}.crt"));
        File.WriteAllText(files.Certificate, certificate);
        File.WriteAllText(files.Key, key);
        return files;
    }

    /// <summary>Whether a node with these files gets an answer.</summary>
    private async Task<bool> AskAsync(NodeCertificateFiles files, TimeSpan? within = null)
    {
        await using var stream = new NodeStream(Options("n2"), Certificates(files, _clientLog), _listener.Address, TimeProvider.System, _clientLog);
        return await stream.SendAsync(new NodeRequest { Command = new RoutedCommand() }).AsTask().WaitAsync(within ?? Patience) is not null;
    }

    private static async Task UntilAsync(Lines log, params string[] parts)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!log.All.Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal))))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"\"{string.Join(" ... ", parts)}\" is not in:\n{log}");
            await Task.Delay(5);
        }
    }

    private static async Task OpensslAsync(int exitCode, string says, params string[] arguments)
    {
        await using var openssl = ChildProcess.Start("openssl", arguments);
        Assert.True(await openssl.ExitAsync(Patience) == exitCode && openssl.Output.Contains(says, StringComparison.Ordinal), openssl.Output);
    }

    /// <param name="ends">It is thrown out; else it stands until it is killed.</param>
    private static async Task<string> PeerAsync(string[] arguments, bool ends)
    {
        await using var openssl = ChildProcess.Start("openssl", arguments);
        if (ends)
        {
            await openssl.ExitAsync(Patience);
        }
        else
        {
            await openssl.WaitForOutputAsync("Verify return code", Patience);
        }

        return openssl.Output;
    }

    private sealed class Echo : INodeRequests
    {
        public ValueTask<NodeReply> ServeAsync(NodeRequest request, CancellationToken cancellationToken) => new(new NodeReply { Id = request.Id, Taken = true });
    }

    private sealed class Lines : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public override string ToString() => string.Join('\n', All);
    }
}
