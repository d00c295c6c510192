using System.Collections.Concurrent;
using System.Globalization;
using Mcptt.Scenarios.Peers;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Crash;

/// <summary>kill -9 at random moments under load: what was acknowledged is in the journal once, what was not can be sent again.</summary>
public sealed class KillTests
{
    private const int Kills = 100;
    private const int Users = 20;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_by_a_hundred_kills()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.File("data"));
        using var load = new RegisterLoad(server.SipPort, Users);
        for (var kill = 1; kill <= Kills; kill++)
        {
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(stop.Token);
            await Task.Delay(random.Next(30, 500), CancellationToken.None);
            await server.KillAsync();
            await stop.CancelAsync();
            await running;
            await server.StartAsync();
            await load.ResendUnansweredAsync(TimeSpan.FromSeconds(20), $"kill {kill}, seed {seed}\n{server.Output}");
        }

        await server.KillAsync();
        var journal = JournalAccount.Read(server.Journal);
        Assert.All(load.Acknowledged, commandId => Assert.True(journal.HasOnce(commandId), $"{commandId} was acknowledged and is not in the journal exactly once (seed {seed})"));
        Assert.True(load.Acknowledged.Count > Kills, $"the load acknowledged only {load.Acknowledged.Count} commands (seed {seed})");
    }
}

/// <summary>Phones that register again and again, as text; a command is known by its Via branch as the server names it.</summary>
internal sealed class RegisterLoad : IDisposable
{
    private readonly RawSip[] _phones;
    private readonly ConcurrentDictionary<string, string> _unanswered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new(StringComparer.Ordinal);
    private readonly int[] _cseq;

    public RegisterLoad(int serverPort, int users)
    {
        _phones = [.. Enumerable.Range(0, users).Select(_ => new RawSip(serverPort))];
        _cseq = new int[users];
    }

    public IReadOnlyCollection<string> Acknowledged => (IReadOnlyCollection<string>)_acknowledged.Keys;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(_phones.Select((_, user) => RegisterUntilAsync(user, stop)));

    /// <summary>What the kill left without an answer goes out again unchanged, as a phone's retransmission would.</summary>
    public async Task ResendUnansweredAsync(TimeSpan within, string context)
    {
        var until = DateTime.UtcNow + within;
        while (!_unanswered.IsEmpty)
        {
            Assert.True(DateTime.UtcNow < until, $"{_unanswered.Count} requests stay unanswered, for instance {_unanswered.Keys.First()}: {context}");
            foreach (var (branch, message) in _unanswered)
            {
                var phone = _phones[int.Parse(branch.Split('u')[1], CultureInfo.InvariantCulture)];
                await phone.SendAsync(message);
                await TakeAnswersAsync(phone, TimeSpan.FromMilliseconds(300));
            }
        }
    }

    /// <summary>While it runs: until a command that was sent from now on is acknowledged.</summary>
    public async Task AcknowledgesAgainAsync(TimeSpan within, string context)
    {
        var until = DateTime.UtcNow + within;
        for (var before = _acknowledged.Count; _acknowledged.Count == before; await Task.Delay(10))
        {
            Assert.True(DateTime.UtcNow < until, $"nothing is acknowledged any more: {context}");
        }
    }

    public void Dispose()
    {
        foreach (var phone in _phones)
        {
            phone.Dispose();
        }
    }

    private async Task RegisterUntilAsync(int user, CancellationToken stop)
    {
        var phone = _phones[user];
        while (!stop.IsCancellationRequested)
        {
            var cseq = ++_cseq[user];
            var branch = $"z9hG4bKc{cseq}u{user}";
            var name = $"phone{user}";
            var message = phone
                .Request("REGISTER", "sip:example.org", name, "Expires: 600", callId: $"register-{user}", cseq: cseq, branch: branch)
                .Replace("To: <sip:example.org>", $"To: <sip:{name}@example.org>", StringComparison.Ordinal);
            _unanswered[branch] = message;
            await phone.SendAsync(message);
            await TakeAnswersAsync(phone, TimeSpan.FromSeconds(1), stop);
        }
    }

    private async Task TakeAnswersAsync(RawSip phone, TimeSpan within, CancellationToken stop = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        try
        {
            while (true)
            {
                var response = await phone.ReceiveAsync(limit.Token);
                var branch = response.Split("branch=")[1].Split(';', '\r', ',')[0];
                if (!response.StartsWith("SIP/2.0 1", StringComparison.Ordinal) && _unanswered.TryRemove(branch, out _))
                {
                    // A refusal is an answer too: a REGISTER that a later one of the same phone overtook is stale (RFC 3261 10.3).
                    if (response.StartsWith("SIP/2.0 200", StringComparison.Ordinal))
                    {
                        _acknowledged[$"sip:REGISTER:{branch}:127.0.0.1:{phone.Port}"] = 0;
                    }

                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // No answer in time: the request stays among the unanswered.
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server's port is closed (ICMP): the same.
        }
    }
}
