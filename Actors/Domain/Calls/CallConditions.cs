using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>
/// Emergency and imminent peril: who may begin and end them, and that every client of the call hears of it (TS 24.379 6.3.3.1.13 and on,
/// facts 4.8). The condition is the call's and ends with it.
/// </summary>
internal static class CallConditions
{
    /// <summary>SIP INFO pending: what was declared is not what the call is.</summary>
    public const uint InfoPending = 149;

    /// <summary>Null: it may. A refusal says in mcptt-info how things are without it: what may not begin is false, what may not end is true.</summary>
    public static Rejection? WhyNot(CallCondition now, CallRights? rights, Indication emergency, Indication peril) =>
        (emergency, peril) switch
        {
            (Indication.True, _) when rights is not { StartEmergency: true } => Refusal("start an emergency call", emergency: Indication.False),
            (Indication.False, _) when now.Emergency && rights is not { CancelEmergency: true } => Refusal("cancel an emergency call", emergency: Indication.True),
            (_, Indication.True) when rights is not { StartImminentPeril: true } => Refusal("start an imminent peril call", peril: Indication.False),
            (_, Indication.False) when now.ImminentPeril && rights is not { CancelImminentPeril: true } =>
                Refusal("cancel an imminent peril call", peril: Indication.True),
            _ => null,
        };

    /// <summary>What becomes of the call by it. During an emergency an imminent peril changes nothing.</summary>
    public static CallCondition After(CallCondition now, Indication emergency, Indication peril)
    {
        var isEmergency = emergency == Indication.Unspecified ? now.Emergency : emergency == Indication.True;
        var isPeril = peril == Indication.Unspecified ? now.ImminentPeril : peril == Indication.True;
        return new CallCondition(isEmergency, isPeril && !isEmergency);
    }

    public static CallCondition After(CallCondition now, IncomingInvite invite) => After(now, Declared(invite.Emergency), Declared(invite.ImminentPeril));

    /// <summary>An INVITE declares or says nothing; nobody ends an emergency by joining.</summary>
    public static Indication Declared(bool indicated) => indicated ? Indication.True : Indication.Unspecified;

    public static void Change(CallDraft draft, uint leg, CallCondition to)
    {
        if (draft.Core.Condition != to)
        {
            draft.Add(new CallEvent
            {
                ConditionChanged = new CallConditionChanged { Leg = leg, Emergency = to.Emergency, ImminentPeril = to.ImminentPeril },
            });
        }
    }

    /// <summary>A plain phone has no use for it.</summary>
    public static bool IsStale(CallCore core, CallLeg.InSession leg) => leg.Member.Client.McpttClient && leg.Told != core.Condition;

    private static Rejection Refusal(string what, Indication emergency = Indication.Unspecified, Indication peril = Indication.Unspecified) =>
        new() { Code = RejectionCode.NotAuthorised, Detail = $"the user may not {what}", Emergency = emergency, ImminentPeril = peril };
}
