using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>
/// Messages that ask for a Floor Ack (bit 0x10 of the subtype). A Granted without one is repeated by T20. A Taken or Idle without one
/// is followed by how things are then, every T20 and C20 times in all: repeating an old one could say what is no longer true. Floor Deny,
/// Queue Position Info and Queued Floor Requests ask too, and nobody waits: who asked asks again without an answer (T101, T104).
/// </summary>
internal static class FloorAcknowledgements
{
    public static void Received(FloorDraft draft, AcknowledgeFloorMessage acknowledge)
    {
        switch ((FloorMessageType)acknowledge.MessageType)
        {
            // T20 may stop at the Floor Ack (table 11.1.3-1).
            case FloorMessageType.FloorGranted
                when draft.Taken?.Find(acknowledge.Leg)?.Permission is TalkPermission.Permitted { T20DueUs: > 0 }:
                draft.Add(new FloorEvent { GrantAcknowledged = new FloorGrantAcknowledged { Leg = acknowledge.Leg } });
                break;
            case FloorMessageType.FloorTaken or FloorMessageType.FloorIdle when draft.Session.Awaited.ContainsKey(acknowledge.Leg):
                draft.Add(new FloorEvent { Acknowledged = new FloorAcknowledged { Leg = acknowledge.Leg } });
                break;
        }
    }

    /// <summary>At the end of a decision: whom its events told who talks.</summary>
    public static void Await(FloorDraft draft)
    {
        if (!draft.Rules.Acknowledge || draft.Events.Any(happened => happened.Floor.BodyCase == FloorEvent.BodyOneofCase.AcknowledgementAwaited))
        {
            return;
        }

        var told = draft.Events.Any(happened => TellsEverybody(happened.Floor))
            ? draft.Session.Participants.Values.Where(participant => participant.FloorChannel && draft.Taken?.Find(participant.Leg) is null)
            : draft.Session.Participants.Values.Where(participant => draft.Events.Any(happened => happened.Floor.StateTold?.Leg == participant.Leg));
        Await(draft, [.. told.Select(participant => participant.Leg)], sent: 1);
    }

    public static void Repeat(FloorDraft draft, uint leg)
    {
        var sent = draft.Session.Awaited[leg].Sent + 1;
        FloorMembership.TellState(draft, draft.Session.Participants[leg]);
        Await(draft, [leg], sent);
    }

    private static void Await(FloorDraft draft, IReadOnlyList<uint> legs, uint sent)
    {
        if (legs.Count > 0)
        {
            var awaited = new FloorAcknowledgementAwaited { Sent = sent, DueUs = sent < draft.Rules.C20 ? draft.After(draft.Rules.T20Ms) : 0 };
            awaited.Legs.Add(legs);
            draft.Add(new FloorEvent { AcknowledgementAwaited = awaited });
        }
    }

    private static bool TellsEverybody(FloorEvent body) =>
        body.BodyCase
            is FloorEvent.BodyOneofCase.Granted
                or FloorEvent.BodyOneofCase.Idled
                or FloorEvent.BodyOneofCase.IdleRepeated
                or FloorEvent.BodyOneofCase.Restated
                or FloorEvent.BodyOneofCase.OverrideEnded
                or FloorEvent.BodyOneofCase.OverrideBecameFloor;
}
