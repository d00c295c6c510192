using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>What some participants may do to the requests and the floor of others; the release of the deployment says what exists.</summary>
internal static class FloorAuthority
{
    /// <summary>Subtype 14 is undefined before release 17; since 18 it has a result and notifications.</summary>
    public const uint QueuedCancelRelease = 17;
    public const uint QueuedFloorRequestsRelease = 18;

    /// <summary>Floor Revoke Request came with release 19.</summary>
    public const uint RevokeRequestRelease = 19;

    private const uint Done = 0;
    private const uint NotAuthorised = 1;

    public static void CancelQueued(FloorDraft draft, FloorParticipant participant, QueuedFloorRequestsReceived received)
    {
        if (draft.Rules.ReleaseNumber < QueuedCancelRelease || received.Purpose != (uint)QueuedFloorRequestsPurpose.CancelRequest)
        {
            return; // An undefined subtype, or a purpose that only a server sends, is ignored (8.1.4).
        }

        var cancelled = new FloorQueuedRequestsCancelled
        {
            Leg = participant.Leg,
            ResponseState = participant.MayCancelQueued ? Done : NotAuthorised,
            Acknowledge = received.Acknowledge,
            TrackInfo = received.TrackInfo,
        };
        foreach (var request in participant.MayCancelQueued ? draft.Session.Queue : [])
        {
            var user = draft.Session.Participants[request.Leg].McpttId;
            if (received.Users.Contains(user))
            {
                cancelled.CancelledLegs.Add(request.Leg);
                cancelled.CancelledUsers.Add(user);
            }
        }

        draft.Add(new FloorEvent { QueuedRequestsCancelled = cancelled });
        FloorSuccession.FillFreeSlots(draft);
    }

    public static bool MayRevoke(FloorDraft draft, FloorParticipant participant) =>
        participant.MayRevoke && draft.Rules.ReleaseNumber >= RevokeRequestRelease;

    public static void Revoke(FloorDraft draft, RevokeFloorOfOther revoke)
    {
        var talker = draft.Taken?.Talkers.Find(talker =>
            talker.IsPermitted && talker.Leg != revoke.Leg && draft.Session.Participants[talker.Leg].McpttId == revoke.User);
        if (talker is not null)
        {
            FloorArbitration.Revoke(draft, talker, FloorRevokeCause.RevokedByAnotherClient, revoke.Leg);
        }
    }
}
