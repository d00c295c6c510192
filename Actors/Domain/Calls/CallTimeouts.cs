using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>What a timer that ran out means. One that is not in the state any more, or was set anew, means nothing.</summary>
internal static class CallTimeouts
{
    public static Decision Fired(CallState state, Command command)
    {
        var timer = command.Timer;
        if (!CallTimers.Of(state).Contains(new ActorTimer(timer.Name, timer.DueUs)))
        {
            return Decision.AlreadySo;
        }

        return timer.Name switch
        {
            CallTimers.Media => OfCall(state, command, CallMedia.Unanswered),
            CallTimers.Overlap => OfCall(state, command, draft => CallMedia.EndOverlap(draft, timeIsUp: true)),
            CallTimers.Tng1 => OfCall(state, command, draft => CallSetup.CheckGathered(draft, timeIsUp: true)),
            CallTimers.Tng2 => OfCall(state, command, draft => CallConditions.Change(draft, 0, default)),
            CallTimers.Initialising => OfCall(state, command, CallFloorBeginning.Begin),
            CallTimers.Tng3 => OfCall(state, command, draft => CallRelease.Release(draft, "maximum duration")),
            _ => OfLeg(state, command, timer.Name),
        };
    }

    private static Decision OfLeg(CallState state, Command command, string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal) + 1;
        var number = uint.Parse(name.AsSpan(colon), CultureInfo.InvariantCulture);
        return (name[..colon], state.Core.Legs[number]) switch
        {
            (CallTimers.Answer, CallLeg.Invited leg) => OfCall(state, command, draft => Unanswered(draft, leg)),
            (CallTimers.Cancelled, CallLeg.Cancelling) => CallAnswers.Failed(state, command, new LegFailed { Leg = number, Status = 487, Reason = "no answer to CANCEL" }),
            (CallTimers.Acknowledgement, _) => CallAnswers.NotAcknowledged(state, command, number),
            (CallTimers.Refresh, CallLeg.InSession leg) => OfCall(state, command, draft => CallRefreshes.Send(draft, leg)),
            (CallTimers.Following, CallLeg.InSession) =>
                CallAnswers.Failed(state, command, new LegFailed { Leg = number, Status = CallAnswers.RequestTimeout, InDialog = true }),
            (CallTimers.SessionExpiry, CallLeg.InSession leg) => OfCall(state, command, draft => Expired(draft, leg)),
            _ => Decision.AlreadySo,
        };
    }

    private static void Unanswered(CallDraft draft, CallLeg.Invited leg)
    {
        draft.Cancel(leg, "no answer");
        CallAnswers.AfterLeave(draft);
    }

    private static void Expired(CallDraft draft, CallLeg.InSession leg)
    {
        draft.Leave(leg, LeaveCause.SessionExpired);
        CallAnswers.AfterLeave(draft);
    }

    private static Decision OfCall(CallState state, Command command, Action<CallDraft> decide)
    {
        var draft = new CallDraft(state, command);
        decide(draft);
        return draft.Done();
    }
}
