using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>The Floor Indicator (8.2.3.15) states what the call is, not the rank of who talks (facts 2.8).</summary>
internal static class FloorIndicators
{
    /// <summary>Bit F is said to those with whom queueing was negotiated.</summary>
    public static FloorIndicator For(FloorSession session, FloorParticipant participant, FloorIndicator more = FloorIndicator.None) =>
        OfCall(session) | more | (participant.Queueing && session.Rules.QueueDepth > 0 ? FloorIndicator.QueueingSupported : FloorIndicator.None);

    /// <summary>6.3.4.4.2 1e: who listens in secret is granted the floor with a Floor Ack asked for.</summary>
    public static bool MustAcknowledgeGrant(FloorRules rules) => rules.Acknowledge || rules.SessionType == SessionType.AmbientListening;

    private static FloorIndicator OfCall(FloorSession session)
    {
        var condition = session.Emergency ? FloorIndicator.EmergencyCall
            : session.ImminentPeril ? FloorIndicator.ImminentPerilCall
            : session.Rules.Broadcast ? FloorIndicator.None
            : FloorIndicator.NormalCall;
        var kind = (session.Rules.Broadcast ? FloorIndicator.BroadcastGroupCall : FloorIndicator.None)
            | (session.Rules.TemporaryGroup ? FloorIndicator.TemporaryGroupCall : FloorIndicator.None);
        return condition | kind | (session.MultiTalker ? FloorIndicator.MultiTalker : FloorIndicator.None);
    }
}
