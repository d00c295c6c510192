using Mcptt.Protocol.Messages;
using Kind = Mcptt.Protocol.Messages.CallEvent.BodyOneofCase;

namespace Mcptt.Domain.Calls;

internal static class CallEvolver
{
    public static CallState Evolve(CallState state, DomainEvent happened)
    {
        var counted = state with { Core = state.Core with { EventCount = state.Core.EventCount + 1 } };
        return Next(counted, happened.Call ?? throw Impossible(state, happened), happened.TimeUs) ?? throw Impossible(state, happened);
    }

    /// <summary>An event may take a leg out of the table, whatever it was.</summary>
    public static CallState Without(this CallState state, uint leg) => state with { Core = state.Core with { Legs = state.Core.Legs.Remove(leg) } };

    // Null: an impossible pair.
    private static CallState? Next(CallState state, CallEvent happened, long timeUs) =>
        (state, happened.BodyCase) switch
        {
            (CallState.NotStarted none, Kind.Initiated) => Initiated(none, happened.Initiated, timeUs),
            (_, Kind.CancelRemembered) => Remembered(state, happened.CancelRemembered),
            (CallState.Opening opening, Kind.MemberAdded) => opening with { Members = opening.Members.Add(happened.MemberAdded.Member) },
            (CallState.Opening opening, Kind.MemberDropped) => Dropped(opening, happened.MemberDropped),
            (CallState.Opening opening, Kind.MediaPlaced) => Placed(opening, happened.MediaPlaced.Placement, timeUs),
            (CallState.InSession inSession, Kind.MediaPlaced) => CallMediaEvolver.Placed(inSession, happened.MediaPlaced, timeUs),
            (CallState.Started started, Kind.MediaLost) => CallMediaEvolver.Lost(started, happened.MediaLost, timeUs),
            (CallState.InSession inSession, Kind.MediaMoveBegun) => CallMediaEvolver.MoveBegun(inSession, happened.MediaMoveBegun, timeUs),
            (CallState.InSession inSession, Kind.MediaMoveGivenUp) => inSession with { Search = null },
            (CallState.InSession inSession, Kind.MediaMoveEnded) => inSession with { Former = null },
            (CallState.Gathering gathering, Kind.Established) => Established(gathering),
            (CallState.Started, Kind.JoinReceived) => Joined(state, happened.JoinReceived),
            (CallState.InSession, Kind.MembersInvited) => Invited(state, happened.MembersInvited, timeUs),
            (CallState.InSession, Kind.InviteAccepted) => CallLegEvolver.Accepted(state, happened.InviteAccepted, timeUs),
            (_, Kind.InviteRefused) => Refused(state, happened.InviteRefused),
            (CallState.InSession, Kind.MemberJoined) => CallLegEvolver.MemberJoined(state, happened.MemberJoined, timeUs),
            (_, Kind.MemberFailed) => state.Without(happened.MemberFailed.Leg),
            (_, Kind.MemberInviteCancelled) => CallLegEvolver.Cancelled(state, happened.MemberInviteCancelled.Leg, timeUs),
            (_, Kind.DialogConfirmed) => CallLegEvolver.Change(state, happened.DialogConfirmed.Leg, leg => leg with { Confirmed = true }),
            (_, Kind.ParticipantLeft) => CallLegEvolver.Left(state, happened.ParticipantLeft, timeUs),
            (_, Kind.StrayDialogEnded) => happened.StrayDialogEnded.LegGone ? state.Without(happened.StrayDialogEnded.Leg) : state,
            (CallState.InSession, Kind.SessionUpdated) => CallLegEvolver.Updated(state, happened.SessionUpdated, timeUs),
            (CallState.InSession, Kind.RefreshSent) => CallLegEvolver.RefreshSent(state, happened.RefreshSent, timeUs),
            (CallState.InSession, Kind.Refreshed) => CallLegEvolver.Refreshed(state, happened.Refreshed, timeUs),
            (CallState.InSession, Kind.RefreshFailed) => CallLegEvolver.RefreshFailed(state, happened.RefreshFailed),
            (CallState.Started, Kind.ConditionChanged) => ConditionChanged(state, happened.ConditionChanged, timeUs),
            (CallState.InSession, Kind.ConditionInformed) => CallLegEvolver.Informed(state, happened.ConditionInformed),
            (CallState.Active, Kind.FloorMayBegin) => state with { Core = state.Core with { FloorMayBegin = true } },
            (_, Kind.JoinBounced) => state,
            (not CallState.NotStarted, Kind.BurstRecorded) => state with { Core = state.Core with { Recordings = happened.BurstRecorded.Number } },
            (not CallState.NotStarted, Kind.RecordingFailed or Kind.RecordingGap or Kind.RecordingDropped) => state,
            (CallState.Started started, Kind.Released) => Released(started, happened.Released.Reason),
            (CallState.NotStarted or CallState.Releasing, Kind.Finished) => Finished(state, happened.Finished, timeUs),
            _ => null,
        };

    private static InvalidOperationException Impossible(CallState state, DomainEvent happened) =>
        new($"a call that is {state.GetType().Name} cannot have {happened.Call?.BodyCase.ToString() ?? happened.BodyCase.ToString()}");

    private static CallState.Opening Initiated(CallState.NotStarted none, CallInitiated initiated, long timeUs)
    {
        var core = Add(none.Core, new CallLeg.Waiting(none.Core.NextLeg, initiated.Originator, initiated.Invite));
        return new CallState.Opening(core, initiated.Rules, initiated.Audio, timeUs, [.. initiated.Members]);
    }

    private static CallState Remembered(CallState state, CancelRemembered cancel)
    {
        var cancels = state.Core.Cancels.Add(cancel);
        return state with { Core = state.Core with { Cancels = cancels.Length > CallDefaults.MaxEarlyCancels ? cancels.RemoveAt(0) : cancels } };
    }

    private static CallState.Opening Dropped(CallState.Opening opening, MemberDropped dropped) =>
        opening with { Members = opening.Members.RemoveAll(member => member.Client.McpttId == dropped.McpttId && member.Client.ClientId == dropped.ClientId) };

    private static CallState.Gathering Placed(CallState.Opening opening, MediaPlacement placement, long timeUs) =>
        new(opening.Core, opening.Rules, opening.Audio, opening.StartedUs, placement, timeUs, [.. opening.Members.Where(member => member.Required)]);

    private static CallState.Active Established(CallState.Gathering gathering) =>
        new(gathering.Core, gathering.Rules, gathering.Audio, gathering.StartedUs, gathering.Placement) { Search = gathering.Search, Former = gathering.Former };

    private static CallState ConditionChanged(CallState state, CallConditionChanged changed, long timeUs)
    {
        var core = state.Core with { Condition = new CallCondition(changed.Emergency, changed.ImminentPeril) };
        var emergencyUs = changed.Emergency != state.Core.Condition.Emergency ? timeUs : core.EmergencyUs;
        return CallLegEvolver.Declared(state with { Core = core with { EmergencyUs = emergencyUs } }, changed.Leg);
    }

    private static CallState Joined(CallState state, JoinReceived joined) =>
        state with { Core = Add(state.Core, new CallLeg.Waiting(joined.Leg, joined.Member, joined.Invite)) };

    private static CallState Invited(CallState state, MembersInvited invited, long timeUs)
    {
        var core = state.Core;
        var index = 0;
        foreach (var invitation in invited.Invitations)
        {
            // The effect that sends this INVITE: {persistence id}/{sequence number of this event}/{index of the effect}.
            var effectId = $"{ActorAddresses.Call(core.Id).PersistenceId()}/{core.EventCount}/{index++}";
            core = Add(core, new CallLeg.Invited(invitation.Leg, invitation.Member, invitation, effectId, timeUs));
        }

        return state with { Core = core };
    }

    private static CallState Refused(CallState state, InviteRefused refused)
    {
        var callId = refused.Request.CallId;
        var core = state.Core with { Cancels = state.Core.Cancels.RemoveAll(cancel => cancel.SipCallId == callId) };
        return (state with { Core = core }).Without(refused.Leg);
    }

    private static CallState.Releasing Released(CallState.Started started, string reason)
    {
        var session = started as CallState.InSession;
        return new CallState.Releasing(started.Core, started.Rules.GroupId, session?.Placement.MediaNode ?? "", reason, started.StartedUs)
        {
            FormerMediaNode = session?.Former?.Placement.MediaNode ?? "",
        };
    }

    private static CallState.Ended Finished(CallState state, CallFinished finished, long timeUs) =>
        new(state.Core, finished.GroupId, finished.Reason, (state as CallState.Releasing)?.StartedUs ?? timeUs, timeUs);

    private static CallCore Add(CallCore core, CallLeg leg) =>
        core with { Legs = core.Legs.Add(leg.Number, leg), NextLeg = Math.Max(core.NextLeg, leg.Number + 1) };
}
