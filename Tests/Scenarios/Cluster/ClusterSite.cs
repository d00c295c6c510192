using System.Net;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Sip;
using Mcptt.Scenarios.Running;
using Mcptt.Scenarios.Support;
using Mcptt.Testing.Postgres;
using Mcptt.Ue;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;
using Mcptt.Ue.Sharing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Scenarios.Cluster;

/// <summary>Several `mcptt serve` processes over one PostgreSQL journal, and clients in the test's process.</summary>
internal sealed class ClusterSite : IAsyncDisposable
{
    public const string Group = "sip:brigade@example.org";
    public const int Shards = 64;

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(60);

    // While shards move a floor request waits; the clients ask again each second, as users would press again.
    private static readonly ParticipantOptions PatientFloor = new() { C100 = 30, C101 = 30 };

    private readonly TemporaryFolder _folder = new();
    private readonly SiteEngine _engine;
    private readonly string _database = PostgresServer.Shared.CreateDatabase();
    private readonly List<ServerProcess> _nodes = [];
    private readonly List<IAsyncDisposable> _clients = [];

    private ClusterSite(SiteEngine engine) => _engine = engine;

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    public AudioLedger Ledger { get; } = new(TimeProvider.System);

    /// <param name="roles">Of each node; the nodes are called n1, n2 and so on.</param>
    public static Task<ClusterSite> StartAsync(params string[] roles) => StartAsync(new PostgresSite(), roles);

    /// <param name="engine">That the nodes run.</param>
    /// <param name="roles">Of each node; the nodes are called n1, n2 and so on.</param>
    public static async Task<ClusterSite> StartAsync(SiteEngine engine, params string[] roles)
    {
        var site = new ClusterSite(engine);
        try
        {
            foreach (var ofNode in roles)
            {
                var name = $"n{site._nodes.Count + 1}";
                site._nodes.Add(await ServerProcess.StartAsync(
                    site._folder.File(name),
                    [
                        $"node.name={name}",
                        $"node.roles={ofNode}",
                        $"data.journal={site._database}",
                        "data.migrate=true",
                        $"cluster.shards={Shards}",
                        "media.firstPort=0",
                        "media.lastPort=0",
                        .. engine.SettingsOf(site._nodes.Count, roles.Length),
                    ]));
            }

            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async Task PutGroupAsync(string group, params string[] users) => await _nodes[0].PutGroupAsync(group, Brigade(users));

    /// <summary>A client that knows one address of the site, for instance that of a node's SIP or of a balancer.</summary>
    public Phone Phone(string name, IPEndPoint server)
    {
        var phone = new Phone(Options(name, server));
        _clients.Add(phone);
        return phone;
    }

    public Phone Phone(string name, ServerProcess edge) => Phone(name, new IPEndPoint(IPAddress.Loopback, edge.SipPort));

    /// <summary>Clients that know every edge and go to the next one when one refuses or keeps silent, as the IMS does (RFC 3263 4.3).</summary>
    public async Task<IReadOnlyList<Phone>> FleetAsync(params string[] names)
    {
        var fleet = UeFleet.Create(
            new UeFleetOptions { Servers = [.. _nodes.Select(node => new IPEndPoint(IPAddress.Loopback, node.SipPort))], MediaLines = names.Length },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await fleet.StartAsync(CancellationToken.None);
        var phones = names.Select((name, index) =>
        {
            var options = Options(name, new IPEndPoint(IPAddress.Loopback, _nodes[0].SipPort));
            return new Phone(options, fleet.CreateClient(options, index, index % _nodes.Count));
        }).ToList();
        _clients.AddRange(phones);
        _clients.Add(fleet);
        return phones;
    }

    public UeOptions Options(string name, IPEndPoint server) =>
        new() { User = SipUri.Parse($"sip:{name}@example.org"), Server = server, Floor = PatientFloor, Tap = Ledger };

    /// <summary>The node that runs the actors of a call, or of another id; null: it is between two.</summary>
    public async Task<ServerProcess?> OwnerAsync(string id) =>
        (await _engine.OwnersAsync(_nodes, _database))[ShardKey.ShardOf(id, Shards)] is { } name ? _nodes[int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture) - 1] : null;

    public async Task<string> CallOfAsync(string group)
    {
        // An edge answers for whoever runs the actor; a test may have killed a node that is only actors.
        var state = await _nodes[0].WaitForGroupAsync(group, found => found.TryGetProperty("call", out var call) && call.GetString() is { Length: > 0 });
        return state.GetProperty("call").GetString()!; // Waited for.
    }

    /// <summary>Every shard has an owner that lives, and each of the nodes that take shards has some.</summary>
    public async Task SettleAsync(int takers)
    {
        IReadOnlyList<string?> owners = [];
        await Hearing.UntilAsync(async () => IsSettled(owners = await _engine.OwnersAsync(_nodes, _database)), SettleTime);
        Assert.True(IsSettled(owners), $"after {SettleTime} the shards were with: {string.Join(' ', owners.Select(owner => owner ?? "nobody"))}\n{Account()}");

        bool IsSettled(IReadOnlyList<string?> found) => !found.Contains(null) && found.Distinct().Count() == takers;
    }

    /// <summary>What every node printed, for a failing test.</summary>
    public string Account() => string.Join('\n', _nodes.Select((node, index) => $"---- n{index + 1}\n{node.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static object Brigade(string[] users) =>
        new { displayName = "Brigade", queueDepth = 8, hangTimerSeconds = 60, members = users.Select(user => new { mcpttId = $"sip:{user}@example.org", userPriority = 5, mayStartImminentPeril = true, mayCancelImminentPeril = true }) };
}
