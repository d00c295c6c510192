using static Mcptt.Ue.Floor.ParticipantAction;
using static Mcptt.Ue.Floor.ParticipantState;
using static Mcptt.Ue.Floor.ParticipantTimer;
using In = Mcptt.Ue.Floor.ParticipantInput;

namespace Mcptt.Ue.Floor;

/// <summary>
/// The floor participant of TS 24.380 6.2.4 as one function: state x input -> state + actions. What has no row is dropped and
/// the state is kept (6.2.4.1); a message with the ack bit is acknowledged in every state of a call.
/// </summary>
internal static class ParticipantMachine
{
    public static ParticipantStep Step(ParticipantState state, In input, ParticipantOptions options)
    {
        var step = (state, input) switch
        {
            (_, In.CallReleased) => Go(new StartStop(), [.. StopEverything(state)]),
            (StartStop, In.CallEstablished established) => Begin(established),
            (StartStop or Releasing, _) => Stay(state),
            (_, In.CallReleasing) => Go(new Releasing(), [.. StopEverything(state)]),
            (_, In.MultiTalkerEnded ended) => Stay(state, Say(new FloorNotice.TalkerLeft(ended.User))),
            (_, In.TimerExpired { Timer: T103EndOfRtpMedia }) => Stay(state, Say(new FloorNotice.TalkerSilent())),
            (HasNoPermission idle, _) => HavingNoPermission(idle, input),
            (PendingRequest pending, _) => RequestPending(pending, input, options),
            (HasPermission holder, _) => HavingPermission(holder, input),
            (PendingRelease pending, _) => ReleasePending(pending, input, options),
            (Queued queued, _) => WaitingInQueue(queued, input, options),
            (QueuedAndGranted granted, _) => WaitingForPress(granted, input),
            _ => Stay(state),
        };
        return state is not (StartStop or Releasing) && input is In.ServerMessage { Acknowledge: true } message
            ? step with { Actions = [new SendAck(message.Subtype), .. step.Actions] }
            : step;
    }

    // 6.2.4.2.2, 6.2.4.2.3: an implicit request counts as the first one that T101 watches.
    private static ParticipantStep Begin(In.CallEstablished call) =>
        call switch
        {
            { GrantedInAnswer: true } => Go(new HasPermission(DualFloor: false), new StartMedia(), Say(new FloorNotice.Granted(null))),
            { ImplicitRequest: true } => Go(
                new PendingRequest(C101: 1, call.Wish, Implicit: true), new StartTimer(T101FloorRequest), Say(new FloorNotice.Requested())),
            _ => Go(new HasNoPermission()),
        };

    // 6.2.4.3
    private static ParticipantStep HavingNoPermission(HasNoPermission state, In input) =>
        input switch
        {
            In.Press when !state.MayRequest => Stay(state, Say(new FloorNotice.NotPermitted())),
            In.Press press => Request(state, press.Wish),
            In.AskedByReinvite => Go(
                new PendingRequest(C101: 1, default, Implicit: true) { MayRequest = state.MayRequest, ByReinvite = true },
                new StartTimer(T101FloorRequest), Say(new FloorNotice.Requested())),
            In.Taken taken => TakenBy(state, taken),
            In.Idle => IdleNow(state),
            In.MediaReceived => Stay(state, new StartTimer(T103EndOfRtpMedia)),
            _ => Stay(state),
        };

    // 6.2.4.4
    private static ParticipantStep RequestPending(PendingRequest state, In input, ParticipantOptions options) =>
        input switch
        {
            In.Granted granted => Talk(state, granted, new StopTimer(T101FloorRequest)),
            In.Deny deny => Go(NoPermission(state), new StopTimer(T101FloorRequest), Say(new FloorNotice.Denied(deny.Cause, deny.Phrase))),
            In.QueuePosition info => Go(
                new Queued(Pressed: true, C104: 0) { MayRequest = state.MayRequest },
                new StopTimer(T101FloorRequest), Say(new FloorNotice.Queued(info.Position))),
            In.NotAskedAfterAll when state.Implicit => Go(NoPermission(state), new StopTimer(T101FloorRequest)),
            In.Release => GiveBack(state, heldFloor: false, dualFloor: false, new StopTimer(T101FloorRequest)),
            In.Revoke revoke => GiveBack(
                state, heldFloor: false, dualFloor: false, new StopTimer(T101FloorRequest), Say(new FloorNotice.Revoked(revoke.Cause, revoke.Phrase))),
            In.TimerExpired { Timer: T101FloorRequest } when state.C101 < options.C101 => Go(
                state with { C101 = state.C101 + 1 }, new SendRequest(state.Wish), new StartTimer(T101FloorRequest)),
            In.TimerExpired { Timer: T101FloorRequest } => Go(NoPermission(state), Say(new FloorNotice.Unanswered("Floor Request"))),
            // To the implicit request that begins a call a Taken is the answer "somebody else has it". To a message, or within a call, it may have crossed the request:
            // the answer follows, or T101 asks for it.
            In.Taken { DualFloor: false, MultiTalker: false } taken when state is { Implicit: true, ByReinvite: false } => Before(TakenBy(NoPermission(state), taken), new StopTimer(T101FloorRequest)),
            In.Taken taken => TakenBy(state, taken),
            In.Idle => IdleNow(state),
            In.MediaReceived => Stay(state, new StartTimer(T103EndOfRtpMedia)),
            _ => Stay(state),
        };

    // 6.2.4.5
    private static ParticipantStep HavingPermission(HasPermission state, In input) =>
        input switch
        {
            In.Release => GiveBack(state, heldFloor: true, state.DualFloor, new StopMedia()),
            In.Revoke revoke => GiveBack(
                state, heldFloor: true, state.DualFloor, new StopMedia(), Say(new FloorNotice.Revoked(revoke.Cause, revoke.Phrase))),
            In.Granted granted => Go(state with { DualFloor = granted.DualFloor }, Say(new FloorNotice.Granted(granted.Duration))),
            // With bit G or I somebody talks beside us and we go on (6.2.4.5.8); without them the floor is lost.
            In.Taken { DualFloor: true } or In.Taken { MultiTalker: true } => TakenBy(state, (In.Taken)input),
            In.Taken taken => Before(TakenBy(NoPermission(state), taken), new StopMedia(), Say(new FloorNotice.Lost())),
            In.Idle { DualFloor: true } => Stay(state, new StopTimer(T103EndOfRtpMedia)),
            // The server's T1 ran out: it heard nothing of us.
            In.Idle => Before(IdleNow(NoPermission(state)), new StopMedia(), Say(new FloorNotice.Lost())),
            In.MediaReceived => Stay(state, new StartTimer(T103EndOfRtpMedia)),
            _ => Stay(state),
        };

    // 6.2.4.6
    private static ParticipantStep ReleasePending(PendingRelease state, In input, ParticipantOptions options) =>
        input switch
        {
            In.TimerExpired { Timer: T100FloorRelease } when state.C100 < options.C100 => Go(
                state with { C100 = state.C100 + 1 }, new SendRelease(state.DualFloor), new StartTimer(T100FloorRelease)),
            In.TimerExpired { Timer: T100FloorRelease } => Go(NoPermission(state), Say(new FloorNotice.Unanswered("Floor Release"))),
            In.Idle when options.BroadcastOriginator && state.HeldFloor => Before(IdleNow(NoPermission(state)), [.. Released(), new LeaveCall()]),
            In.Idle => Before(IdleNow(NoPermission(state)), Released()),
            In.Taken taken => Before(TakenBy(NoPermission(state), taken), Released()),
            // Another's media proves that we no longer hold the floor; it says nothing about a place in the queue given back.
            In.MediaReceived when state is { HeldFloor: true, DualFloor: false } => Go(NoPermission(state), [.. Released(), new StartTimer(T103EndOfRtpMedia)]),
            In.MediaReceived => Stay(state, new StartTimer(T103EndOfRtpMedia)),
            _ => Stay(state),
        };

    // 6.2.4.9
    private static ParticipantStep WaitingInQueue(Queued state, In input, ParticipantOptions options) =>
        input switch
        {
            In.QueuePosition info => Go(
                state with { C104 = 0 }, new StopTimer(T104FloorQueuePositionRequest), Say(new FloorNotice.Queued(info.Position))),
            In.Granted granted when state.Pressed => Talk(state, granted, new StopTimer(T104FloorQueuePositionRequest)),
            In.Granted granted => Go(
                new QueuedAndGranted(granted.DualFloor) { MayRequest = state.MayRequest },
                new StopTimer(T104FloorQueuePositionRequest), new StartTimer(T132QueuedFloorGrantedUserAction), Say(new FloorNotice.GrantedAwaitingPress())),
            In.Press => Go(state with { Pressed = true }),
            In.Release when options.KeepsQueueOnRelease && state.Pressed => Go(state with { Pressed = false }),
            In.Release => GiveBack(state, heldFloor: false, dualFloor: false, new StopTimer(T104FloorQueuePositionRequest)),
            In.AskQueuePosition => Go(
                state with { C104 = 1 }, new SendQueuePositionRequest(), new StartTimer(T104FloorQueuePositionRequest)),
            In.TimerExpired { Timer: T104FloorQueuePositionRequest } when state.C104 < options.C104 => Go(
                state with { C104 = state.C104 + 1 }, new SendQueuePositionRequest(), new StartTimer(T104FloorQueuePositionRequest)),
            In.TimerExpired { Timer: T104FloorQueuePositionRequest } => Go(state with { C104 = 0 }, Say(new FloorNotice.Unanswered("Floor Queue Position Request"))),
            In.Deny deny => Go(NoPermission(state), new StopTimer(T104FloorQueuePositionRequest), Say(new FloorNotice.Denied(deny.Cause, deny.Phrase))),
            In.Revoke revoke => GiveBack(
                state, heldFloor: false, dualFloor: false, new StopTimer(T104FloorQueuePositionRequest), Say(new FloorNotice.Revoked(revoke.Cause, revoke.Phrase))),
            // A server that still has our request serves it instead of going idle (6.3.4.3.2).
            In.Idle { DualFloor: false } => Before(IdleNow(NoPermission(state)), new StopTimer(T104FloorQueuePositionRequest)),
            In.Taken taken => TakenBy(state, taken),
            In.MediaReceived => Stay(state, new StartTimer(T103EndOfRtpMedia)),
            _ => Stay(state),
        };

    // 6.2.4.9.9 and on: T132 watches the user.
    private static ParticipantStep WaitingForPress(QueuedAndGranted state, In input) =>
        input switch
        {
            In.Press => Go(
                new HasPermission(state.DualFloor) { MayRequest = state.MayRequest },
                new StopTimer(T132QueuedFloorGrantedUserAction), new StopTimer(T103EndOfRtpMedia), new StartMedia(), Say(new FloorNotice.Granted(null))),
            In.Release or In.TimerExpired { Timer: T132QueuedFloorGrantedUserAction } => GiveBack(
                state, heldFloor: true, state.DualFloor, new StopTimer(T132QueuedFloorGrantedUserAction)),
            In.Revoke revoke => GiveBack(
                state, heldFloor: true, state.DualFloor, new StopTimer(T132QueuedFloorGrantedUserAction), Say(new FloorNotice.Revoked(revoke.Cause, revoke.Phrase))),
            In.Taken { DualFloor: false, MultiTalker: false } taken => Before(
                TakenBy(NoPermission(state), taken), new StopTimer(T132QueuedFloorGrantedUserAction), Say(new FloorNotice.Lost())),
            In.Idle { DualFloor: false } => Before(
                IdleNow(NoPermission(state)), new StopTimer(T132QueuedFloorGrantedUserAction), Say(new FloorNotice.Lost())),
            In.MediaReceived => Stay(state, new StartTimer(T103EndOfRtpMedia)),
            _ => Stay(state),
        };

    private static ParticipantStep Request(ParticipantState from, FloorWish wish) =>
        Go(
            new PendingRequest(C101: 1, wish, Implicit: false) { MayRequest = from.MayRequest },
            new SendRequest(wish), new StartTimer(T101FloorRequest), Say(new FloorNotice.Requested()));

    private static ParticipantStep Talk(ParticipantState from, In.Granted granted, ParticipantAction first) =>
        Go(
            new HasPermission(granted.DualFloor) { MayRequest = from.MayRequest },
            first, new StopTimer(T103EndOfRtpMedia), new StartMedia(), Say(new FloorNotice.Granted(granted.Duration)));

    private static ParticipantStep GiveBack(ParticipantState from, bool heldFloor, bool dualFloor, params ParticipantAction[] before) =>
        Go(
            new PendingRelease(C100: 1, heldFloor, dualFloor) { MayRequest = from.MayRequest },
            [.. before, new SendRelease(dualFloor), new StartTimer(T100FloorRelease)]);

    private static ParticipantStep TakenBy(ParticipantState state, In.Taken taken) =>
        Go(
            state with { MayRequest = taken.MayRequest },
            new StartTimer(T103EndOfRtpMedia), Say(new FloorNotice.Taken(taken.By, taken.MayRequest)));

    private static ParticipantStep IdleNow(ParticipantState state) =>
        Go(state with { MayRequest = true }, new StopTimer(T103EndOfRtpMedia), Say(new FloorNotice.Idle()));

    private static ParticipantAction[] Released() => [new StopTimer(T100FloorRelease), Say(new FloorNotice.Released())];

    private static IEnumerable<ParticipantAction> StopEverything(ParticipantState state)
    {
        if (state is HasPermission)
        {
            yield return new StopMedia();
        }

        if (state is not (StartStop or Releasing))
        {
            foreach (var timer in Enum.GetValues<ParticipantTimer>())
            {
                yield return new StopTimer(timer);
            }
        }
    }

    private static HasNoPermission NoPermission(ParticipantState from) => new() { MayRequest = from.MayRequest };

    private static Tell Say(FloorNotice notice) => new(notice);

    private static ParticipantStep Before(ParticipantStep step, params ParticipantAction[] first) => step with { Actions = [.. first, .. step.Actions] };

    private static ParticipantStep Go(ParticipantState state, params ParticipantAction[] actions) => new(state, actions);

    private static ParticipantStep Stay(ParticipantState state, params ParticipantAction[] actions) => new(state, actions);
}
