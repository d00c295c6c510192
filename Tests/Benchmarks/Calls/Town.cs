using System.Globalization;
using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Groups;
using Mcptt.Domain.Ports;
using Mcptt.Domain.Ues;
using Mcptt.Media;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Calls;

/// <summary>
/// The real actors, journal and media node, with users, groups of four and their calls. Only SIP is not on the wire: phones that
/// answer and acknowledge at once stand in its place.
/// </summary>
internal sealed class Town : ISipOutbox, IAsyncDisposable
{
    public const int MembersPerCall = 4;

    private const uint AnHourMs = 3_600_000;

    private static readonly ParallelOptions Together = new() { MaxDegreeOfParallelism = 16 };
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IJournal _journal;
    private readonly LocalEngine _engine;
    private readonly MediaNode _media;
    private readonly int _rtpPort;
    private readonly int _floorPort;
    private long _commands;

    /// <param name="rtpPort">Where all members hear RTP: member n (from 1) of each group at 127.0.0.n.</param>
    private Town(IJournal journal, EngineOptions options, int rtpPort, int floorPort)
    {
        _journal = journal;
        _rtpPort = rtpPort;
        _floorPort = floorPort;
        var kinds = new ActorKinds().Add(new UeKind()).Add(new GroupKind()).Add(new CallKind()).Add(new FloorKind());
        _engine = new LocalEngine(kinds, journal, options, TimeProvider.System, NullLoggerFactory.Instance);
        var media = new MediaOptions { NodeName = "m1", BindAddress = IPAddress.Loopback, Ports = MediaPortRange.Ephemeral };
        _media = new MediaNode(media, _engine, TimeProvider.System, NullLogger.Instance);
    }

    public int Loaded => _engine.Loaded;

    public static async Task<Town> StartAsync(IJournal journal, EngineOptions options, int rtpPort, int floorPort)
    {
        var town = new Town(journal, options, rtpPort, floorPort);
        await town._media.StartAsync(CancellationToken.None);
        town._engine.Attach(town, town._media);
        await town._engine.StartAsync(CancellationToken.None);
        return town;
    }

    /// <summary>Users [first, first + count), each with one client registered for an hour.</summary>
    public Task RegisterAsync(int first, int count) =>
        Parallel.ForEachAsync(Enumerable.Range(first, count), Together, async (user, _) =>
        {
            var profile = new UserProfile { McpttId = UserId(user), DigestUser = Name(user), Realm = "example.org" };
            profile.Ha1.Add("SHA-256", new string('0', 64));
            await OrderAsync(ActorAddresses.Ue(profile.McpttId), command => command.Ue = new UeCommand { PutUser = new PutUser { Profile = profile } });
            var register = new Register { Client = Client(user), ExpiresS = AnHourMs / 1000, SipCallId = $"{Name(user)}@192.0.2.1", Cseq = 1, UserAgent = "Handset/1.4 (brigade)" };
            await OrderAsync(ActorAddresses.Ue(profile.McpttId), command => command.Ue = new UeCommand { Register = register });
        });

    /// <summary>Call n is of group n, whose members are the users from 4 n on. It ends when all are in the session and known to the floor.</summary>
    public Task CallAsync(int first, int count) => Parallel.ForEachAsync(Enumerable.Range(first, count), Together, async (call, _) => await CallAsync(call));

    /// <summary>Bursts of these calls, each member after the other, then the calls' end: all that they leave is in the journal.</summary>
    public Task TalkAndEndAsync(int first, int count, int bursts) =>
        Parallel.ForEachAsync(Enumerable.Range(first, count), Together, async (call, _) =>
        {
            var floor = ActorAddresses.Floor(CallId(call));
            for (var burst = 0; burst < bursts; burst++)
            {
                var leg = (uint)(burst % MembersPerCall) + 1;
                await OrderAsync(floor, command => command.Floor = new FloorCommand { Request = new RequestFloor { Leg = leg } });
                await OrderAsync(floor, command => command.Floor = new FloorCommand { Release = new ReleaseFloor { Leg = leg } });
            }

            await OrderAsync(ActorAddresses.Call(CallId(call)), command => command.Call = new CallCommand { Release = new ReleaseCall { Reason = "the end of the day" } });
        });

    public async Task<CallView> CallViewAsync(int call) =>
        (await OrderAsync(ActorAddresses.Call(CallId(call)), command => command.Call = new CallCommand { GetCall = new GetCall() })).Call;

    public async ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken)
    {
        switch (effect.BodyCase)
        {
            case SipEffect.BodyOneofCase.Invite:
                await OrderAsync(ActorAddresses.Call(effect.Invite.Call), command => command.Call = new CallCommand { LegAnswered = Answer(effect.Invite) });
                break;
            case SipEffect.BodyOneofCase.Answer:
                var acknowledged = new LegAcknowledged { Leg = effect.Answer.Leg };
                await OrderAsync(ActorAddresses.Call(effect.Answer.Call), command => command.Call = new CallCommand { LegAcknowledged = acknowledged });
                break;
        }

        return true;
    }

    /// <summary>Until no more than so many actors are in memory.</summary>
    public Task UnloadedAsync(int left) => UntilAsync(() => ValueTask.FromResult(Loaded <= left), $"no more than {left} actors in memory");

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _media.DisposeAsync();
        await _journal.DisposeAsync();
    }

    private static string Name(int user) => $"user{user:D6}";

    private static string UserId(int user) => $"sip:{Name(user)}@example.org";

    private static string GroupId(int call) => $"sip:brigade{call:D5}@example.org";

    private static string CallId(int call) => call.ToString("x24", CultureInfo.InvariantCulture);

    private static Flow Flow(int user) => new() { EdgeNode = "e1", Transport = Transport.Udp, Remote = $"192.0.2.{user % 250}:5060" };

    private static ClientContact Client(int user) =>
        new()
        {
            McpttId = UserId(user),
            ClientId = $"urn:uuid:00000000-0000-4000-8000-{user:x12}",
            ContactUri = $"sip:{Name(user)}@192.0.2.{user % 250}:5060",
            McpttClient = true,
            Flow = Flow(user),
        };

    private static async Task UntilAsync(Func<ValueTask<bool>> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            if (patience.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{what}: not within {Patience}");
            }

            await Task.Delay(Glance);
        }
    }

    private async Task CallAsync(int call)
    {
        var users = Enumerable.Range(call * MembersPerCall, MembersPerCall).ToArray();
        var group = ActorAddresses.Group(GroupId(call));
        var document = new GroupDocument { GroupId = group.Id, SessionType = SessionType.Prearranged, QueueDepth = 8, HangTimerMs = AnHourMs };
        document.Members.Add(users.Select(user => new GroupMember { McpttId = UserId(user), UserPriority = 5 }));
        await OrderAsync(group, command => command.Group = new GroupCommand { PutGroup = new PutGroup { Document = document } });
        foreach (var user in users)
        {
            var publish = new PublishAffiliation { ClientId = Client(user).ClientId, ExpiresS = uint.MaxValue, GroupIds = { group.Id } };
            await OrderAsync(ActorAddresses.Ue(UserId(user)), command => command.Ue = new UeCommand { PublishAffiliation = publish });
        }

        await UntilAsync(
            async () => (await OrderAsync(group, command => command.Group = new GroupCommand { GetGroup = new GetGroup() })).Group.Affiliated.Count == MembersPerCall,
            "all members affiliated");
        var route = new RouteGroupCall { Invite = Invite(users[0], group.Id), NewCallId = CallId(call) };
        await OrderAsync(group, command => command.Group = new GroupCommand { RouteGroupCall = route });
        await UntilAsync(async () => await IsEstablishedAsync(call), "all members in the call");
    }

    private async ValueTask<bool> IsEstablishedAsync(int call)
    {
        // Both are told of by another actor, and unknown until then.
        var view = await AskAsync(ActorAddresses.Call(CallId(call)), command => command.Call = new CallCommand { GetCall = new GetCall() });
        var floor = await AskAsync(ActorAddresses.Floor(CallId(call)), command => command.Floor = new FloorCommand { GetFloor = new GetFloor() });
        return view.Accepted?.Call.Legs.Count(leg => leg.Phase == "in-session") == MembersPerCall
            && floor.Accepted?.Floor.Participants.Count == MembersPerCall;
    }

    private IncomingInvite Invite(int user, string group) =>
        new()
        {
            McpttId = UserId(user),
            ClientId = Client(user).ClientId,
            ContactUri = Client(user).ContactUri,
            SdpOffer = Sdp(1),
            Target = group,
            SessionType = SessionType.Prearranged,
            Request = new SipRequest
            {
                Method = "INVITE",
                Via = { $"SIP/2.0/UDP 192.0.2.{user % 250}:5060;branch=z9hG4bK{user:x8};rport=5060" },
                CallId = $"{user:x16}@192.0.2.{user % 250}",
                Cseq = 1,
                From = $"<{UserId(user)}>;tag=from{user}",
                To = $"<{group}>",
                Flow = Flow(user),
                McpttClient = true,
            },
        };

    private LegAnswered Answer(InviteLeg invite) =>
        new()
        {
            Leg = invite.Leg,
            Remote = $"<{invite.Client.McpttId}>;tag=to{invite.Leg}",
            ContactUri = invite.Client.ContactUri,
            SdpAnswer = Sdp(invite.Leg),
            Cseq = 1,
            Flow = invite.Client.Flow,
        };

    private string Sdp(uint leg) =>
        $"v=0\r\no=x 1 1 IN IP4 127.0.0.{leg}\r\ns=-\r\nc=IN IP4 127.0.0.{leg}\r\nt=0 0\r\nm=audio {_rtpPort} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        + $"m=application {_floorPort} udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=5\r\n";

    private async Task<Accepted> OrderAsync(ActorAddress to, Action<Command> body)
    {
        var reply = await AskAsync(to, body);
        return reply.Accepted ?? throw new InvalidOperationException($"{to} answered {reply}");
    }

    private async Task<Reply> AskAsync(ActorAddress to, Action<Command> body)
    {
        var command = new Command
        {
            CommandId = $"town:{Interlocked.Increment(ref _commands)}",
            To = to,
            TimeUs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        };
        body(command);
        return await _engine.SendAsync(command, CancellationToken.None);
    }
}
