using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>Participants come, change and go (6.3.5.2, 6.3.5.3).</summary>
internal static class FloorMembership
{
    /// <summary>Again for a known leg: its SDP was agreed anew, perhaps with an implicit request, as in an upgrade to emergency (facts 2.8).</summary>
    public static void Add(FloorDraft draft, AddParticipant add)
    {
        var participant = add.Participant;
        var known = draft.Session.Participants.TryGetValue(participant.Leg, out var before);
        if (!known)
        {
            draft.Add(new FloorEvent { ParticipantAdded = new FloorParticipantAdded { Participant = participant } });
            ServeKept(draft);
        }
        else if (!participant.Equals(before))
        {
            Change(draft, participant);
        }

        if (add.ImplicitRequest)
        {
            if (!known && draft.Taken is not null && (draft.Rules.DualFloor || draft.Session.MultiTalker))
            {
                TellState(draft, participant); // It may come to talk beside others, of whom nothing else would tell it.
            }

            FloorArbitration.Request(draft, participant, ImplicitRequest(draft, participant), RequestKind.Implicit);
        }
        else if (!known && draft.State is not FloorState.Initialising && draft.Events is [{ Floor.BodyCase: FloorEvent.BodyOneofCase.ParticipantAdded }])
        {
            TellState(draft, participant); // Unless a grant told it who talks.
        }
    }

    public static void Remove(FloorDraft draft, uint leg)
    {
        if (draft.Taken?.Find(leg) is { } talker)
        {
            FloorArbitration.EndTalk(draft, talker, new FloorTalkEnded { Leg = leg, Reason = FloorTalkEndReason.LeftCall }, leavesCall: true);
        }
        else
        {
            draft.Add(new FloorEvent { ParticipantRemoved = new FloorParticipantRemoved { Leg = leg } });
            FloorSuccession.FillFreeSlots(draft);
        }

        // Revoke cause 1: nobody is left to hear it.
        if (draft.Session.Participants.Count == 1 && draft.Taken?.Talkers is [{ IsPermitted: true } last])
        {
            FloorArbitration.Revoke(draft, last, FloorRevokeCause.OnlyOneClient);
        }
    }

    /// <summary>Floor Taken or Floor Idle to one participant. Two talkers of a dual floor take two messages, and so two numbers.</summary>
    public static void TellState(FloorDraft draft, FloorParticipant participant, ReleaseFloor? release = null)
    {
        if (!participant.FloorChannel || draft.Events.Any(happened => happened.Floor.StateTold?.Leg == participant.Leg))
        {
            return;
        }

        var number = draft.Session.NextMessageSequenceNumber;
        var told = new FloorStateTold
        {
            Leg = participant.Leg,
            MessageSequenceNumber = draft.Taken?.Overriding is null ? number : MessageSequence.Next(number),
        };
        if (release is not null)
        {
            told.Acknowledge = release.Acknowledge;
            told.TrackInfo = release.TrackInfo;
        }

        draft.Add(new FloorEvent { StateTold = told });
    }

    // The only participant asked while this one was being invited.
    private static void ServeKept(FloorDraft draft)
    {
        if (draft.Session.KeptRequest is { } kept)
        {
            FloorArbitration.Grant(draft, kept, queued: false);
        }
    }

    private static void Change(FloorDraft draft, FloorParticipant participant)
    {
        draft.Add(new FloorEvent { ParticipantChanged = new FloorParticipantChanged { Participant = participant } });
        if (participant.ReceiveOnly && draft.Session.Waits(participant.Leg))
        {
            var dropped = new FloorRequestDropped { Leg = participant.Leg, Reason = FloorRequestDropReason.NotEligible };
            draft.Add(new FloorEvent { RequestDropped = dropped });
            FloorSuccession.FillFreeSlots(draft);
        }
    }

    // The INVITE that asks for the floor made the call what it is, so the request has the call's class.
    private static AcceptedFloorRequest ImplicitRequest(FloorDraft draft, FloorParticipant participant) =>
        new()
        {
            Leg = participant.Leg,
            Class = FloorRank.ConditionOf(draft.Session),
            Priority = FloorRank.PriorityOf(participant, hasPriority: false, 0),
            SinceUs = draft.NowUs,
            Ssrc = participant.Ssrc,
        };
}
