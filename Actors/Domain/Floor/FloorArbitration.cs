using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>How a request came: it decides what a refusal looks like.</summary>
internal enum RequestKind
{
    /// <summary>A Floor Request message: refused by Floor Deny.</summary>
    Message,

    /// <summary>With the INVITE: refused by the Floor Taken that every joiner gets (facts 2.4).</summary>
    Implicit,

    /// <summary>RTP of a phone without floor channel: refused silently.</summary>
    Speech,
}

/// <summary>The rules of the general machine (6.3.4) and of its queue: who gets the floor, who waits, who is denied, who loses it.</summary>
internal static class FloorArbitration
{
    public static void Request(FloorDraft draft, FloorParticipant participant, AcceptedFloorRequest request, RequestKind kind)
    {
        if (draft.Taken?.Find(participant.Leg) is { } talker)
        {
            RepeatGrant(draft, talker, request);
        }
        else if (Refusal(draft, participant, kind) is { } cause)
        {
            Refuse(draft, request, cause, kind);
        }
        else if (draft.State is FloorState.Initialising)
        {
            Await(draft, participant, request, kind);
        }
        else if (IsAlone(draft) && kind == RequestKind.Message)
        {
            Keep(draft, request);
        }
        else if (draft.Taken is { } taken)
        {
            Contend(draft, taken, participant, request, kind);
        }
        else
        {
            Grant(draft, request, queued: false);
        }
    }

    /// <summary>A burst ended; what follows from it is decided at once, so that the queue never waits for anything else.</summary>
    public static void EndTalk(FloorDraft draft, FloorTalkerState talker, FloorTalkEnded ended, bool leavesCall = false)
    {
        var participant = draft.Session.Participants[talker.Leg];
        draft.Add(new FloorEvent { TalkEnded = ended });
        if (leavesCall)
        {
            draft.Add(new FloorEvent { ParticipantRemoved = new FloorParticipantRemoved { Leg = talker.Leg } });
        }

        FloorSuccession.After(draft, talker, participant);
    }

    /// <summary>
    /// 6.3.4.4.5: Revoke, T3 and T8. In an audio cut-in group T3 is 0, and so it is for a phone that no Revoke can reach:
    /// then the floor is taken away in the same step.
    /// </summary>
    public static void Revoke(FloorDraft draft, FloorTalkerState talker, FloorRevokeCause cause, uint byLeg = 0)
    {
        var graceMs = GraceMs(draft, talker.Leg);
        var revoked = new FloorRevoked { Leg = talker.Leg, Cause = (uint)cause, T3DueUs = draft.After(graceMs), ByLeg = byLeg };
        if (graceMs > draft.Rules.T8Ms)
        {
            revoked.T8DueUs = draft.After(draft.Rules.T8Ms);
        }

        draft.Add(new FloorEvent { Revoked = revoked });
        if (graceMs == 0)
        {
            EndRevoked(draft, talker.Leg);
        }
    }

    /// <summary>T3 ran out, or was 0.</summary>
    public static void EndRevoked(FloorDraft draft, uint leg)
    {
        if (draft.Taken?.Find(leg) is not { Permission: TalkPermission.PendingRevoke pending } talker)
        {
            return;
        }

        var ended = new FloorTalkEnded { Leg = leg, Reason = FloorTalkEndReason.Revoked };
        if (pending.Cause == (uint)FloorRevokeCause.MediaBurstTooLong)
        {
            ended.BarredUntilSilence = !draft.Session.Participants[leg].FloorChannel;
            ended.RetryAfterUs = draft.Rules.RetryAfterMs == 0 ? 0 : draft.After(draft.Rules.RetryAfterMs);
        }

        EndTalk(draft, talker, ended);
    }

    /// <summary>6.3.4.4.2. T20 guards the grant of a queued request only: its user may have looked away.</summary>
    public static void Grant(FloorDraft draft, AcceptedFloorRequest request, bool queued, bool overriding = false)
    {
        var participant = draft.Session.Participants[request.Leg];
        var alreadySending = draft.Session.Unpermitted.ContainsKey(request.Leg) || !participant.FloorChannel;
        var granted = new FloorGranted
        {
            Request = request,
            DurationS = FloorDuration.Seconds((overriding ? draft.Rules.T12Ms : draft.Rules.T2Ms) * 1000L),
            Overriding = overriding,
            MessageSequenceNumber = draft.Session.NextMessageSequenceNumber,
            TalkersEpoch = draft.Session.NextTalkersEpoch,
        };
        if ((queued || FloorIndicators.MustAcknowledgeGrant(draft.Rules)) && participant.FloorChannel)
        {
            granted.T20DueUs = draft.After(draft.Rules.T20Ms);
            granted.C20 = 1;
        }

        draft.Add(new FloorEvent { Granted = granted });
        if (alreadySending)
        {
            FloorMedia.StartBurst(draft, draft.Taken!.Find(request.Leg)!, request.Ssrc); // Just granted.
        }
    }

    /// <summary>Nobody who was invited came in time.</summary>
    public static void DenyKept(FloorDraft draft)
    {
        if (draft.Session.KeptRequest is { } kept)
        {
            Refuse(draft, kept, FloorDenyCause.OnlyOneParticipant, RequestKind.Message);
        }
    }

    public static uint GraceMs(FloorDraft draft, uint leg) =>
        draft.Rules.AudioCutIn || !draft.Session.Participants[leg].FloorChannel ? 0 : draft.Rules.T3Ms;

    // 6.3.4.4.8. A talker that is being revoked gets no answer: that state has no procedure for a request.
    private static void RepeatGrant(FloorDraft draft, FloorTalkerState talker, AcceptedFloorRequest request)
    {
        if (talker.Permission is TalkPermission.Permitted permitted)
        {
            var repeated = new FloorGrantRepeated
            {
                Leg = talker.Leg,
                DurationS = FloorDuration.Remaining(draft.Rules, talker, draft.NowUs),
                T20DueUs = permitted.T20DueUs,
                C20 = permitted.C20,
                TrackInfo = request.TrackInfo,
            };
            draft.Add(new FloorEvent { GrantRepeated = repeated });
        }
    }

    private static FloorDenyCause? Refusal(FloorDraft draft, FloorParticipant participant, RequestKind kind)
    {
        var session = draft.Session;
        if (IsAlone(draft) && !OthersAreInvited(draft, kind))
        {
            return FloorDenyCause.OnlyOneParticipant;
        }

        if (participant.ReceiveOnly || (session.Rules.Broadcast && !participant.Originator))
        {
            return FloorDenyCause.ReceiveOnly;
        }

        return session.RetryAfterUs.TryGetValue(participant.Leg, out var until) && draft.NowUs < until ? FloorDenyCause.RetryAfterTimerRunning : null;
    }

    private static bool IsAlone(FloorDraft draft) => draft.State is FloorState.Idle && draft.Session.Participants.Count == 1;

    // With the INVITE that creates the call they are (6.3.4.2.2). A message may come before their answers do: 6.3.4.3.3 denies who is the only
    // MCPTT client of the call, which it is not yet. Speech is reported again when the second participant is there.
    private static bool OthersAreInvited(FloorDraft draft, RequestKind kind) =>
        kind == RequestKind.Implicit || (kind == RequestKind.Message && draft.NowUs < draft.Session.InvitedUntilUs);

    // No answer yet: the client's T101 repeats its request, which changes nothing here.
    private static void Keep(FloorDraft draft, AcceptedFloorRequest request)
    {
        if (draft.Session.KeptRequest is null)
        {
            draft.Add(new FloorEvent { RequestKept = new FloorRequestKept { Request = request } });
        }
    }

    // Nobody can be granted before the group is complete (6.3.4.2). Queueing makes the wait known to the client; without it the client asks
    // again after a Deny, of which no cause but "other" fits. An implicit request that cannot wait ends with what everybody is told then.
    private static void Await(FloorDraft draft, FloorParticipant participant, AcceptedFloorRequest request, RequestKind kind)
    {
        if (kind == RequestKind.Speech)
        {
            return; // Reported again when talkers are set.
        }

        if (draft.Session.QueuedRequestOf(request.Leg) is not null)
        {
            TellPosition(draft, participant, request, RequestKind.Message);
        }
        else
        {
            Enqueue(draft, participant, request, kind, withoutQueueing: FloorDenyCause.Other);
        }
    }

    private static void Contend(FloorDraft draft, FloorState.Taken taken, FloorParticipant participant, AcceptedFloorRequest request, RequestKind kind)
    {
        if (kind == RequestKind.Speech)
        {
            Refuse(draft, request, FloorDenyCause.AnotherClientHasPermission, kind); // It hears nothing of the floor: it takes it when it is free, and from nobody.
            return;
        }

        var contest = FloorContest.Of(draft.Session, taken, request);
        if (draft.Session.QueuedRequestOf(request.Leg) is { } waiting && (waiting.Preemptive || !contest.Preempts))
        {
            TellPosition(draft, participant, request, kind); // A repeat keeps its place.
        }
        else if (contest.FreeSlot && participant.MultiTalkerAllowed && draft.Session.Queue.IsEmpty)
        {
            Grant(draft, request, queued: false);
        }
        else if (contest.Preempts && contest.OverrideFree)
        {
            Grant(draft, request, queued: false, overriding: true);
        }
        else if (contest.Preempts)
        {
            Preempt(draft, participant, request, contest.Victim);
        }
        else
        {
            Enqueue(draft, participant, request, kind);
        }
    }

    // 6.3.4.4.7: to the head of the queue even if queueing was not negotiated; Queue Position Info only if it was.
    private static void Preempt(FloorDraft draft, FloorParticipant participant, AcceptedFloorRequest request, FloorTalkerState? victim)
    {
        var preemptor = request.Clone();
        preemptor.Preemptive = true;
        var immediate = victim is not null && GraceMs(draft, victim.Leg) == 0;
        Insert(draft, preemptor, told: participant.Queueing && draft.Rules.QueueDepth > 0 && !immediate);
        if (victim is not null)
        {
            Revoke(draft, victim, FloorRevokeCause.MediaBurstPreempted, request.Leg);
        }
    }

    // The depth bounds who waits in turn; a pre-emptor comes on top, at most one per leg.
    private static void Enqueue(
        FloorDraft draft,
        FloorParticipant participant,
        AcceptedFloorRequest request,
        RequestKind kind,
        FloorDenyCause withoutQueueing = FloorDenyCause.AnotherClientHasPermission)
    {
        var waiting = draft.Session.Queue.Count(other => !other.Preemptive);
        if (!participant.Queueing || draft.Rules.QueueDepth == 0)
        {
            Refuse(draft, request, withoutQueueing, kind);
        }
        else if (waiting >= draft.Rules.QueueDepth)
        {
            Refuse(draft, request, FloorDenyCause.QueueFull, kind);
        }
        else
        {
            var bounded = request.Clone();
            bounded.ExpiresUs = draft.Rules.MaxQueueTimeMs == 0 ? 0 : draft.After(draft.Rules.MaxQueueTimeMs);
            Insert(draft, bounded, told: true);
        }
    }

    private static void Insert(FloorDraft draft, AcceptedFloorRequest request, bool told)
    {
        var queued = new FloorRequestQueued { Request = request, Position = FloorRank.PositionFor(draft.Session, request), Told = told };
        draft.Add(new FloorEvent { RequestQueued = queued });
    }

    private static void TellPosition(FloorDraft draft, FloorParticipant participant, AcceptedFloorRequest request, RequestKind kind)
    {
        if (participant.Queueing && draft.Rules.QueueDepth > 0)
        {
            draft.Add(new FloorEvent { QueuePositionTold = new FloorQueuePositionTold { Leg = request.Leg, TrackInfo = request.TrackInfo } });
        }
        else if (kind == RequestKind.Implicit)
        {
            FloorMembership.TellState(draft, participant);
        }
    }

    // A refusal is an event even where no message says it: who asked and did not get the floor can be told years later. Speech is reported
    // again and again by the media node; one event between two grants says it.
    private static void Refuse(FloorDraft draft, AcceptedFloorRequest request, FloorDenyCause cause, RequestKind kind)
    {
        if (kind == RequestKind.Speech && draft.Session.IgnoredSpeech.Contains(request.Leg))
        {
            return;
        }

        var denied = new FloorDenied
        {
            Leg = request.Leg,
            Cause = (uint)cause,
            TrackInfo = request.TrackInfo,
            Class = request.Class,
            Priority = request.Priority,
            Manner = MannerOf(kind),
        };
        draft.Add(new FloorEvent { Denied = denied });
        if (kind == RequestKind.Implicit && draft.State is not FloorState.Initialising)
        {
            FloorMembership.TellState(draft, draft.Session.Participants[request.Leg]);
        }
    }

    private static FloorRequestManner MannerOf(RequestKind kind) =>
        kind switch
        {
            RequestKind.Implicit => FloorRequestManner.Implicit,
            RequestKind.Speech => FloorRequestManner.Speech,
            _ => FloorRequestManner.Unspecified,
        };
}
