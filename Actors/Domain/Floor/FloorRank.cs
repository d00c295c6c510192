using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>Effective class and priority of a request, and who comes before whom (facts 2.5, 2.6).</summary>
internal static class FloorRank
{
    /// <summary>
    /// A client says in its request that it is in an emergency; it counts as far as the call is in one, which SIP authorised:
    /// nobody lifts itself by a bit.
    /// </summary>
    public static FloorRequestClass ClassOf(FloorSession session, uint indicator)
    {
        var asked = (indicator & (uint)FloorIndicator.EmergencyCall) != 0 ? FloorRequestClass.Emergency
            : (indicator & (uint)FloorIndicator.ImminentPerilCall) != 0 ? FloorRequestClass.ImminentPeril
            : FloorRequestClass.Normal;
        var condition = ConditionOf(session);
        return asked < condition ? asked : condition;
    }

    public static FloorRequestClass ConditionOf(FloorSession session) =>
        session.Emergency ? FloorRequestClass.Emergency
        : session.ImminentPeril ? FloorRequestClass.ImminentPeril
        : FloorRequestClass.Normal;

    /// <summary>6.3.5.4.4: the member's own priority, or what it asks for up to what was negotiated; without negotiation the field is ignored.</summary>
    public static uint PriorityOf(FloorParticipant participant, bool hasPriority, uint priority)
    {
        var wanted = hasPriority ? priority : participant.UserPriority;
        return participant.PriorityNegotiated ? Math.Min(wanted, participant.PriorityLimit) : participant.UserPriority;
    }

    /// <summary>6.3.4.4.7: class first; within a class strictly higher priority; equal never.</summary>
    public static bool Outranks(this AcceptedFloorRequest request, AcceptedFloorRequest other) => Compare(request, other) > 0;

    public static int Compare(AcceptedFloorRequest one, AcceptedFloorRequest other)
    {
        var byClass = one.Class.CompareTo(other.Class);
        return byClass != 0 ? byClass : one.Priority.CompareTo(other.Priority);
    }

    /// <summary>
    /// The position (from 1) that a request takes in the queue without itself: behind everyone who comes before it or came earlier at the same rank.
    /// </summary>
    public static uint PositionFor(FloorSession session, AcceptedFloorRequest request)
    {
        var ahead = session.Queue.Count(other => other.Leg != request.Leg && !ComesBefore(request, other));
        return (uint)ahead + 1;
    }

    private static bool ComesBefore(AcceptedFloorRequest request, AcceptedFloorRequest other) =>
        request.Preemptive != other.Preemptive ? request.Preemptive : request.Outranks(other);
}
