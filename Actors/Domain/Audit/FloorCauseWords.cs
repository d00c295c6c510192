using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Causes and ranks of TS 24.380 in plain words.</summary>
public static class FloorCauseWords
{
    public static string OfDeny(uint cause) =>
        (FloorDenyCause)cause switch
        {
            FloorDenyCause.AnotherClientHasPermission => "another one has the floor",
            FloorDenyCause.InternalServerError => "the server failed",
            FloorDenyCause.OnlyOneParticipant => "nobody else is in the call",
            FloorDenyCause.RetryAfterTimerRunning => "asked too soon after a burst that was too long",
            FloorDenyCause.ReceiveOnly => "may only listen",
            FloorDenyCause.NoResourcesAvailable => "no resources",
            FloorDenyCause.QueueFull => "the queue is full",
            FloorDenyCause.Other => "another reason",
            _ => "a cause that the standard does not name",
        };

    public static string OfRevoke(uint cause) =>
        (FloorRevokeCause)cause switch
        {
            FloorRevokeCause.OnlyOneClient => "nobody else is in the call",
            FloorRevokeCause.MediaBurstTooLong => "the burst was too long (T2)",
            FloorRevokeCause.NoPermissionToSend => "sent without the floor",
            FloorRevokeCause.MediaBurstPreempted => "pre-empted",
            FloorRevokeCause.NoResourcesAvailable => "no resources",
            FloorRevokeCause.RevokedByAnotherClient => "revoked at the request of an authorised user",
            FloorRevokeCause.Other => "another reason",
            _ => "a cause that the standard does not name",
        };

    public static string ClauseOfRevoke(uint cause) =>
        (FloorRevokeCause)cause switch
        {
            FloorRevokeCause.OnlyOneClient => "TS 24.380 6.3.4.4.10",
            FloorRevokeCause.MediaBurstTooLong => "TS 24.380 6.3.4.4.5",
            FloorRevokeCause.NoPermissionToSend => "TS 24.380 6.3.5.4.7",
            FloorRevokeCause.MediaBurstPreempted => "TS 24.380 6.3.4.4.7",
            FloorRevokeCause.RevokedByAnotherClient => "TS 24.380 8.2.17",
            _ => "TS 24.380 8.2.10.2",
        };

    /// <summary>"priority 5", "emergency, priority 7".</summary>
    public static string Rank(AcceptedFloorRequest request) =>
        request.Class switch
        {
            FloorRequestClass.Emergency => $"emergency, priority {request.Priority}",
            FloorRequestClass.ImminentPeril => $"imminent peril, priority {request.Priority}",
            _ => $"priority {request.Priority}",
        };
}
