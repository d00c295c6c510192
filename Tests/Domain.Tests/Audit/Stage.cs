using System.Text.Json;
using Google.Protobuf;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Groups;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Audit;

/// <summary>
/// A group, its calls and their floors, run by the production deciders with time turned by hand; phones and media node are played. What they decide is
/// kept as the journal would keep it, so that a story can be told of it.
/// </summary>
internal sealed class Stage
{
    public const string Group = "sip:brigade@example.org";

    /// <summary>2026-01-01 14:03:00 UTC.</summary>
    public const long StartUs = 1_767_276_180_000_000;

    private const long AnswerUs = 180_000;

    private readonly SortedDictionary<string, StageActor> _actors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sequence = [];
    private readonly PriorityQueue<Action, (long DueUs, int Order)> _scheduled = new();
    private readonly Queue<Command> _told = new();
    private readonly Dictionary<string, uint> _legs = [];
    private readonly Dictionary<string, uint> _refusers = [];
    private readonly HashSet<string> _plain = [];
    private int _commands;
    private ulong _epoch;

    public Stage(IEnumerable<string> members, Action<GroupDocument>? change = null)
    {
        var document = new GroupDocument { GroupId = Group, SessionType = SessionType.Prearranged, QueueDepth = 4, HangTimerMs = 20_000 };
        document.Members.Add(members.Select(name => new GroupMember { McpttId = User(name), UserPriority = 5 }));
        change?.Invoke(document);
        ToGroup(new GroupCommand { PutGroup = new PutGroup { Document = document } });
    }

    public long NowUs { get; private set; } = StartUs;

    public List<(string PersistenceId, long SequenceNumber, EventEnvelope Envelope)> Journal { get; } = [];

    /// <summary>The last call that was started.</summary>
    public string CallId { get; private set; } = "";

    public IEnumerable<string> InCall => _legs.Keys;

    public static string User(string name) => name.Contains(':', StringComparison.Ordinal) ? name : $"sip:{name}@example.org";

    public Stage Affiliate(params string[] names)
    {
        foreach (var name in names)
        {
            ToGroup(new GroupCommand { Affiliate = new Affiliate { Client = Contact(name) } });
        }

        return this;
    }

    /// <summary>Calls the group, which starts a call or joins the one under way.</summary>
    public Stage Call(string name) =>
        ToGroup(new GroupCommand { RouteGroupCall = new RouteGroupCall { Invite = Invite(name), NewCallId = $"{_commands + 1:x24}" } }, User(name));

    /// <summary>When invited, it answers with this status.</summary>
    public Stage Declines(string name, uint status)
    {
        _refusers[User(name)] = status;
        return this;
    }

    public Stage IsPlainPhone(params string[] names)
    {
        _plain.UnionWith(names.Select(User));
        return this;
    }

    public Stage Press(string name, uint? priority = null, uint indicator = 0) =>
        ToFloor(new FloorCommand { Request = new RequestFloor { Leg = Leg(name), HasPriority = priority is not null, Priority = priority ?? 0, Indicator = indicator } });

    public Stage Release(string name) => ToFloor(new FloorCommand { Release = new ReleaseFloor { Leg = Leg(name) } });

    public Stage Speak(string name) => ToFloor(new FloorCommand { MediaStarted = new MediaStarted { Leg = Leg(name), Ssrc = 1000 + Leg(name) } });

    public Stage Silence(string name) => ToFloor(new FloorCommand { MediaStopped = new MediaStopped { Leg = Leg(name), TalkersEpoch = _epoch } });

    public Stage Talk(string name, double seconds) => Press(name).Wait(0.12).Speak(name).Wait(seconds).Release(name);

    public Stage Emergency(bool emergency) => ToFloor(new FloorCommand { SetCondition = new SetCallCondition { Emergency = emergency } });

    public Stage WantsVoice(string name, bool wanted) =>
        ToFloor(new FloorCommand { ControlMediaFlow = new ControlMediaFlow { Leg = Leg(name), Indicator = wanted ? 0x8000u : 0 } });

    public Stage Hold(string name, bool held) =>
        ToCall(new CallCommand
        {
            LegReoffered = new LegReoffered
            {
                Leg = Leg(name),
                Cseq = (uint)(_commands + 100),
                SipCallId = SipCallIdOf(name),
                RemoteTag = $"tag-{name}",
                SdpOffer = Sdp(held ? "a=sendonly\r\n" : ""),
            },
        });

    public Stage HangUp(string name)
    {
        ToCall(new CallCommand { LegBye = new LegBye { Leg = Leg(name), Cseq = (uint)(_commands + 100), SipCallId = SipCallIdOf(name), RemoteTag = $"tag-{name}" } });
        _legs.Remove(User(name));
        return this;
    }

    public Stage Order(CallCommand command) => ToCall(command);

    public Stage Wait(double seconds)
    {
        var end = NowUs + (long)(seconds * 1_000_000);
        while (NextUs() is var next && next <= end)
        {
            NowUs = Math.Max(NowUs, next);
            Step();
        }

        NowUs = end;
        return this;
    }

    /// <param name="rename">Other names than a group document takes: what an old or foreign journal may have.</param>
    public CallStory Story(IReadOnlyDictionary<string, string>? rename = null)
    {
        var builder = new CallStoryBuilder(CallId);
        foreach (var (persistenceId, sequenceNumber, envelope) in Journal.Where(stored => IsOf(stored.PersistenceId, stored.Envelope, CallId)))
        {
            builder.Take(persistenceId, sequenceNumber, rename is null ? envelope : Renamed(envelope, rename));
        }

        Assert.True(builder.IsFound);
        return builder.Build();
    }

    private static EventEnvelope Renamed(EventEnvelope envelope, IReadOnlyDictionary<string, string> names)
    {
        var json = JsonFormatter.Default.Format(envelope);
        foreach (var (name, other) in names)
        {
            json = json.Replace($"\"{name}\"", JsonSerializer.Serialize(other), StringComparison.Ordinal);
        }

        return JsonParser.Default.Parse<EventEnvelope>(json);
    }

    // The tag call:ID, as the journal would give it.
    private static bool IsOf(string persistenceId, EventEnvelope envelope, string call) =>
        persistenceId == "call-" + call || persistenceId == "floor-" + call
        || (envelope.Event.Group is { } group && (group.JoinRefused?.Call ?? group.CallStarted?.Call ?? group.CallJoined?.Call ?? group.CallCleared?.Call ?? group.JoinRefusalsCounted?.Call) == call);

    private uint Leg(string name) => _legs.GetValueOrDefault(User(name));

    private string SipCallIdOf(string name) => Leg(name) is var leg && _sipCallIds.TryGetValue(leg, out var id) ? id : $"{CallId}.{leg}@mcptt";

    private readonly Dictionary<uint, string> _sipCallIds = [];

    private ClientContact Contact(string name) =>
        new() { McpttId = User(name), ClientId = $"{name}-1", ContactUri = $"sip:{name}@192.0.2.1", McpttClient = !_plain.Contains(User(name)) };

    private string Sdp(string line = "", bool floor = true) =>
        "v=0\r\no=x 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" + line
        + (floor ? "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=9\r\n" : "");

    private IncomingInvite Invite(string name) =>
        new()
        {
            McpttId = User(name),
            ClientId = $"{name}-1",
            ContactUri = $"sip:{name}@192.0.2.1",
            SdpOffer = Sdp(floor: !_plain.Contains(User(name))),
            Target = Group,
            Request = new SipRequest
            {
                Method = "INVITE",
                CallId = $"{name}-{_commands}@call",
                Cseq = 1,
                From = $"<{User(name)}>;tag=tag-{name}",
                To = $"<{Group}>",
                McpttClient = !_plain.Contains(User(name)),
                Flow = new Flow { EdgeNode = "e1", Transport = Transport.Udp, Remote = "192.0.2.1:5060" },
            },
        };

    private Stage ToGroup(GroupCommand command, string onBehalfOf = "") =>
        Send(new Command { To = ActorAddresses.Group(Group), Group = command, OnBehalfOf = onBehalfOf });

    private Stage ToCall(CallCommand command) => Send(new Command { To = ActorAddresses.Call(CallId), Call = command });

    private Stage ToFloor(FloorCommand command) => Send(new Command { To = ActorAddresses.Floor(CallId), Floor = command });

    private Stage Send(Command command)
    {
        _told.Enqueue(command);
        while (_told.TryDequeue(out var next))
        {
            Take(next);
        }

        return this;
    }

    private void Take(Command command)
    {
        command.CommandId = $"stage:{++_commands}";
        command.TimeUs = NowUs;
        var id = command.To.PersistenceId();
        var actor = _actors.TryGetValue(id, out var known) ? known : _actors[id] = Create(command.To);
        var (events, effects) = actor.Take(command);
        foreach (var envelope in events)
        {
            Journal.Add((id, _sequence[id] = _sequence.GetValueOrDefault(id) + 1, envelope));
            Notice(command.To, envelope.Event);
        }

        foreach (var effect in effects)
        {
            React(effect);
        }
    }

    private static StageActor Create(ActorAddress address) =>
        address.Kind switch
        {
            ActorKindName.Group => new StageActor<GroupState>(new GroupKind(), address.Id),
            ActorKindName.Call => new StageActor<CallState>(new CallKind(), address.Id),
            ActorKindName.Floor => new StageActor<FloorState>(new FloorKind(), address.Id),
            _ => throw new InvalidOperationException($"no {address.Kind} on this stage"),
        };

    private void Notice(ActorAddress address, DomainEvent happened)
    {
        if (happened.Call?.Initiated is { } initiated)
        {
            (CallId, _epoch) = (address.Id, 0);
            _legs.Clear();
            _sipCallIds.Clear();
            Know(1, initiated.Invite);
        }
        else if (happened.Call?.JoinReceived is { } joined)
        {
            Know(joined.Leg, joined.Invite);
        }
        else if (happened.Call?.ParticipantLeft is { } left)
        {
            foreach (var gone in _legs.Where(pair => pair.Value == left.Leg).Select(pair => pair.Key).ToList())
            {
                _legs.Remove(gone);
            }
        }
    }

    private void Know(uint leg, IncomingInvite invite)
    {
        _legs[invite.McpttId] = leg;
        _sipCallIds[leg] = invite.Request.CallId;
    }

    private void React(Effect effect)
    {
        switch (effect)
        {
            case { Command: { To.Kind: not ActorKindName.Ue } told }:
                _told.Enqueue(told);
                break;
            case { Media.Open: not null }:
                After(20_000, () => ToCall(new CallCommand
                {
                    MediaOpened = new MediaSessionOpened { MediaNode = "m1", Address = "198.51.100.1", RtpPort = 20000, FloorPort = 20002 },
                }));
                break;
            case { Media.SetTalkers: { } talkers }:
                _epoch = talkers.Epoch;
                break;
            case { Sip.Answer: { } answer }:
                After(30_000, () => ToCall(new CallCommand { LegAcknowledged = new LegAcknowledged { Leg = answer.Leg } }));
                break;
            case { Sip.Invite: { } invite }:
                After(AnswerUs + (long)(invite.Leg * 10_000), () => Answer(invite));
                break;
        }
    }

    private void Answer(InviteLeg invite)
    {
        var name = invite.Client.McpttId.Split(':', '@')[1];
        if (_refusers.TryGetValue(invite.Client.McpttId, out var status))
        {
            ToCall(new CallCommand { LegFailed = new LegFailed { Leg = invite.Leg, Status = status, Reason = status == 486 ? "Busy Here" : "" } });
            return;
        }

        _legs[invite.Client.McpttId] = invite.Leg;
        ToCall(new CallCommand
        {
            LegAnswered = new LegAnswered
            {
                Leg = invite.Leg,
                Remote = $"<{invite.Client.McpttId}>;tag=tag-{name}",
                ContactUri = invite.Client.ContactUri,
                SdpAnswer = Sdp(floor: !_plain.Contains(invite.Client.McpttId)),
                Cseq = 1,
            },
        });
    }

    private void After(long us, Action action) => _scheduled.Enqueue(action, (NowUs + us, _scheduled.Count));

    private long NextUs() =>
        Math.Min(
            _scheduled.TryPeek(out _, out var due) ? due.DueUs : long.MaxValue,
            _actors.Values.Select(actor => actor.NextTimer()?.DueUs ?? long.MaxValue).Append(long.MaxValue).Min());

    private void Step()
    {
        if (_scheduled.TryPeek(out var action, out var due) && due.DueUs <= NowUs)
        {
            _scheduled.Dequeue();
            action();
            return;
        }

        foreach (var (id, actor) in _actors)
        {
            if (actor.NextTimer() is { } timer && timer.DueUs <= NowUs && ActorAddresses.TryParse(id, out var address))
            {
                Send(new Command { To = address, Timer = new TimerFired { Name = timer.Name, DueUs = timer.DueUs } });
                return;
            }
        }
    }
}
