using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>What events do to where the media of a call is.</summary>
internal static class CallMediaEvolver
{
    public static CallState Placed(CallState.InSession session, MediaSessionPlaced placed, long timeUs)
    {
        var former = placed.Overlaps ? new FormerPlacement(session.Placement, timeUs) : session.Former;
        var moved = session with
        {
            Placement = placed.Placement,
            Search = null,
            Former = former?.Placement.MediaNode == placed.Placement.MediaNode ? null : former,
        };
        return moved.Core.Legs.Values.OfType<CallLeg.InSession>().Aggregate<CallLeg.InSession, CallState>(
            moved,
            (state, leg) => CallLegEvolver.Change(state, leg.Number, behind => behind with { Behind = behind.Behind || !MediaNegotiation.ShowsPlacement(behind.LocalSdp, placed.Placement) }));
    }

    public static CallState.Started Lost(CallState.Started started, MediaSessionLost lost, long timeUs)
    {
        var avoid = started.Search?.Avoid ?? [];
        if (lost.MediaNode.Length > 0 && !avoid.Contains(lost.MediaNode))
        {
            avoid = avoid.Add(lost.MediaNode);
        }

        return started with
        {
            Search = started.Search is { GoesOn: false } search
                ? search with { AskedUs = timeUs, AskedAgain = search.AskedAgain + 1, Avoid = avoid }
                : new MediaSearch(timeUs, timeUs, 0, avoid, GoesOn: false),
        };
    }

    public static CallState.InSession MoveBegun(CallState.InSession session, MediaMoveBegun begun, long timeUs) =>
        session with { Search = new MediaSearch(timeUs, timeUs, 0, [begun.MediaNode], GoesOn: true) };
}
