using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>
/// What a request meets while others talk: whether it pre-empts and whom (6.3.4.4.7, 6.3.4.4.7a), whether a talker may be added
/// (multi-talker), whether it may talk over the talker (dual floor).
/// </summary>
internal readonly record struct FloorContest(bool Preempts, FloorTalkerState? Victim, bool FreeSlot, bool OverrideFree)
{
    public static FloorContest Of(FloorSession session, FloorState.Taken taken, AcceptedFloorRequest request)
    {
        var overriding = taken.Overriding;
        IReadOnlyList<FloorTalkerState> contested = overriding is null ? taken.Talkers : [overriding];
        var (holder, victim) = HolderOf(session, contested, request.Leg);
        var freeSlot = session.MultiTalker
            && taken.Talkers.Count < session.Rules.MaxTalkers
            && (session.Queue.IsEmpty || request.Outranks(session.Queue[0]));
        var overrideFree = session.Rules.DualFloor && !session.MultiTalker && overriding is null;

        // In an audio cut-in group every new request takes the floor, whatever its rank (6.3.2.2).
        var preempts = session.Rules.AudioCutIn || request.Outranks(holder);
        return new FloorContest(preempts, victim, freeSlot, overrideFree);
    }

    // Whom the request must outrank, and who is revoked if it does. A talker who is being revoked already is revoked for the first
    // pre-emptor in the queue; only when such a place is promised to nobody it can be had without revoking anybody else.
    private static (AcceptedFloorRequest Holder, FloorTalkerState? Victim) HolderOf(
        FloorSession session,
        IReadOnlyList<FloorTalkerState> contested,
        uint leg)
    {
        var pending = contested.Where(talker => !talker.IsPermitted).ToList();
        var claims = session.Queue.FindAll(waiting => waiting.Preemptive && waiting.Leg != leg);
        if (pending.Count > claims.Count)
        {
            return (pending.Select(talker => talker.Request).Min(RankComparer.Instance)!, null); // Not empty.
        }

        var victim = contested.Where(talker => talker.IsPermitted).MinBy(talker => talker.Request, RankComparer.Instance);
        return victim is null ? (claims[0], null) : (victim.Request, victim);
    }

    private sealed class RankComparer : IComparer<AcceptedFloorRequest>
    {
        public static readonly RankComparer Instance = new();

        public int Compare(AcceptedFloorRequest? x, AcceptedFloorRequest? y) =>
            x is null || y is null ? Comparer<bool>.Default.Compare(x is not null, y is not null) : FloorRank.Compare(x, y);
    }
}
