using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>What follows the end of a burst: the queue's head, Floor Idle, or that the others go on (6.3.4.3, 6.3.4.4.6, 6.3.6.3.6).</summary>
internal static class FloorSuccession
{
    public static void After(FloorDraft draft, FloorTalkerState ended, FloorParticipant participant)
    {
        if (draft.Taken is { } taken)
        {
            OthersTalkOn(draft, taken, ended, participant);
        }
        else
        {
            EnterIdle(draft, ended, participant);
        }
    }

    /// <summary>T4 does not run in a chat call: nobody's silence ends it (24.379 6.3.8.1).</summary>
    public static long T4Due(FloorDraft draft) => draft.Rules.SessionType == SessionType.Chat ? 0 : draft.After(draft.Rules.T4Ms);

    /// <summary>G: Floor Initialising ends: to Idle, or to the head of what was asked meanwhile (6.3.4.2.2, 6.3.4.3.2).</summary>
    public static void Begin(FloorDraft draft)
    {
        draft.Add(new FloorEvent { Initialised = new FloorInitialised() });
        ServeOrIdle(draft);
    }

    // 6.3.4.3.2: who waits gets the floor without a Floor Idle in between.
    private static void EnterIdle(FloorDraft draft, FloorTalkerState ended, FloorParticipant participant)
    {
        if (draft.Session.MultiTalker)
        {
            ReleaseTalker(draft, ended, participant, changesTalkers: false);
        }

        ServeOrIdle(draft);
    }

    private static void ServeOrIdle(FloorDraft draft)
    {
        if (draft.Session.Queue is [var head, ..])
        {
            FloorArbitration.Grant(draft, head, queued: true);
            FillFreeSlots(draft);
            return;
        }

        var idled = new FloorIdled
        {
            MessageSequenceNumber = draft.Session.NextMessageSequenceNumber,
            TalkersEpoch = draft.Session.NextTalkersEpoch,
            T4DueUs = T4Due(draft),
            T7DueUs = draft.Rules.T7Ms == 0 ? 0 : draft.After(draft.Rules.T7Ms),
        };
        draft.Add(new FloorEvent { Idled = idled });
    }

    private static void OthersTalkOn(FloorDraft draft, FloorState.Taken taken, FloorTalkerState ended, FloorParticipant participant)
    {
        if (draft.Session.MultiTalker)
        {
            ReleaseTalker(draft, ended, participant, changesTalkers: true);
            FillFreeSlots(draft);
        }
        else if (ended.Overriding)
        {
            EndOverride(draft, taken);
        }
        else
        {
            BecomeFloor(draft, taken.Talkers[0]);
        }
    }

    /// <summary>
    /// After a place was free or somebody left the queue. Only the head may add itself: who may not add to talkers waits for their end and is
    /// not overtaken meanwhile.
    /// </summary>
    public static void FillFreeSlots(FloorDraft draft)
    {
        while (draft.Session.MultiTalker
            && draft.Taken is { } taken
            && taken.Talkers.Count < draft.Rules.MaxTalkers
            && draft.Session.Queue is [var head, ..]
            && draft.Session.Participants[head.Leg].MultiTalkerAllowed)
        {
            FloorArbitration.Grant(draft, head, queued: true);
        }
    }

    // A pre-emptor that made the override end was promised the floor over the first talker, if it still outranks it.
    private static void EndOverride(FloorDraft draft, FloorState.Taken taken)
    {
        var ended = new FloorOverrideEnded
        {
            MessageSequenceNumber = draft.Session.NextMessageSequenceNumber,
            TalkersEpoch = draft.Session.NextTalkersEpoch,
        };
        draft.Add(new FloorEvent { OverrideEnded = ended });
        if (draft.Session.Queue is [{ Preemptive: true } head, ..] && head.Outranks(taken.Talkers[0].Request))
        {
            FloorArbitration.Grant(draft, head, queued: true, overriding: true);
        }
    }

    private static void BecomeFloor(FloorDraft draft, FloorTalkerState overriding)
    {
        var became = new FloorOverrideBecameFloor
        {
            Leg = overriding.Leg,
            DurationS = FloorDuration.Remaining(draft.Rules, overriding, draft.NowUs),
            MessageSequenceNumber = draft.Session.NextMessageSequenceNumber,
            TalkersEpoch = draft.Session.NextTalkersEpoch,
        };
        draft.Add(new FloorEvent { OverrideBecameFloor = became });
    }

    private static void ReleaseTalker(FloorDraft draft, FloorTalkerState ended, FloorParticipant participant, bool changesTalkers)
    {
        var released = new FloorTalkerReleased
        {
            Leg = ended.Leg,
            McpttId = participant.IdentityHidden ? "" : participant.McpttId,
            Ssrc = ended.Request.Ssrc,
            FunctionalAlias = ended.Request.FunctionalAlias,
            MessageSequenceNumber = changesTalkers ? draft.Session.NextMessageSequenceNumber : 0,
            TalkersEpoch = changesTalkers ? draft.Session.NextTalkersEpoch : 0,
        };
        draft.Add(new FloorEvent { TalkerReleased = released });
    }
}
