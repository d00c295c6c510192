using Mcptt.Protocol.Messages;
using Kind = Mcptt.Protocol.Messages.CallEvent.BodyOneofCase;

namespace Mcptt.Domain.Calls;

internal static class CallReactor
{
    public static IEnumerable<Effect> React(CallState state, DomainEvent happened)
    {
        var call = happened.Call;
        return call.BodyCase switch
        {
            Kind.Initiated => [CallEffects.OpenMedia((CallState.Started)state)],
            Kind.MediaLost or Kind.MediaMoveBegun => [CallEffects.OpenMedia((CallState.Started)state)],
            Kind.MediaPlaced when !call.MediaPlaced.Resumed => MediaPlaced((CallState.InSession)state, call.MediaPlaced),
            Kind.MediaMoveEnded => MediaMoveEnded((CallState.InSession)state, call.MediaMoveEnded),
            Kind.MembersInvited => call.MembersInvited.Invitations.Select(invitation => CallEffects.Invite((CallState.InSession)state, invitation)),
            Kind.Established => Established((CallState.Active)state, call.Established),
            Kind.InviteAccepted => InviteAccepted((CallState.InSession)state, call.InviteAccepted),
            Kind.InviteRefused => [CallEffects.Refuse(call.InviteRefused)],
            Kind.MemberJoined => InSession(state, call.MemberJoined.Leg),
            Kind.MemberInviteCancelled => [CallEffects.Cancel(state, call.MemberInviteCancelled)],
            Kind.ParticipantLeft => Left(state, call.ParticipantLeft),
            Kind.StrayDialogEnded => [CallEffects.Bye(state.Id, call.StrayDialogEnded.Leg, call.StrayDialogEnded.Bye, call.StrayDialogEnded.Reason)],
            Kind.SessionUpdated when call.SessionUpdated.Media is not null => InSession(state, call.SessionUpdated.Leg),
            Kind.RefreshSent => [CallEffects.Refresh(state.Id, call.RefreshSent)],
            Kind.Refreshed when call.Refreshed.Media is not null => InSession(state, call.Refreshed.Leg),
            Kind.ConditionChanged when state is CallState.Active => [CallEffects.SetCondition(state)],
            Kind.ConditionInformed => [CallEffects.Inform(state.Id, call.ConditionInformed)],
            Kind.FloorMayBegin => [CallEffects.ToFloor(state.Id, new FloorCommand { SetInitialised = new SetInitialised() })],
            Kind.JoinBounced => [CallEffects.Bounce(state.Id, call.JoinBounced)],
            Kind.Released when call.Released.CloseFloor => [CallEffects.ToFloor(state.Id, new FloorCommand { Close = new CloseFloor() })],
            Kind.Finished => Finished(state, call.Finished),
            _ => [],
        };
    }

    /// <summary>After recovery: the media node may have forgotten, or be another one. It gets the ports that the SDPs show, and each leg.</summary>
    public static IEnumerable<Effect> Resume(CallState state) =>
        state switch
        {
            CallState.Opening opening => [CallEffects.OpenMedia(opening)],
            CallState.InSession { IsMediaLost: true } lost => [CallEffects.OpenMedia(lost)],
            CallState.InSession { Search: not null } moving => Reopen(moving).Append(CallEffects.OpenMedia(moving)),
            CallState.InSession session => Reopen(session),
            _ => [],
        };

    private static IEnumerable<Effect> Reopen(CallState.InSession session) =>
        Participants(session).SelectMany(leg => CallEffects.PutLeg(session, leg)).Prepend(CallEffects.OpenMedia(session with { Search = null }, session.Placement));

    // Also of a session that moved: the new node knows no leg yet. In a new call there is none.
    // While the former one goes on, the floor speaks by that: only its talkers are told here.
    private static IEnumerable<Effect> MediaPlaced(CallState.InSession state, MediaSessionPlaced placed)
    {
        var legs = Participants(state).Select(leg => CallEffects.PutLeg(state, leg, state.Placement));
        return state is CallState.Active active ? legs.Append(CallEffects.OpenFloor(active, moved: !placed.Overlaps)) : legs;
    }

    private static IEnumerable<Effect> MediaMoveEnded(CallState.InSession state, MediaMoveEnded ended)
    {
        if (state is CallState.Active active)
        {
            yield return CallEffects.OpenFloor(active, moved: true);
        }

        yield return CallEffects.CloseMedia(state.Id, ended.MediaNode);
    }

    // The condition before the participants: an implicit request has the call's class.
    private static IEnumerable<Effect> Established(CallState.Active state, CallEstablished established)
    {
        yield return CallEffects.OpenFloor(state, established.InvitedLegs);
        if (!state.Core.Condition.IsNormal)
        {
            yield return CallEffects.SetCondition(state);
        }

        foreach (var leg in Participants(state))
        {
            yield return CallEffects.AddParticipant(state, leg);
        }
    }

    // The 200 before all else: the caller waits for it. Media comes before the floor, which may grant at once.
    private static IEnumerable<Effect> InviteAccepted(CallState.InSession state, InviteAccepted accepted) =>
        InSession(state, accepted.Leg).Prepend(CallEffects.Answer(state, accepted));

    private static IEnumerable<Effect> InSession(CallState state, uint number)
    {
        var session = (CallState.InSession)state;
        var leg = (CallLeg.InSession)session.Core.Legs[number];
        foreach (var put in CallEffects.PutLeg(session, leg))
        {
            yield return put;
        }

        if (session is CallState.Active)
        {
            yield return CallEffects.AddParticipant(session, leg);
        }
    }

    private static IEnumerable<Effect> Left(CallState state, ParticipantLeft left)
    {
        if (left.Bye is not null)
        {
            yield return CallEffects.Bye(state.Id, left.Leg, left.Bye, Reason(state, left.Cause));
        }

        foreach (var remove in CallEffects.RemoveLeg(state, left.Leg))
        {
            yield return remove;
        }

        // In a call that is being released the floor is closed already.
        if (state is CallState.Active)
        {
            yield return CallEffects.ToFloor(state.Id, new FloorCommand { RemoveParticipant = new RemoveParticipant { Leg = left.Leg } });
        }
    }

    private static IEnumerable<Effect> Finished(CallState state, CallFinished finished)
    {
        if (finished.CloseMedia)
        {
            yield return CallEffects.CloseMedia(state.Id, finished.MediaNode);
        }

        if (finished.FormerMediaNode.Length > 0)
        {
            yield return CallEffects.CloseMedia(state.Id, finished.FormerMediaNode);
        }

        yield return CallEffects.ToGroup(finished.GroupId, new GroupCommand { CallEnded = new CallEnded { Call = state.Id } });
    }

    private static IEnumerable<CallLeg.InSession> Participants(CallState.InSession state) => state.Core.Legs.Values.OfType<CallLeg.InSession>();

    private static string Reason(CallState state, LeaveCause cause) =>
        cause switch
        {
            LeaveCause.Released => (state as CallState.Releasing)?.Reason ?? "call released",
            LeaveCause.Deaffiliated => "not affiliated any more",
            LeaveCause.Replaced => "replaced by the client's next INVITE",
            LeaveCause.NotAcknowledged => "no ACK",
            LeaveCause.SessionExpired => "session expired",
            LeaveCause.DialogLost => "no answer",
            LeaveCause.MediaNotFollowed => "media not followed",
            _ => "",
        };
}
