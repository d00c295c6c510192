using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Groups;
using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Calls;

/// <summary>One life of a server with the real actors and four users of one group.</summary>
internal sealed class Brigade : IAsyncDisposable
{
    public const string GroupId = "sip:brigade@example.org";
    public const string CallId = "0123456789abcdef01234567";

    public static readonly string[] Users = [.. new[] { "alice", "bob", "carol", "dan" }.Select(name => $"sip:{name}@example.org")];

    private Brigade(LocalEngine engine, Phones phones)
    {
        Engine = engine;
        Phones = phones;
    }

    public LocalEngine Engine { get; }

    public Phones Phones { get; }

    /// <param name="report">See <see cref="Calls.Phones"/>.</param>
    public static async Task<Brigade> StartAsync(IJournal journal, TimeProvider? time = null, Action<Command>? report = null)
    {
        var kinds = new ActorKinds().Add(new UeKind()).Add(new GroupKind()).Add(new CallKind()).Add(new FloorKind());
        var options = new EngineOptions { SnapshotEvery = 10, SweepInterval = TimeSpan.FromMilliseconds(20) };
        var engine = new LocalEngine(kinds, journal, options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        var phones = new Phones(engine, report);
        engine.Attach(phones, phones);
        await engine.StartAsync(CancellationToken.None);
        return new Brigade(engine, phones);
    }

    public async Task<Reply> SendAsync(string commandId, ActorAddress to, Action<Command> body)
    {
        var command = new Command { CommandId = commandId, To = to };
        body(command);
        return await Engine.SendAsync(command, CancellationToken.None);
    }

    /// <summary>Users, the group, their registrations, and all of them affiliated.</summary>
    public async Task RegisterAllAsync()
    {
        foreach (var user in Users)
        {
            await AcceptedAsync($"put {user}", ActorAddresses.Ue(user), c => c.Ue = new UeCommand { PutUser = new PutUser { Profile = new UserProfile { McpttId = user } } });
        }

        var document = new GroupDocument { GroupId = GroupId, SessionType = SessionType.Prearranged, QueueDepth = 4, HangTimerMs = 600_000, TalkLimitMs = 600_000 };
        document.Members.AddRange(Users.Select(user => new GroupMember { McpttId = user, ImplicitAffiliation = true, UserPriority = 5 }));
        await AcceptedAsync("put group", ActorAddresses.Group(GroupId), c => c.Group = new GroupCommand { PutGroup = new PutGroup { Document = document } });
        foreach (var user in Users)
        {
            var register = new Register { Client = Contact(user), ExpiresS = 3_600, SipCallId = user, Cseq = 1 };
            await AcceptedAsync($"register {user}", ActorAddresses.Ue(user), c => c.Ue = new UeCommand { Register = register });
        }

        await UntilAsync(async () => (await GroupAsync()).Affiliated.Count == Users.Length, "everybody's affiliation");
    }

    public async Task CallAsync()
    {
        await AcceptedAsync("sip:INVITE:1", ActorAddresses.Group(GroupId), c => c.Group = new GroupCommand { RouteGroupCall = Call(0, CallId) });
        await UntilAsync(async () => (await FloorAsync())?.Participants.Count == Users.Length, "a floor with everybody");
    }

    /// <summary>An INVITE of one of them to the group.</summary>
    public static RouteGroupCall Call(int user, string callId)
    {
        var request = new SipRequest { Method = "INVITE", From = $"<{Users[user]}>;tag=a", To = $"<{GroupId}>", CallId = callId, Cseq = 1, Flow = Contact(Users[user]).Flow, McpttClient = true };
        var invite = new IncomingInvite
        {
            Request = request,
            McpttId = Users[user],
            ClientId = "phone",
            ContactUri = Contact(Users[user]).ContactUri,
            SdpOffer = Phones.Sdp.Offer,
            SessionType = SessionType.Prearranged,
            Target = GroupId,
        };
        return new RouteGroupCall { Invite = invite, NewCallId = callId };
    }

    public Task<Reply> RequestFloorAsync(string commandId, uint leg) =>
        SendAsync(commandId, ActorAddresses.Floor(CallId), c => c.Floor = new FloorCommand { Request = new RequestFloor { Leg = leg } });

    public Task<Reply> ReleaseFloorAsync(string commandId, uint leg) =>
        SendAsync(commandId, ActorAddresses.Floor(CallId), c => c.Floor = new FloorCommand { Release = new ReleaseFloor { Leg = leg } });

    public async Task<FloorView?> FloorAsync() =>
        (await SendAsync("get", ActorAddresses.Floor(CallId), c => c.Floor = new FloorCommand { GetFloor = new GetFloor() })).Accepted?.Floor;

    public async Task<CallView?> CallViewAsync() =>
        (await SendAsync("get", ActorAddresses.Call(CallId), c => c.Call = new CallCommand { GetCall = new GetCall() })).Accepted?.Call;

    public async Task<GroupView> GroupAsync() =>
        (await SendAsync("get", ActorAddresses.Group(GroupId), c => c.Group = new GroupCommand { GetGroup = new GetGroup() })).Accepted.Group;

    public static Task UntilAsync(Func<Task<bool>> condition, string what) => Node.UntilAsync(() => condition().GetAwaiter().GetResult(), what);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    public static ClientContact Contact(string user) =>
        new()
        {
            McpttId = user,
            ClientId = "phone",
            ContactUri = user.Replace("example.org", "192.0.2.10", StringComparison.Ordinal),
            McpttClient = true,
            Flow = new Flow { EdgeNode = "e1", Transport = Transport.Udp, Remote = "192.0.2.10:5060" },
        };

    private async Task AcceptedAsync(string commandId, ActorAddress to, Action<Command> body)
    {
        var reply = await SendAsync(commandId, to, body);
        Assert.True(reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted, $"{commandId}: {reply}");
    }
}
