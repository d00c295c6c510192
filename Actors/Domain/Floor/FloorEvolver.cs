using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>Folds floor events. No rules and no clock: what an event does not say did not happen. An impossible pair stops the replay.</summary>
internal static class FloorEvolver
{
    public static FloorState Evolve(FloorState state, DomainEvent happened)
    {
        if (happened.BodyCase != DomainEvent.BodyOneofCase.Floor)
        {
            throw Impossible(state, happened.BodyCase.ToString());
        }

        var body = happened.Floor;
        return (state, body.BodyCase) switch
        {
            (FloorState.Unopened unopened, FloorEvent.BodyOneofCase.Opened) => Opened(unopened, body.Opened),
            (FloorState.Unopened, FloorEvent.BodyOneofCase.Closed) => new FloorState.Closed(state.CallId, ""),
            (FloorState.Open open, FloorEvent.BodyOneofCase.Closed) => new FloorState.Closed(state.CallId, open.Session.MediaNode),
            (FloorState.Open open, _) => EvolveOpen(open, body, happened.TimeUs),
            _ => throw Impossible(state, body.BodyCase.ToString()),
        };
    }

    private static FloorState EvolveOpen(FloorState.Open open, FloorEvent body, long timeUs) =>
        (open, body.BodyCase) switch
        {
            (_, FloorEvent.BodyOneofCase.PlacementChanged) => Moved(open, body.PlacementChanged),
            (_, FloorEvent.BodyOneofCase.ParticipantAdded) => WithParticipant(open, body.ParticipantAdded.Participant, known: false),
            (_, FloorEvent.BodyOneofCase.ParticipantChanged) => WithParticipant(open, body.ParticipantChanged.Participant, known: true),
            (_, FloorEvent.BodyOneofCase.ParticipantRemoved) => WithoutParticipant(open, body.ParticipantRemoved.Leg),
            (_, FloorEvent.BodyOneofCase.ConditionSet) =>
                With(open, session => session with { Emergency = body.ConditionSet.Emergency, ImminentPeril = body.ConditionSet.ImminentPeril }),
            (_, FloorEvent.BodyOneofCase.Granted) => Granted(open, body.Granted, timeUs),
            (_, FloorEvent.BodyOneofCase.Denied) => With(open, session => Denied(session, body.Denied)),
            (_, FloorEvent.BodyOneofCase.RevokeRequestRefused) => open,
            (_, FloorEvent.BodyOneofCase.RequestQueued) => With(open, session => Queued(session, body.RequestQueued)),
            (_, FloorEvent.BodyOneofCase.RequestDropped) => With(open, session => Dropped(session, body.RequestDropped.Leg)),
            (_, FloorEvent.BodyOneofCase.QueuePositionTold) => open,
            (_, FloorEvent.BodyOneofCase.RequestKept) => With(open, session => session with { KeptRequest = body.RequestKept.Request }),
            (_, FloorEvent.BodyOneofCase.MediaUnpermitted) => With(open, session => Unpermitted(session, body.MediaUnpermitted)),
            (_, FloorEvent.BodyOneofCase.MediaUnpermittedEnded) =>
                With(open, session => session with { Unpermitted = session.Unpermitted.Remove(body.MediaUnpermittedEnded.Leg) }),
            (_, FloorEvent.BodyOneofCase.MediaFlowControlled) => With(open, session => FlowControlled(session, body.MediaFlowControlled)),
            (_, FloorEvent.BodyOneofCase.StateTold) => Told(open, body.StateTold.MessageSequenceNumber, 0),
            (_, FloorEvent.BodyOneofCase.Restated) => Told(open, body.Restated.MessageSequenceNumber, 0),
            (_, FloorEvent.BodyOneofCase.TalkerReleased) => Told(open, body.TalkerReleased.MessageSequenceNumber, body.TalkerReleased.TalkersEpoch),
            (_, FloorEvent.BodyOneofCase.QueuedRequestsCancelled) => With(open, session => Cancelled(session, body.QueuedRequestsCancelled)),
            (_, FloorEvent.BodyOneofCase.AcknowledgementAwaited) => With(open, session => Awaited(session, body.AcknowledgementAwaited)),
            (_, FloorEvent.BodyOneofCase.Acknowledged) =>
                With(open, session => session with { Awaited = session.Awaited.Remove(body.Acknowledged.Leg) }),
            (FloorState.Initialising, FloorEvent.BodyOneofCase.Initialised) => new FloorState.Idle(open.Session, default),
            (FloorState.Idle idle, _) => EvolveIdle(idle, body),
            (FloorState.Taken taken, _) => EvolveTaken(taken, body),
            _ => throw Impossible(open, body.BodyCase.ToString()),
        };

    private static FloorState EvolveIdle(FloorState.Idle idle, FloorEvent body) =>
        body.BodyCase switch
        {
            FloorEvent.BodyOneofCase.Idled => Idled(idle, body.Idled),
            FloorEvent.BodyOneofCase.IdleRepeated => IdleRepeated(idle, body.IdleRepeated),
            FloorEvent.BodyOneofCase.InactivityReported => idle with { Timers = idle.Timers with { T4DueUs = body.InactivityReported.T4DueUs } },
            _ => throw Impossible(idle, body.BodyCase.ToString()),
        };

    private static FloorState EvolveTaken(FloorState.Taken taken, FloorEvent body) =>
        body.BodyCase switch
        {
            FloorEvent.BodyOneofCase.TalkStarted => WithTalker(taken, body.TalkStarted.Leg, talker => Started(talker, body.TalkStarted)),
            FloorEvent.BodyOneofCase.TalkEnded => Ended(taken, body.TalkEnded),
            FloorEvent.BodyOneofCase.GrantRepeated => WithTalker(
                taken,
                body.GrantRepeated.Leg,
                talker => talker with { Permission = new TalkPermission.Permitted(body.GrantRepeated.T20DueUs, body.GrantRepeated.C20) }),
            FloorEvent.BodyOneofCase.GrantAcknowledged => WithTalker(taken, body.GrantAcknowledged.Leg, WithoutT20),
            FloorEvent.BodyOneofCase.Revoked => WithTalker(
                taken,
                body.Revoked.Leg,
                talker => talker with { Permission = new TalkPermission.PendingRevoke(body.Revoked.Cause, body.Revoked.T3DueUs, body.Revoked.T8DueUs) }),
            FloorEvent.BodyOneofCase.RevokeRepeated => WithTalker(taken, body.RevokeRepeated.Leg, talker => RevokeRepeated(talker, body.RevokeRepeated)),
            FloorEvent.BodyOneofCase.OverrideEnded => Told(taken, body.OverrideEnded.MessageSequenceNumber, body.OverrideEnded.TalkersEpoch),
            FloorEvent.BodyOneofCase.OverrideBecameFloor => OverrideBecameFloor(taken, body.OverrideBecameFloor),
            _ => throw Impossible(taken, body.BodyCase.ToString()),
        };

    private static FloorState.Open Opened(FloorState.Unopened unopened, FloorOpened opened)
    {
        var session = new FloorSession(unopened.CallId, opened.Rules, opened.MediaNode) { InvitedUntilUs = opened.InvitedUntilUs };
        return opened.Rules.TemporaryGroup ? new FloorState.Initialising(session) : new FloorState.Idle(session, new IdleTimers(opened.T4DueUs, 0, 0));
    }

    private static FloorState.Open Moved(FloorState.Open open, FloorPlacementChanged moved) =>
        With(open, session => session with { Rules = moved.Rules, MediaNode = moved.MediaNode, NextMediaNode = moved.NextMediaNode, TalkersEpoch = moved.TalkersEpoch });

    private static FloorState.Open WithParticipant(FloorState.Open open, FloorParticipant participant, bool known)
    {
        if (open.Session.Participants.ContainsKey(participant.Leg) != known)
        {
            throw Impossible(open, known ? "a change of an unknown leg" : "a leg added twice");
        }

        return With(open, session => session with
        {
            Participants = session.Participants.SetItem(participant.Leg, participant),
            InvitedUntilUs = known || session.Participants.IsEmpty ? session.InvitedUntilUs : 0,
        });
    }

    private static FloorState.Open WithoutParticipant(FloorState.Open open, uint leg)
    {
        if (!open.Session.Participants.ContainsKey(leg) || (open is FloorState.Taken taken && taken.Find(leg) is not null))
        {
            throw Impossible(open, "the removal of an unknown or talking leg");
        }

        return With(open, session => session with
        {
            Participants = session.Participants.Remove(leg),
            Queue = session.Queue.RemoveAll(request => request.Leg == leg),
            Unpermitted = session.Unpermitted.Remove(leg),
            Awaited = session.Awaited.Remove(leg),
            RetryAfterUs = session.RetryAfterUs.Remove(leg),
            FlowStopped = session.FlowStopped.Remove(leg),
            KeptRequest = session.KeptRequest?.Leg == leg ? null : session.KeptRequest,
            IgnoredSpeech = session.IgnoredSpeech.Remove(leg),
        });
    }

    private static FloorState.Taken Granted(FloorState.Open open, FloorGranted granted, long timeUs)
    {
        var leg = granted.Request.Leg;
        var talkers = open is FloorState.Taken taken ? taken.Talkers : [];
        if (!open.Session.Participants.ContainsKey(leg) || talkers.Exists(talker => talker.Leg == leg))
        {
            throw Impossible(open, "a grant to an unknown or talking leg");
        }

        var session = open.Session with
        {
            Queue = open.Session.Queue.RemoveAll(request => request.Leg == leg),
            KeptRequest = null,
            Unpermitted = open.Session.Unpermitted.Remove(leg),
            Awaited = open.Session.Awaited.Remove(leg),
            IgnoredSpeech = [],
            MessageSequenceNumber = granted.MessageSequenceNumber,
            TalkersEpoch = granted.TalkersEpoch,
        };
        var permission = new TalkPermission.Permitted(granted.T20DueUs, granted.C20);
        var talker = new FloorTalkerState(granted.Request, timeUs, granted.TalkersEpoch, permission) { Overriding = granted.Overriding };
        return new FloorState.Taken(session, talkers.Add(talker));
    }

    private static FloorSession Denied(FloorSession session, FloorDenied denied) =>
        WithoutKept(session, denied.Leg) with
        {
            IgnoredSpeech = denied.Manner == FloorRequestManner.Speech ? session.IgnoredSpeech.Add(denied.Leg) : session.IgnoredSpeech,
        };

    private static FloorSession Queued(FloorSession session, FloorRequestQueued queued)
    {
        var others = session.Queue.RemoveAll(request => request.Leg == queued.Request.Leg);
        return session with { Queue = others.Insert((int)queued.Position - 1, queued.Request) };
    }

    private static FloorSession Dropped(FloorSession session, uint leg) =>
        WithoutKept(session, leg) with { Queue = session.Queue.RemoveAll(request => request.Leg == leg) };

    private static FloorSession FlowControlled(FloorSession session, FloorMediaFlowControlled flow) =>
        session with { FlowStopped = flow.Stopped ? session.FlowStopped.Add(flow.Leg) : session.FlowStopped.Remove(flow.Leg) };

    private static FloorSession WithoutKept(FloorSession session, uint leg) =>
        session.KeptRequest?.Leg == leg ? session with { KeptRequest = null } : session;

    private static FloorSession Cancelled(FloorSession session, FloorQueuedRequestsCancelled cancelled) =>
        session with { Queue = session.Queue.RemoveAll(request => cancelled.CancelledLegs.Contains(request.Leg)) };

    private static FloorSession Unpermitted(FloorSession session, FloorMediaUnpermitted media)
    {
        var entry = new UnpermittedMedia { Leg = media.Leg, T8DueUs = media.T8DueUs, RevokesSent = media.RevokesSent };
        return session with { Unpermitted = session.Unpermitted.SetItem(media.Leg, entry) };
    }

    private static FloorSession Awaited(FloorSession session, FloorAcknowledgementAwaited awaited)
    {
        var all = session.Awaited.ToBuilder();
        foreach (var leg in awaited.Legs)
        {
            all.Remove(leg);
            if (awaited.DueUs > 0)
            {
                all.Add(leg, new AwaitedAcknowledgement { Leg = leg, DueUs = awaited.DueUs, Sent = awaited.Sent });
            }
        }

        return session with { Awaited = all.ToImmutable() };
    }

    private static FloorState.Idle Idled(FloorState.Idle idle, FloorIdled idled)
    {
        var told = Told(idle, idled.MessageSequenceNumber, idled.TalkersEpoch);
        return new FloorState.Idle(told.Session, new IdleTimers(idled.T4DueUs, idled.T7DueUs, idled.T7DueUs == 0 ? 0u : 1));
    }

    private static FloorState.Idle IdleRepeated(FloorState.Idle idle, FloorIdleRepeated repeated)
    {
        var told = Told(idle, repeated.MessageSequenceNumber, 0);
        return new FloorState.Idle(told.Session, idle.Timers with { T7DueUs = repeated.T7DueUs, C7 = repeated.C7 });
    }

    private static FloorState.Open Ended(FloorState.Taken taken, FloorTalkEnded ended)
    {
        var talker = taken.Find(ended.Leg) ?? throw Impossible(taken, "the end of a burst of who does not talk");
        var session = taken.Session;
        if (ended.BarredUntilSilence)
        {
            session = session with { Unpermitted = session.Unpermitted.SetItem(ended.Leg, new UnpermittedMedia { Leg = ended.Leg }) };
        }

        if (ended.RetryAfterUs > 0)
        {
            session = session with { RetryAfterUs = session.RetryAfterUs.SetItem(ended.Leg, ended.RetryAfterUs) };
        }

        var others = taken.Talkers.Remove(talker);
        return others.IsEmpty ? new FloorState.Idle(session, default) : new FloorState.Taken(session, others);
    }

    // T2 of an override is T12, and it goes on as T2 when the override becomes the floor (facts 2.7).
    private static FloorState.Open OverrideBecameFloor(FloorState.Taken taken, FloorOverrideBecameFloor became) =>
        Told(WithTalker(taken, became.Leg, talker => talker with { Overriding = false }), became.MessageSequenceNumber, became.TalkersEpoch);

    // RTP also ends the repeats of Floor Granted (T20).
    private static FloorTalkerState Started(FloorTalkerState talker, FloorTalkStarted started) =>
        WithoutT20(talker) with { T2DueUs = started.T2DueUs };

    private static FloorTalkerState WithoutT20(FloorTalkerState talker) =>
        talker.Permission is TalkPermission.Permitted ? talker with { Permission = new TalkPermission.Permitted(0, 0) } : talker;

    private static FloorTalkerState RevokeRepeated(FloorTalkerState talker, FloorRevokeRepeated repeated) =>
        talker.Permission is TalkPermission.PendingRevoke pending
            ? talker with { Permission = pending with { T8DueUs = repeated.T8DueUs } }
            : throw new InvalidOperationException($"leg {talker.Leg} is not being revoked");

    private static FloorState.Taken WithTalker(FloorState.Taken taken, uint leg, Func<FloorTalkerState, FloorTalkerState> change)
    {
        var talker = taken.Find(leg) ?? throw Impossible(taken, $"leg {leg} does not talk");
        return taken with { Talkers = taken.Talkers.Replace(talker, change(talker)) };
    }

    private static FloorState.Open Told(FloorState.Open open, uint messageSequenceNumber, ulong talkersEpoch) =>
        With(open, session => session with
        {
            MessageSequenceNumber = messageSequenceNumber == 0 ? session.MessageSequenceNumber : messageSequenceNumber,
            TalkersEpoch = talkersEpoch == 0 ? session.TalkersEpoch : talkersEpoch,
        });

    private static FloorState.Open With(FloorState.Open open, Func<FloorSession, FloorSession> change) =>
        open switch
        {
            FloorState.Initialising initialising => new FloorState.Initialising(change(initialising.Session)),
            FloorState.Idle idle => new FloorState.Idle(change(idle.Session), idle.Timers),
            FloorState.Taken taken => new FloorState.Taken(change(taken.Session), taken.Talkers),
            _ => throw Impossible(open, "an unknown case of an open floor"),
        };

    private static InvalidOperationException Impossible(FloorState state, string what) =>
        new($"floor of call {state.CallId} in state {state.GetType().Name} cannot have seen: {what}");
}
