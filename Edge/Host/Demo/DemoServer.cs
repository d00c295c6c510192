using System.Net;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Host.Commands;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Demo;

/// <summary>The real server on loopback and ephemeral ports, with the demo's users and group in it.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly McpttServer _server;
    private readonly TimeProvider _time;

    private DemoServer(McpttServer server, TimeProvider time) => (_server, _time) = (server, time);

    public string JournalName => _server.JournalName;

    public IJournalReader Journal => _server.Journal;

    public IPEndPoint Sip => _server.SipListeners.First(listener => listener.Transport == SipTransport.Udp).Endpoint;

    public static async Task<DemoServer> StartAsync(DemoFolder folder, string journal, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = new ServerOptions
        {
            NodeName = "demo",
            Journal = journal.Length > 0 ? journal : folder.File(ServerOptions.DefaultJournalFile),
            Migrate = MigrateNames.Yes,
            DataFolder = folder.Path,
            Sip = new SipOptions { Listeners = [new SipListener("udp", new IPEndPoint(IPAddress.Loopback, 0))], Realm = DemoCast.Domain, Domains = [DemoCast.Domain] },
            Media = new MediaSettings { Address = "127.0.0.1", FirstPort = 0, LastPort = 0 },
            Api = new ApiSettings { Listener = new IPEndPoint(IPAddress.Loopback, 0) },
        };
        return new DemoServer(await McpttServer.StartAsync(options, time, NullLoggerFactory.Instance, cancellationToken), time);
    }

    public async Task ProvisionAsync(CancellationToken cancellationToken)
    {
        foreach (var user in DemoCast.All)
        {
            var put = new Protocol.Messages.UeCommand { PutUser = new PutUser { Profile = user.Profile(DemoCast.Domain) } };
            await OrderAsync(new Command { CommandId = $"demo:user:{user.Name}", To = ActorAddresses.Ue(user.McpttId), Ue = put }, cancellationToken);
        }

        var group = new GroupCommand { PutGroup = new PutGroup { Document = DemoCast.Group() } };
        await OrderAsync(new Command { CommandId = "demo:group", To = ActorAddresses.Group(DemoCast.GroupId), Group = group }, cancellationToken);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task OrderAsync(Command command, CancellationToken cancellationToken)
    {
        command.TimeUs = UnixTime.UsOf(_time.GetUtcNow());
        command.OnBehalfOf = "demo";
        var reply = await _server.Commands.SendAsync(command, cancellationToken);
        if (reply.Accepted is null)
        {
            throw new FailedException($"{command.CommandId} was not taken: {reply}");
        }
    }
}
