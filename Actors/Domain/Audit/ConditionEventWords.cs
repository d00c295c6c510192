using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Emergency, imminent peril and the beginning of a temporary group's floor, in words.</summary>
internal static class ConditionEventWords
{
    public static Told? Tell(CallEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            CallEvent.BodyOneofCase.ConditionChanged => Changed(happened.ConditionChanged, names),
            CallEvent.BodyOneofCase.ConditionInformed => new(
                $"{names.Who(happened.ConditionInformed.Leg)} was told by INFO what the call is: {What(happened.ConditionInformed.Emergency, happened.ConditionInformed.ImminentPeril)}.",
                "TS 24.379 6.3.3.1.17")
            {
                Leg = happened.ConditionInformed.Leg,
            },
            CallEvent.BodyOneofCase.FloorMayBegin => new("The floor of the temporary group begins.", "TS 24.380 6.3.4.2.2"),
            _ => null,
        };

    private static Told Changed(CallConditionChanged changed, CallNames names)
    {
        var what = What(changed.Emergency, changed.ImminentPeril);
        return changed.Leg == 0
            ? new($"The emergency has lasted as long as it may (TNG2): the call is {what}.", "TS 24.379 B.2.1")
            : new($"{names.Who(changed.Leg)} declared it: the call is {what}.", "TS 24.379 6.3.3.1.13") { Leg = changed.Leg };
    }

    private static string What(bool emergency, bool imminentPeril) =>
        emergency ? "an emergency call" : imminentPeril ? "an imminent peril call" : "a normal call";
}
