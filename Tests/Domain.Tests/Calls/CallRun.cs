using Mcptt.Domain.Calls;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>A call as its neighbours see it: the group, the edge and the media node speak, and what it orders is kept.</summary>
internal sealed class CallRun
{
    public const string GroupId = "sip:brigade@example.org";
    public const string CallId = "0123456789abcdef01234567";

    public CallRun() => Run = new ActorRun<CallState>(new CallKind(), CallId);

    public ActorRun<CallState> Run { get; }

    /// <summary>Of the last command.</summary>
    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public Decision Decision { get; private set; } = Decision.AlreadySo;

    public List<Effect> AllEffects { get; } = [];

    public CallView View => new CallKind().Decide(Run.State, new Command { Call = new CallCommand { GetCall = new GetCall() } }).Accepted.Call;

    public IEnumerable<SipEffect> Sip => Effects.Where(effect => effect.BodyCase == Effect.BodyOneofCase.Sip).Select(effect => effect.Sip);

    public IEnumerable<MediaEffect> Media => Effects.Where(effect => effect.BodyCase == Effect.BodyOneofCase.Media).Select(effect => effect.Media);

    public IEnumerable<FloorCommand> Floor => Commands.Where(command => command.To.Kind == ActorKindName.Floor).Select(command => command.Floor);

    public IEnumerable<GroupCommand> ToGroup => Commands.Where(command => command.To.Kind == ActorKindName.Group).Select(command => command.Group);

    public IEnumerable<InviteLeg> Invites => Sip.Where(effect => effect.Invite is not null).Select(effect => effect.Invite);

    public IEnumerable<AnswerInvite> Answers => Sip.Where(effect => effect.Answer is not null).Select(effect => effect.Answer);

    public IEnumerable<RefuseInvite> Refusals => Sip.Where(effect => effect.Refuse is not null).Select(effect => effect.Refuse);

    public IEnumerable<ByeLeg> Byes => Sip.Where(effect => effect.Bye is not null).Select(effect => effect.Bye);

    public IEnumerable<CancelLeg> Cancels => Sip.Where(effect => effect.Cancel is not null).Select(effect => effect.Cancel);

    public IEnumerable<RefreshLeg> Refreshes => Sip.Where(effect => effect.Refresh is not null).Select(effect => effect.Refresh);

    public IEnumerable<InformLeg> Informs => Sip.Where(effect => effect.Inform is not null).Select(effect => effect.Inform);

    public IEnumerable<PutMediaLeg> Puts => Media.Where(effect => effect.PutLeg is not null).Select(effect => effect.PutLeg);

    private IEnumerable<Command> Commands => Effects.Where(effect => effect.BodyCase == Effect.BodyOneofCase.Command).Select(effect => effect.Command);

    public CallRights? OriginatorRights { get; init; }

    public static CallRights AllRights =>
        new() { StartEmergency = true, CancelEmergency = true, StartImminentPeril = true, CancelImminentPeril = true, CancelQueued = true, RevokeFloor = true };

    public static CallRules Rules(Action<CallRules>? change = null)
    {
        var rules = new CallRules { GroupId = GroupId, SessionType = SessionType.Prearranged, QueueDepth = 5 };
        change?.Invoke(rules);
        return rules;
    }

    public static CallMember Member(string name, bool required = false, bool mcptt = true) =>
        new()
        {
            UserPriority = 5,
            Required = required,
            Client = new ClientContact { McpttId = $"sip:{name}@example.org", ClientId = name + "-1", ContactUri = $"sip:{name}@192.0.2.1", McpttClient = mcptt },
        };

    public static string Sdp(string host = "192.0.2.10", string lines = "", string audio = "m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 AMR-WB/16000\r\n", bool floor = true) =>
        $"v=0\r\no=x 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n{audio}{lines}"
        + (floor ? "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=9;mc_implicit_request\r\n" : "");

    public static IncomingInvite Invite(string name, string? sdp = null, string sipCallId = "", Action<IncomingInvite>? change = null)
    {
        var invite = new IncomingInvite
        {
            McpttId = $"sip:{name}@example.org",
            ClientId = name + "-1",
            ContactUri = $"sip:{name}@192.0.2.1",
            SdpOffer = sdp ?? Sdp(),
            Target = GroupId,
            Request = new SipRequest
            {
                Method = "INVITE",
                CallId = sipCallId.Length > 0 ? sipCallId : name + "@call",
                Cseq = 1,
                From = $"<sip:{name}@example.org>;tag=from-{name}",
                To = $"<{GroupId}>",
                Flow = new Flow { EdgeNode = "e1", Transport = Transport.Udp, Remote = "192.0.2.1:5060" },
            },
        };
        change?.Invoke(invite);
        return invite;
    }

    public CallRun Initiate(CallRules rules, IncomingInvite invite, params CallMember[] members)
    {
        var client = new ClientContact { McpttId = invite.McpttId, ClientId = invite.ClientId, ContactUri = invite.ContactUri, McpttClient = invite.Request.McpttClient };
        var originator = new CallMember { UserPriority = 5, Client = client, Rights = OriginatorRights };
        var initiate = new InitiateCall { Rules = rules, Invite = invite, Originator = originator };
        initiate.Members.Add(members);
        return Send(new CallCommand { Initiate = initiate });
    }

    /// <summary>Alice calls bob and carol, 200 at once, media at 198.51.100.1:20000.</summary>
    public CallRun Started(Action<CallRules>? change = null, params CallMember[] members) =>
        Initiate(Rules(change), Invite("alice"), members.Length > 0 ? members : [Member("bob"), Member("carol")]).MediaOpened();

    /// <summary>As Started, alice's ACK came and bob (leg 2) and carol (leg 3) are in the session.</summary>
    public CallRun Running(Action<CallRules>? change = null) => Started(change).Acknowledged(1).Answered(2, "bob").Answered(3, "carol");

    public CallRun MediaOpened(uint port = 20000, string node = "m1") =>
        Send(new CallCommand { MediaOpened = new MediaSessionOpened { MediaNode = node, Address = "198.51.100.1", RtpPort = port, FloorPort = port + 2 } });

    public CallRun Join(string name, string? sdp = null, string sipCallId = "") =>
        Send(new CallCommand { Join = new JoinCall { Invite = Invite(name, sdp, sipCallId), Member = Member(name) } });

    public CallRun Answered(uint leg, string name, string? sdp = null, uint cseq = 1, uint sessionExpires = 0, string refresher = "", string tag = "") =>
        Send(new CallCommand
        {
            LegAnswered = new LegAnswered
            {
                Leg = leg,
                Remote = $"<sip:{name}@example.org>;tag={(tag.Length > 0 ? tag : "to-" + name)}",
                ContactUri = $"sip:{name}@192.0.2.1",
                SdpAnswer = sdp ?? Sdp("192.0.2." + (10 + leg)),
                Cseq = cseq,
                SessionExpiresS = sessionExpires,
                Refresher = refresher,
                Flow = new Flow { EdgeNode = "e1" },
            },
        });

    public CallRun Acknowledged(uint leg) => Send(new CallCommand { LegAcknowledged = new LegAcknowledged { Leg = leg } });

    public CallRun Failed(uint leg, uint status, bool inDialog = false) =>
        Send(new CallCommand { LegFailed = new LegFailed { Leg = leg, Status = status, InDialog = inDialog } });

    public CallRun Bye(uint leg, string name, uint cseq = 100)
    {
        var outgoing = leg != 1 && View.Legs.SingleOrDefault(known => known.Leg == leg)?.Outgoing != false;
        return Send(new CallCommand
        {
            LegBye = new LegBye
            {
                Leg = leg,
                Cseq = cseq,
                SipCallId = outgoing ? $"{CallId}.{leg}@mcptt" : name + "@call",
                RemoteTag = outgoing ? "to-" + name : "from-" + name,
            },
        });
    }

    public CallRun Cancelled(string name) => Send(new CallCommand { LegCancelled = new LegCancelled { SipCallId = name + "@call", Cseq = 1 } });

    public CallRun Reoffered(uint leg, string name, string sdp, uint cseq = 2, Action<LegReoffered>? change = null)
    {
        var reoffered = new LegReoffered
        {
            Leg = leg,
            Cseq = cseq,
            SipCallId = leg == 1 ? name + "@call" : $"{CallId}.{leg}@mcptt",
            RemoteTag = (leg == 1 ? "from-" : "to-") + name,
            SdpOffer = sdp,
        };
        change?.Invoke(reoffered);
        return Send(new CallCommand { LegReoffered = reoffered });
    }

    public CallRun Send(CallCommand call)
    {
        (Decision, Effects) = Run.Send(command => command.Call = call);
        AllEffects.AddRange(Effects);
        return this;
    }

    public CallRun Advance(double seconds)
    {
        Effects = Run.Advance(TimeSpan.FromSeconds(seconds));
        AllEffects.AddRange(Effects);
        return this;
    }
}
