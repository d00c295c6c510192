using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>What the runtime writes into an effect before it leaves: ids, the correlation, on whose behalf, and the time.</summary>
/// <param name="TraceParent">Span that made it; empty: none.</param>
internal readonly record struct EffectStamp(string EffectId, string CorrelationId, string OnBehalfOf, long EventTimeUs, long NowUs, string TraceParent = "")
{
    public static string Id(string persistenceId, long sequenceNumber, int index) => $"{persistenceId}/{sequenceNumber}/{index}";

    /// <summary>
    /// A told command carries the time at which it leaves (not the event's: after an outage its receiver's timers would all be
    /// due at once); a SIP effect the event's, so that a repeat makes the same bytes.
    /// </summary>
    public Effect Apply(Effect effect, string actorId)
    {
        // A reactor that gives out one message twice would otherwise see the first id overwritten.
        var stamped = IsStamped(effect) ? effect.Clone() : effect;
        switch (stamped.BodyCase)
        {
            case Effect.BodyOneofCase.Sip:
                stamped.Sip.EffectId = EffectId;
                stamped.Sip.CorrelationId = CorrelationId;
                stamped.Sip.TimeUs = EventTimeUs;
                stamped.Sip.TraceParent = TraceParent;
                break;
            case Effect.BodyOneofCase.Media:
                stamped.Media.EffectId = EffectId;
                stamped.Media.CorrelationId = CorrelationId;
                stamped.Media.TraceParent = TraceParent;
                if (stamped.Media.Session.Length == 0)
                {
                    stamped.Media.Session = actorId;
                }

                break;
            case Effect.BodyOneofCase.Command:
                stamped.Command.CommandId = EffectId;
                stamped.Command.CorrelationId = CorrelationId;
                stamped.Command.OnBehalfOf = OnBehalfOf;
                stamped.Command.TraceParent = TraceParent;
                stamped.Command.TimeUs = Math.Max(EventTimeUs, NowUs);
                break;
            case Effect.BodyOneofCase.None:
                throw new InvalidOperationException("a reactor returned an effect without a body");
        }

        return stamped;
    }

    private static bool IsStamped(Effect effect) =>
        effect.BodyCase switch
        {
            Effect.BodyOneofCase.Sip => effect.Sip.EffectId.Length > 0,
            Effect.BodyOneofCase.Media => effect.Media.EffectId.Length > 0,
            Effect.BodyOneofCase.Command => effect.Command.CommandId.Length > 0,
            _ => false,
        };
}
