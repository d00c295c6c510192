using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>What the media node reports: RTP begins and ends, with and without permission (6.3.4.4.3, 6.3.5.7, 6.3.5.8).</summary>
internal static class FloorMedia
{
    public static void Started(FloorDraft draft, FloorParticipant participant, MediaStarted started)
    {
        if (draft.Taken?.Find(participant.Leg) is { } talker)
        {
            if (talker is { IsPermitted: true, T2DueUs: 0 })
            {
                StartBurst(draft, talker, started.Ssrc);
            }
        }
        else if (draft.Session.Unpermitted.ContainsKey(participant.Leg))
        {
            return; // Revoked already; T8 repeats it. A plain phone must fall silent first.
        }
        else if (participant.FloorChannel)
        {
            Unpermitted(draft, participant.Leg, revokesSent: 1);
        }
        else
        {
            FloorArbitration.Request(draft, participant, Speech(draft, participant, started.Ssrc), RequestKind.Speech);
        }
    }

    public static void Stopped(FloorDraft draft, FloorParticipant participant, MediaStopped stopped)
    {
        if (draft.Taken?.Find(participant.Leg) is { } talker)
        {
            // Silence seen before the grant was known to the media node says nothing about this burst.
            if (stopped.TalkersEpoch == 0 || stopped.TalkersEpoch >= talker.GrantedEpoch)
            {
                FloorArbitration.EndTalk(draft, talker, new FloorTalkEnded { Leg = talker.Leg, Reason = FloorTalkEndReason.MediaEnded });
            }
        }
        else if (draft.Session.Unpermitted.ContainsKey(participant.Leg))
        {
            draft.Add(new FloorEvent { MediaUnpermittedEnded = new FloorMediaUnpermittedEnded { Leg = participant.Leg } });
            FloorMembership.TellState(draft, participant);
        }
    }

    /// <summary>T2 runs from the first RTP packet, not from the grant (table 11.1.3-1); for an override it is T12.</summary>
    public static void StartBurst(FloorDraft draft, FloorTalkerState talker, uint ssrc)
    {
        var due = draft.After(talker.Overriding ? draft.Rules.T12Ms : draft.Rules.T2Ms);
        draft.Add(new FloorEvent { TalkStarted = new FloorTalkStarted { Leg = talker.Leg, Ssrc = ssrc, T2DueUs = due } });
    }

    public static void Unpermitted(FloorDraft draft, uint leg, uint revokesSent)
    {
        var more = revokesSent < FloorDefaults.UnpermittedRevokes;
        var media = new FloorMediaUnpermitted { Leg = leg, RevokesSent = revokesSent, T8DueUs = more ? draft.After(draft.Rules.T8Ms) : 0 };
        draft.Add(new FloorEvent { MediaUnpermitted = media });
    }

    private static AcceptedFloorRequest Speech(FloorDraft draft, FloorParticipant participant, uint ssrc) =>
        new()
        {
            Leg = participant.Leg,
            Class = FloorRequestClass.Normal,
            Priority = participant.UserPriority,
            SinceUs = draft.NowUs,
            Ssrc = ssrc,
        };
}
