using Mcptt.Domain.Floor;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>
/// Given/when/then for a floor. Legs 1..n belong to u1..un; leg 1 is the originator. What a command makes the server say is
/// written one line per datagram: "talkers 1" is SetTalkers, "2,3: Taken u1" a message to two legs, "call: FloorInactive" a command.
/// Behind a message: G (dual floor bit), I (multi-talker bit), ack (asked for), ! (no permission to request).
/// </summary>
public sealed class FloorRun
{
    public const string CallId = "0123456789abcdef01234567";

    private IReadOnlyList<string> _said = [];

    private FloorRun(FloorRules rules, uint invited)
    {
        Run = new ActorRun<FloorState>(new FloorKind(), CallId);
        Do(new FloorCommand { Open = new OpenFloor { MediaNode = "media-1", Rules = rules, InvitedLegs = invited } });
    }

    public ActorRun<FloorState> Run { get; }

    public FloorState State => Run.State;

    public Decision Decision { get; private set; } = Decision.AlreadySo;

    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public IReadOnlyList<string> Said => _said;

    public FloorView View => Run.Kind.Decide(State, new Command { Floor = new FloorCommand { GetFloor = new GetFloor() } }).Accepted.Floor;

    public IEnumerable<FloorMessage> Messages => Effects.SelectMany(MessagesOf).Select(sent => sent.Message);

    public static FloorRules Rules(Action<FloorRules>? change = null)
    {
        var rules = new FloorRules { GroupId = "sip:brigade@example.org", QueueDepth = 3, SessionType = SessionType.Prearranged };
        change?.Invoke(rules);
        return rules;
    }

    /// <summary>Everybody has negotiated queueing and mc_priority up to 10, has user priority 5 and, told by SDP, SSRC 1000 + leg.</summary>
    public static FloorParticipant Participant(uint leg, Action<FloorParticipant>? change = null)
    {
        var participant = new FloorParticipant
        {
            Leg = leg,
            McpttId = $"sip:u{leg}@example.org",
            UserPriority = 5,
            Queueing = true,
            PriorityNegotiated = true,
            PriorityLimit = 10,
            FloorChannel = true,
            Ssrc = 1000 + leg,
            Originator = leg == 1,
        };
        change?.Invoke(participant);
        return participant;
    }

    public static FloorRun Opened(Action<FloorRules>? rules = null, uint invited = 0) => new(Rules(rules), invited);

    public static FloorRun Of(uint members, Action<FloorRules>? rules = null, Action<FloorParticipant>? each = null)
    {
        var run = Opened(rules);
        for (var leg = 1u; leg <= members; leg++)
        {
            run.Join(leg, each);
        }

        return run;
    }

    public FloorRun Join(uint leg, Action<FloorParticipant>? change = null, bool @implicit = false) =>
        Do(new FloorCommand { AddParticipant = new AddParticipant { Participant = Participant(leg, change), ImplicitRequest = @implicit } });

    public FloorRun JoinPlain(uint leg) =>
        Join(leg, phone =>
        {
            phone.FloorChannel = phone.Queueing = phone.PriorityNegotiated = false;
            phone.Ssrc = 0;
        });

    public FloorRun Leave(uint leg) => Do(new FloorCommand { RemoveParticipant = new RemoveParticipant { Leg = leg } });

    public FloorRun Request(uint leg, uint? priority = null, FloorIndicator indicator = FloorIndicator.None, Action<RequestFloor>? change = null)
    {
        var request = new RequestFloor { Leg = leg, HasPriority = priority is not null, Priority = priority ?? 0, Indicator = (uint)indicator };
        change?.Invoke(request);
        return Do(new FloorCommand { Request = request });
    }

    public FloorRun Emergency(uint leg, uint? priority = null) => Request(leg, priority, FloorIndicator.EmergencyCall);

    public FloorRun Release(uint leg, bool acknowledge = false) =>
        Do(new FloorCommand { Release = new ReleaseFloor { Leg = leg, Acknowledge = acknowledge } });

    public FloorRun AskPosition(uint leg) => Do(new FloorCommand { RequestQueuePosition = new RequestQueuePosition { Leg = leg } });

    public FloorRun Ack(uint leg, FloorMessageType type) =>
        Do(new FloorCommand { Acknowledge = new AcknowledgeFloorMessage { Leg = leg, MessageType = (uint)type } });

    public FloorRun Speak(uint leg) => Do(new FloorCommand { MediaStarted = new MediaStarted { Leg = leg, Ssrc = 1000 + leg } });

    public FloorRun Silence(uint leg, ulong epoch = 0) => Do(new FloorCommand { MediaStopped = new MediaStopped { Leg = leg, TalkersEpoch = epoch } });

    public FloorRun Condition(bool emergency = false, bool peril = false) =>
        Do(new FloorCommand { SetCondition = new SetCallCondition { Emergency = emergency, ImminentPeril = peril } });

    public FloorRun Flow(uint leg, MediaFlowControl indicator, bool acknowledge = false) =>
        Do(new FloorCommand { ControlMediaFlow = new ControlMediaFlow { Leg = leg, Indicator = (uint)indicator, Acknowledge = acknowledge } });

    public FloorRun Initialised() => Do(new FloorCommand { SetInitialised = new SetInitialised() });

    public FloorRun Close() => Do(new FloorCommand { Close = new CloseFloor() });

    public FloorRun Do(FloorCommand command)
    {
        (Decision, Effects) = Run.Send(envelope => envelope.Floor = command);
        _said = Write(Effects);
        return this;
    }

    public FloorRun After(double seconds) => After(TimeSpan.FromSeconds(seconds));

    public FloorRun After(TimeSpan time)
    {
        Effects = Run.Advance(time);
        _said = Write(Effects);
        return this;
    }

    public FloorRun Crash()
    {
        Effects = Run.Recover();
        _said = Write(Effects);
        return this;
    }

    /// <summary>What the last step made the server say, all of it and in order.</summary>
    public FloorRun Says(params string[] expected)
    {
        Assert.Equal(expected, _said);
        return this;
    }

    public FloorRun SaysNothing() => Says();

    public FloorRun Rejects(RejectionCode code)
    {
        Assert.Equal(code, Decision.Rejection?.Code);
        Assert.Empty(Decision.Events);
        return this;
    }

    /// <summary>Rejected, which is an event, and nobody is told anything.</summary>
    public FloorRun Refuses(RejectionCode code)
    {
        Assert.Equal(code, Decision.Rejection?.Code);
        Assert.Single(Decision.Events);
        return SaysNothing();
    }

    /// <summary>The last step denied the leg the floor, and the event says how it asked.</summary>
    public FloorRun Denies(uint leg, FloorDenyCause cause, FloorRequestManner manner)
    {
        var denied = Assert.Single(Decision.Events, happened => happened.Floor.Denied is not null).Floor.Denied;
        Assert.Equal((leg, (uint)cause, manner), (denied.Leg, denied.Cause, denied.Manner));
        return this;
    }

    public FloorRun WritesNothing()
    {
        Assert.Null(Decision.Rejection);
        Assert.Empty(Decision.Events);
        return SaysNothing();
    }

    /// <summary>Who holds the floor, and who waits in which order.</summary>
    public FloorRun Is(string phase, string holders = "", string queue = "")
    {
        var view = View;
        Assert.Equal(phase, view.Phase);
        Assert.Equal(holders, string.Join(' ', view.Holders.Select(holder => holder.Leg)));
        Assert.Equal(queue, string.Join(' ', view.Queue.Select(request => request.Leg)));
        return this;
    }

    public FloorRun Runs(params string[] timers)
    {
        Assert.Equal(timers.Order(StringComparer.Ordinal), Run.Kind.Timers(State).Select(timer => timer.Name).Order(StringComparer.Ordinal));
        return this;
    }

    public static IEnumerable<(IReadOnlyList<uint> Legs, FloorMessage Message)> MessagesOf(Effect effect)
    {
        if (effect.BodyCase != Effect.BodyOneofCase.Media || effect.Media.BodyCase != MediaEffect.BodyOneofCase.SendFloor)
        {
            yield break;
        }

        foreach (var datagram in effect.Media.SendFloor.Datagrams)
        {
            Assert.True(FloorCodec.TryDecode(datagram.Payload.Span, out var message, out var octets), "a datagram that nobody can read");
            Assert.Equal(datagram.Payload.Length, octets);
            yield return (datagram.Legs, message);
        }
    }

    private static List<string> Write(IEnumerable<Effect> effects) => [.. effects.SelectMany(Write)];

    private static IEnumerable<string> Write(Effect effect) =>
        effect switch
        {
            { BodyCase: Effect.BodyOneofCase.Command, Command: { BodyCase: Command.BodyOneofCase.Call } command } => [$"call: {command.Call.BodyCase}"],
            { BodyCase: Effect.BodyOneofCase.Command } => [],
            { Media: { BodyCase: MediaEffect.BodyOneofCase.SetMediaFlow } media } =>
                [$"flow {media.SetMediaFlow.Leg} {(media.SetMediaFlow.Stopped ? "stops" : "goes on")}"],
            { Media: { BodyCase: MediaEffect.BodyOneofCase.SetTalkers } media } =>
                [$"talkers {string.Join(' ', media.SetTalkers.Talkers.Select(talker => talker.Leg))}".TrimEnd()],
            _ => MessagesOf(effect).Select(sent => $"{string.Join(',', sent.Legs)}: {Write(sent.Message)}"),
        };

    private static string Write(FloorMessage message)
    {
        var text = message.Type switch
        {
            FloorMessageType.FloorGranted => $"Granted {message.DurationSeconds}",
            FloorMessageType.FloorTaken when message.GrantedUsers is { } users => $"Taken {string.Join(' ', users.Select(User))}",
            FloorMessageType.FloorTaken => $"Taken {User(message.GrantedPartyIdentity ?? "?")}",
            FloorMessageType.FloorDeny => $"Deny {message.RejectCause}",
            FloorMessageType.FloorRevoke => $"Revoke {message.RejectCause}",
            FloorMessageType.FloorQueuePositionInfo => $"Queue {message.QueueInfo?.Position}",
            FloorMessageType.FloorAck => $"Ack {message.AcknowledgedType}",
            FloorMessageType.FloorReleaseMultiTalker => $"ReleaseMultiTalker {User(message.UserId ?? "?")}",
            FloorMessageType.QueuedFloorRequests => $"{message.Purpose} {message.ResponseState}".TrimEnd(),
            _ => message.Type.ToString().Replace("Floor", "", StringComparison.Ordinal),
        };
        var indicator = message.Indicator ?? FloorIndicator.None;
        return text
            + (indicator.HasFlag(FloorIndicator.DualFloor) ? " G" : "")
            + (indicator.HasFlag(FloorIndicator.MultiTalker) && message.Type is FloorMessageType.FloorTaken ? " I" : "")
            + (message.AcknowledgementRequired ? " ack" : "")
            + (message.PermissionToRequestTheFloor == false ? " !" : "");
    }

    private static string User(string identity) =>
        identity.StartsWith("sip:", StringComparison.Ordinal) ? identity[4..identity.IndexOf('@', StringComparison.Ordinal)] : identity;
}
