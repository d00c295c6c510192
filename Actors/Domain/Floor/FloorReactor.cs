using Google.Protobuf;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>What the media node and the participants must see because of a floor event. Talkers are set before anybody is told.</summary>
internal static class FloorReactor
{
    private const int FirstTwo = 2;

    public static IEnumerable<Effect> React(FloorState state, DomainEvent happened)
    {
        var body = happened.Floor;
        if (state is FloorState.Closed { MediaNode.Length: > 0 } closed && body.BodyCase == FloorEvent.BodyOneofCase.Closed)
        {
            return [new Effect { Media = new MediaEffect { Session = closed.CallId, MediaNode = closed.MediaNode, SetTalkers = new SetTalkers { Epoch = body.Closed.TalkersEpoch } } }];
        }

        if (state is not FloorState.Open open)
        {
            return [];
        }

        return body.BodyCase switch
        {
            FloorEvent.BodyOneofCase.InactivityReported => [TellInactive(state.CallId)],
            FloorEvent.BodyOneofCase.PlacementChanged => ReactOpen(open, body).Concat(FlowsStopped(open.Session)),
            FloorEvent.BodyOneofCase.MediaFlowControlled =>
                SetFlow(open.Session, body.MediaFlowControlled.Leg, body.MediaFlowControlled.Stopped).Concat(ReactOpen(open, body)),
            _ => ReactOpen(open, body),
        };
    }

    /// <summary>
    /// The media node may have forgotten who talks. What everybody is told again is an event of its own: only a command brings the
    /// time, and so what is left of T2.
    /// </summary>
    public static IEnumerable<Effect> Resume(FloorState state)
    {
        if (state is not FloorState.Open open)
        {
            yield break;
        }

        foreach (var effect in FloorOutbox.TalkersOf(open, open.Session.TalkersEpoch).Concat(FlowsStopped(open.Session)))
        {
            yield return effect;
        }

        yield return new Effect
        {
            Command = new Command { To = ActorAddresses.Floor(state.CallId), Floor = new FloorCommand { Restate = new RestateFloor() } },
        };
    }

    private static IEnumerable<Effect> FlowsStopped(FloorSession session) => session.FlowStopped.SelectMany(leg => SetFlow(session, leg, stopped: true));

    private static IEnumerable<Effect> SetFlow(FloorSession session, uint leg, bool stopped) =>
        session.MediaNodes.Select(node => new Effect
        {
            Media = new MediaEffect
            {
                Session = session.CallId,
                MediaNode = node,
                SetMediaFlow = new SetMediaFlow { Leg = leg, Stopped = stopped },
            },
        });

    private static Effect TellInactive(string callId) =>
        new()
        {
            Command = new Command { To = ActorAddresses.Call(callId), Call = new CallCommand { FloorInactive = new FloorInactive() } },
        };

    private static IEnumerable<Effect> ReactOpen(FloorState.Open open, FloorEvent body)
    {
        var session = open.Session;
        var outbox = new FloorOutbox(session);
        var messages = new FloorMessages(session);
        switch (body.BodyCase)
        {
            case FloorEvent.BodyOneofCase.ParticipantAdded when open is FloorState.Idle && session.Participants.Count == FirstTwo:
                // Whose speech was refused for want of a listener (Deny 3) is speaking still: the media node reports it anew.
                outbox.SetTalkers(open, session.TalkersEpoch);
                break;
            case FloorEvent.BodyOneofCase.PlacementChanged:
                outbox.SetTalkers(open, body.PlacementChanged.TalkersEpoch);
                break;
            case FloorEvent.BodyOneofCase.Granted:
                outbox.SetTalkers(open, body.Granted.TalkersEpoch);
                Granted(outbox, messages, (FloorState.Taken)open, body.Granted);
                break;
            case FloorEvent.BodyOneofCase.GrantRepeated:
                var repeated = body.GrantRepeated;
                SendGranted(outbox, messages, (FloorState.Taken)open, repeated.Leg, repeated.DurationS, repeated.TrackInfo);
                break;
            case FloorEvent.BodyOneofCase.Denied when body.Denied.Manner == FloorRequestManner.Unspecified:
                Send(outbox, session, body.Denied.Leg, to => messages.Deny(to, body.Denied.Cause, body.Denied.TrackInfo));
                break;
            case FloorEvent.BodyOneofCase.RequestQueued when body.RequestQueued.Told:
                var request = body.RequestQueued.Request;
                Send(outbox, session, request.Leg, to => messages.QueuePositionInfo(to, request.TrackInfo));
                break;
            case FloorEvent.BodyOneofCase.QueuePositionTold:
                Send(outbox, session, body.QueuePositionTold.Leg, to => messages.QueuePositionInfo(to, body.QueuePositionTold.TrackInfo));
                break;
            case FloorEvent.BodyOneofCase.TalkEnded when body.TalkEnded.Acknowledge:
                Send(outbox, session, body.TalkEnded.Leg, _ => messages.Ack(FloorMessageType.FloorRelease, body.TalkEnded.TrackInfo));
                break;
            case FloorEvent.BodyOneofCase.MediaFlowControlled when body.MediaFlowControlled.Acknowledge:
                Send(outbox, session, body.MediaFlowControlled.Leg, _ => messages.Ack(FloorMessageType.UnicastMediaFlowControl, ByteString.Empty));
                break;
            case FloorEvent.BodyOneofCase.Idled:
                outbox.SetTalkers(open, body.Idled.TalkersEpoch);
                Broadcast(outbox, messages, session, to => messages.Idle(to, body.Idled.MessageSequenceNumber));
                break;
            case FloorEvent.BodyOneofCase.IdleRepeated:
                Broadcast(outbox, messages, session, to => messages.Idle(to, body.IdleRepeated.MessageSequenceNumber));
                break;
            case FloorEvent.BodyOneofCase.Revoked:
                SendRevoke(outbox, messages, (FloorState.Taken)open, body.Revoked.Leg);
                break;
            case FloorEvent.BodyOneofCase.RevokeRepeated:
                SendRevoke(outbox, messages, (FloorState.Taken)open, body.RevokeRepeated.Leg);
                break;
            case FloorEvent.BodyOneofCase.MediaUnpermitted:
                Send(outbox, session, body.MediaUnpermitted.Leg, to => messages.Revoke(to, (uint)FloorRevokeCause.NoPermissionToSend));
                break;
            case FloorEvent.BodyOneofCase.StateTold:
                StateTold(outbox, messages, open, body.StateTold);
                break;
            case FloorEvent.BodyOneofCase.Restated:
                Restated(outbox, messages, open, body.Restated);
                break;
            case FloorEvent.BodyOneofCase.OverrideEnded:
                outbox.SetTalkers(open, body.OverrideEnded.TalkersEpoch);
                Broadcast(outbox, messages, session, to => messages.Idle(to, body.OverrideEnded.MessageSequenceNumber, ofOverride: true));
                break;
            case FloorEvent.BodyOneofCase.OverrideBecameFloor:
                outbox.SetTalkers(open, body.OverrideBecameFloor.TalkersEpoch);
                OverrideBecameFloor(outbox, messages, (FloorState.Taken)open, body.OverrideBecameFloor);
                break;
            case FloorEvent.BodyOneofCase.TalkerReleased:
                TalkerReleased(outbox, messages, open, body.TalkerReleased);
                break;
            case FloorEvent.BodyOneofCase.QueuedRequestsCancelled:
                Cancelled(outbox, messages, session, body.QueuedRequestsCancelled);
                break;
        }

        return outbox.Effects();
    }

    private static void Granted(FloorOutbox outbox, FloorMessages messages, FloorState.Taken taken, FloorGranted granted)
    {
        SendGranted(outbox, messages, taken, granted.Request.Leg, granted.DurationS, granted.Request.TrackInfo);
        SendTakenToOthers(outbox, messages, taken, granted.Request.Leg, granted.MessageSequenceNumber);
    }

    // Who is being revoked keeps the Revoke as its last word.
    private static void OverrideBecameFloor(FloorOutbox outbox, FloorMessages messages, FloorState.Taken taken, FloorOverrideBecameFloor became)
    {
        if (taken.Find(became.Leg) is { IsPermitted: true })
        {
            SendGranted(outbox, messages, taken, became.Leg, became.DurationS, ByteString.Empty);
        }

        SendTakenToOthers(outbox, messages, taken, became.Leg, became.MessageSequenceNumber);
    }

    private static void SendGranted(
        FloorOutbox outbox,
        FloorMessages messages,
        FloorState.Taken taken,
        uint leg,
        uint durationSeconds,
        ByteString trackInfo)
    {
        if (taken.Find(leg) is { } talker)
        {
            Send(outbox, taken.Session, leg, to => messages.Granted(talker, to, durationSeconds, trackInfo));
        }
    }

    // Everybody but the new talker: also who talks already (dual floor: goes on because of bit G; multi-talker: is in the list itself).
    private static void SendTakenToOthers(FloorOutbox outbox, FloorMessages messages, FloorState.Taken taken, uint leg, uint number)
    {
        if (taken.Find(leg) is not { } talker)
        {
            return;
        }

        outbox.Send(
            messages.ForEach(
                taken.Session.Participants.Values.Where(to => to.Leg != leg),
                to => taken.Session.MultiTalker ? messages.Taken(taken.Talkers, to, number) : messages.Taken(talker, to, number)
            )
        );
    }

    private static void SendRevoke(FloorOutbox outbox, FloorMessages messages, FloorState.Taken taken, uint leg)
    {
        if (taken.Find(leg) is { Permission: TalkPermission.PendingRevoke pending } talker)
        {
            Send(outbox, taken.Session, leg, to => messages.Revoke(to, pending.Cause, talker.Request.TrackInfo));
        }
    }

    private static void StateTold(FloorOutbox outbox, FloorMessages messages, FloorState.Open open, FloorStateTold told)
    {
        if (told.Acknowledge)
        {
            Send(outbox, open.Session, told.Leg, _ => messages.Ack(FloorMessageType.FloorRelease, told.TrackInfo));
        }

        SendState(outbox, messages, open, open.Session.Participants[told.Leg], told.MessageSequenceNumber, told.TrackInfo);
    }

    // With an override in progress two messages: the first talker without bit G, the overriding one with it and the later number.
    private static void SendState(
        FloorOutbox outbox,
        FloorMessages messages,
        FloorState.Open open,
        FloorParticipant to,
        uint number,
        ByteString? trackInfo = null)
    {
        if (open is not FloorState.Taken taken)
        {
            outbox.Send(to, messages.Idle(to, number, trackInfo: trackInfo));
        }
        else if (taken.Session.MultiTalker)
        {
            outbox.Send(to, messages.Taken(taken.Talkers, to, number, trackInfo));
        }
        else
        {
            foreach (var talker in taken.Talkers.Where(talker => talker.Leg != to.Leg))
            {
                outbox.Send(to, messages.Taken(talker, to, NumberOf(taken, talker, number), trackInfo));
            }
        }
    }

    // The overriding talker's message comes second and has the later number.
    private static uint NumberOf(FloorState.Taken taken, FloorTalkerState talker, uint number) =>
        taken.Overriding is not null && !talker.Overriding ? MessageSequence.Previous(number) : number;

    private static void Restated(FloorOutbox outbox, FloorMessages messages, FloorState.Open open, FloorRestated restated)
    {
        var taken = open as FloorState.Taken;
        foreach (var grant in restated.Grants)
        {
            SendGranted(outbox, messages, (FloorState.Taken)open, grant.Leg, grant.DurationS, ByteString.Empty);
        }

        foreach (var talker in taken?.Talkers ?? [])
        {
            SendRevoke(outbox, messages, (FloorState.Taken)open, talker.Leg);
        }

        // Whatever their number, they share the messages: as many as there are talkers and kinds of listeners.
        var others = open.Session.Participants.Values.Where(to => taken?.Find(to.Leg) is null).ToList();
        var number = restated.MessageSequenceNumber;
        if (taken is null)
        {
            outbox.Send(messages.ForEach(others, to => messages.Idle(to, number)));
        }
        else if (open.Session.MultiTalker)
        {
            outbox.Send(messages.ForEach(others, to => messages.Taken(taken.Talkers, to, number)));
        }
        else
        {
            foreach (var talker in taken.Talkers)
            {
                outbox.Send(messages.ForEach(others, to => messages.Taken(talker, to, NumberOf(taken, talker, number))));
            }
        }
    }

    // Who ended is answered by Floor Taken while others talk on; when it was the last, the Floor Idle that follows answers it (6.3.4.4.6).
    private static void TalkerReleased(FloorOutbox outbox, FloorMessages messages, FloorState.Open open, FloorTalkerReleased released)
    {
        if (released.TalkersEpoch > 0)
        {
            outbox.SetTalkers(open, released.TalkersEpoch);
        }

        var others = open.Session.Participants.Values.Where(to => to.Leg != released.Leg);
        outbox.Send(messages.ForEach(others, to => messages.ReleaseMultiTalker(to, released)));

        if (open is FloorState.Taken taken && released.MessageSequenceNumber > 0)
        {
            Send(outbox, open.Session, released.Leg, to => messages.Taken(taken.Talkers, to, released.MessageSequenceNumber));
        }
    }

    // Before release 18 the message has neither result nor notification: who lost its place learns it from its position.
    private static void Cancelled(FloorOutbox outbox, FloorMessages messages, FloorSession session, FloorQueuedRequestsCancelled cancelled)
    {
        if (cancelled.Acknowledge)
        {
            Send(outbox, session, cancelled.Leg, _ => messages.Ack(FloorMessageType.QueuedFloorRequests, cancelled.TrackInfo));
        }

        var withResult = session.Rules.ReleaseNumber >= FloorAuthority.QueuedFloorRequestsRelease;
        if (withResult)
        {
            Send(outbox, session, cancelled.Leg, _ => messages.CancelResult(cancelled));
        }

        var by = session.Participants[cancelled.Leg];
        foreach (var leg in cancelled.CancelledLegs)
        {
            Send(outbox, session, leg, to => withResult ? messages.CancelNotification(by) : messages.QueuePositionInfo(to));
        }
    }

    private static void Broadcast(FloorOutbox outbox, FloorMessages messages, FloorSession session, Func<FloorParticipant, FloorMessage> message) =>
        outbox.Send(messages.ForEach(session.Participants.Values, message));

    private static void Send(FloorOutbox outbox, FloorSession session, uint leg, Func<FloorParticipant, FloorMessage> message)
    {
        if (session.Participants.TryGetValue(leg, out var to))
        {
            outbox.Send(to, message(to));
        }
    }
}
