using System.Net;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Mcptt.Ue;
using Mcptt.Ue.Media;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Scenarios.Support;

/// <summary>The real server in this process with users and a group, and phones over UDP and TCP on loopback.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string Domain = "example.org";
    public const string NodeName = "scene";
    public const string Group = $"sip:brigade@{Domain}";

    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mcptt-scene-").FullName;
    private readonly List<Phone> _phones = [];
    private McpttServer _server = null!;

    public AudioLedger Ledger { get; } = new(TimeProvider.System);

    public FloorRecord Wire { get; private init; } = new();

    public IJournalReader Journal => _server.Journal;

    /// <summary>In the server's data folder.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    /// <param name="group">Changes the group's document before it is put.</param>
    /// <param name="floor">Timers and counters of the site.</param>
    /// <param name="wire">A record that goes on from another scene.</param>
    public static async Task<Scene> OpenAsync(Action<GroupDocument>? group = null, FloorSettings? floor = null, FloorRecord? wire = null)
    {
        var scene = new Scene { Wire = wire ?? new FloorRecord() };
        await scene.StartServerAsync(floor ?? new FloorSettings());
        await scene.ProvisionAsync(group ?? (_ => { }));
        return scene;
    }

    /// <summary>A client that is registered, and affiliated unless it is a plain phone.</summary>
    public async Task<Phone> PhoneAsync(string name, Func<UeOptions, UeOptions>? change = null, bool affiliate = true)
    {
        var phone = Add(name, change);
        await phone.RegisterAsync();
        if (affiliate && !phone.Options.PlainPhone)
        {
            await phone.AffiliateAsync(Group);
        }

        return phone;
    }

    public Phone Add(string name, Func<UeOptions, UeOptions>? change = null)
    {
        var options = new UeOptions
        {
            User = SipUri.Parse($"sip:{name}@{Domain}"),
            Password = PasswordOf(name),
            Server = Sip(SipTransport.Udp),
            Tap = Ledger,
            FloorTap = Wire,
        };
        options = change?.Invoke(options) ?? options;
        var phone = new Phone(options with { Server = Sip(options.Transport) });
        _phones.Add(phone);
        return phone;
    }

    /// <summary>Phones of these names, in a call of the group that the first one made; the floor is idle.</summary>
    public async Task<IReadOnlyList<Phone>> InCallAsync(params string[] names)
    {
        var phones = new List<Phone>();
        foreach (var name in names)
        {
            phones.Add(await PhoneAsync(name));
        }

        await phones[0].CallAsync(Group);
        foreach (var phone in phones)
        {
            await phone.ExpectAllAsync("established", "idle");
        }

        return phones;
    }

    public async Task<Reply> OrderAsync(Command command)
    {
        command.CommandId = $"scene:{Guid.NewGuid():N}";
        command.TimeUs = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return await _server.Commands.SendAsync(command, CancellationToken.None);
    }

    public async Task<GroupView> GroupViewAsync() =>
        (await OrderAsync(new Command { To = ActorAddresses.Group(Group), Group = new GroupCommand { GetGroup = new GetGroup() } })).Accepted.Group;

    public async Task<FloorView> FloorViewAsync(string call) =>
        (await OrderAsync(new Command { To = ActorAddresses.Floor(call), Floor = new FloorCommand { GetFloor = new GetFloor() } })).Accepted.Floor;

    /// <summary>To the floor of the group's call, as the call itself would.</summary>
    public async Task OrderFloorAsync(FloorCommand command)
    {
        var reply = await OrderAsync(new Command { To = ActorAddresses.Floor((await GroupViewAsync()).Call), Floor = command });
        Assert.True(reply.Accepted is not null, reply.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones)
        {
            await phone.DisposeAsync();
        }

        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string PasswordOf(string name) => name + "-secret";

    private IPEndPoint Sip(SipTransport transport) => _server.SipListeners.First(listener => listener.Transport == transport).Endpoint;

    private async Task StartServerAsync(FloorSettings floor)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var options = new ServerOptions
        {
            NodeName = NodeName,
            DataFolder = _folder,
            Sip = new SipOptions { Listeners = [new SipListener("udp", any), new SipListener("tcp", any)], Realm = Domain, Domains = [Domain] },
            Media = new MediaSettings { Address = "127.0.0.1", FirstPort = 0, LastPort = 0 },
            Api = new ApiSettings { Listener = any },
            Floor = floor,
        };
        _server = await McpttServer.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    private async Task ProvisionAsync(Action<GroupDocument> change)
    {
        var document = new GroupDocument { GroupId = Group, SessionType = SessionType.Prearranged, QueueDepth = 8 };
        foreach (var name in Names)
        {
            var profile = new UserProfile { McpttId = $"sip:{name}@{Domain}", DigestUser = name, Realm = Domain };
            profile.Ha1.Add("SHA-256", DigestResponse.SecretHash("SHA-256", name, Domain, PasswordOf(name)));
            await PutAsync(new Command { To = ActorAddresses.Ue(profile.McpttId), Ue = new UeCommand { PutUser = new PutUser { Profile = profile } } });
            document.Members.Add(new GroupMember { McpttId = profile.McpttId, UserPriority = name == "dave" ? 9u : 3u });
        }

        change(document);
        await PutAsync(new Command { To = ActorAddresses.Group(Group), Group = new GroupCommand { PutGroup = new PutGroup { Document = document } } });
    }

    private async Task PutAsync(Command command)
    {
        var reply = await OrderAsync(command);
        Assert.True(reply.Accepted is not null, reply.ToString());
    }
}
