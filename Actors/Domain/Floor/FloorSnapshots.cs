using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>State to snapshot and back. Equal states make equal snapshots: everything is in a fixed order.</summary>
internal static class FloorSnapshots
{
    public static FloorSnapshot Save(FloorState state) =>
        state switch
        {
            FloorState.Unopened => new FloorSnapshot { Phase = FloorPhase.Unopened },
            FloorState.Closed closed => new FloorSnapshot { Phase = FloorPhase.Closed, MediaNode = closed.MediaNode },
            FloorState.Initialising initialising => OfSession(initialising.Session, FloorPhase.Initialising),
            FloorState.Idle idle => Save(idle),
            FloorState.Taken taken => Save(taken),
            _ => throw new InvalidOperationException($"no snapshot of {state.GetType().Name}"),
        };

    public static FloorState Load(string callId, FloorSnapshot snapshot) =>
        snapshot.Phase switch
        {
            FloorPhase.Unopened => new FloorState.Unopened(callId),
            FloorPhase.Closed => new FloorState.Closed(callId, snapshot.MediaNode),
            FloorPhase.Initialising => new FloorState.Initialising(SessionOf(callId, snapshot)),
            FloorPhase.Idle => new FloorState.Idle(SessionOf(callId, snapshot), new IdleTimers(snapshot.T4DueUs, snapshot.T7DueUs, snapshot.C7)),
            FloorPhase.Taken => new FloorState.Taken(SessionOf(callId, snapshot), [.. snapshot.Talkers.Select(TalkerOf)]),
            _ => throw new InvalidOperationException($"a floor snapshot of phase {snapshot.Phase}"),
        };

    private static FloorSnapshot Save(FloorState.Idle idle)
    {
        var snapshot = OfSession(idle.Session, FloorPhase.Idle);
        snapshot.T4DueUs = idle.Timers.T4DueUs;
        snapshot.T7DueUs = idle.Timers.T7DueUs;
        snapshot.C7 = idle.Timers.C7;
        return snapshot;
    }

    private static FloorSnapshot Save(FloorState.Taken taken)
    {
        var snapshot = OfSession(taken.Session, FloorPhase.Taken);
        snapshot.Talkers.Add(taken.Talkers.Select(OfTalker));
        return snapshot;
    }

    private static FloorSnapshot OfSession(FloorSession session, FloorPhase phase)
    {
        var snapshot = new FloorSnapshot
        {
            Phase = phase,
            Rules = session.Rules,
            MediaNode = session.MediaNode,
            NextMediaNode = session.NextMediaNode,
            Emergency = session.Emergency,
            ImminentPeril = session.ImminentPeril,
            InvitedUntilUs = session.InvitedUntilUs,
            KeptRequest = session.KeptRequest,
            MessageSequenceNumber = session.MessageSequenceNumber,
            TalkersEpoch = session.TalkersEpoch,
        };
        snapshot.Participants.Add(session.Participants.Values);
        snapshot.Queue.Add(session.Queue);
        snapshot.IgnoredSpeech.Add(session.IgnoredSpeech);
        snapshot.Unpermitted.Add(session.Unpermitted.Values);
        snapshot.Awaited.Add(session.Awaited.Values);
        snapshot.FlowStopped.Add(session.FlowStopped);
        snapshot.RetryAfter.Add(session.RetryAfterUs.Select(entry => new RetryAfter { Leg = entry.Key, UntilUs = entry.Value }));
        return snapshot;
    }

    private static FloorTalker OfTalker(FloorTalkerState talker)
    {
        var saved = new FloorTalker
        {
            Request = talker.Request,
            GrantedUs = talker.GrantedUs,
            GrantedEpoch = talker.GrantedEpoch,
            T2DueUs = talker.T2DueUs,
            Overriding = talker.Overriding,
        };
        if (talker.Permission is TalkPermission.PendingRevoke pending)
        {
            saved.RevokeCause = pending.Cause;
            saved.T3DueUs = pending.T3DueUs;
            saved.T8DueUs = pending.T8DueUs;
        }
        else if (talker.Permission is TalkPermission.Permitted permitted)
        {
            saved.T20DueUs = permitted.T20DueUs;
            saved.C20 = permitted.C20;
        }

        return saved;
    }

    private static FloorSession SessionOf(string callId, FloorSnapshot snapshot) =>
        new(callId, snapshot.Rules, snapshot.MediaNode)
        {
            NextMediaNode = snapshot.NextMediaNode,
            Emergency = snapshot.Emergency,
            ImminentPeril = snapshot.ImminentPeril,
            Participants = snapshot.Participants.ToImmutableSortedDictionary(participant => participant.Leg, participant => participant),
            Queue = [.. snapshot.Queue],
            Unpermitted = snapshot.Unpermitted.ToImmutableSortedDictionary(media => media.Leg, media => media),
            Awaited = snapshot.Awaited.ToImmutableSortedDictionary(awaited => awaited.Leg, awaited => awaited),
            RetryAfterUs = snapshot.RetryAfter.ToImmutableSortedDictionary(entry => entry.Leg, entry => entry.UntilUs),
            InvitedUntilUs = snapshot.InvitedUntilUs,
            KeptRequest = snapshot.KeptRequest,
            FlowStopped = [.. snapshot.FlowStopped],
            IgnoredSpeech = [.. snapshot.IgnoredSpeech],
            MessageSequenceNumber = snapshot.MessageSequenceNumber,
            TalkersEpoch = snapshot.TalkersEpoch,
        };

    private static FloorTalkerState TalkerOf(FloorTalker saved)
    {
        TalkPermission permission = saved.RevokeCause == 0
            ? new TalkPermission.Permitted(saved.T20DueUs, saved.C20)
            : new TalkPermission.PendingRevoke(saved.RevokeCause, saved.T3DueUs, saved.T8DueUs);
        return new FloorTalkerState(saved.Request, saved.GrantedUs, saved.GrantedEpoch, permission)
        {
            T2DueUs = saved.T2DueUs,
            Overriding = saved.Overriding,
        };
    }
}
