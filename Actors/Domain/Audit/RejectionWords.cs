using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Why something was refused, in plain words, with the clause that says so.</summary>
public static class RejectionWords
{
    private const string Warnings = "TS 24.379 4.4.2";

    /// <summary>"the group is disabled (Warning 115)", with what the server knew beyond it.</summary>
    public static string Of(Rejection? rejection)
    {
        var words = Of(rejection?.Code ?? RejectionCode.Unspecified);
        return string.IsNullOrEmpty(rejection?.Detail) ? words : $"{words}: {rejection.Detail}";
    }

    public static string Of(RejectionCode code) =>
        Row(code) is var row && row.Warning > 0 ? $"{WarningText.Of(row.Warning).Text} (Warning {row.Warning})" : row.Words;

    /// <summary>Empty where no standard names the refusal.</summary>
    public static string ClauseOf(RejectionCode code) => Row(code) is var row && row.Warning > 0 ? Warnings : row.Clause;

    private static (string Words, string Clause, int Warning) Row(RejectionCode code) =>
        code switch
        {
            RejectionCode.Unspecified => ("no reason was given", "", 0),
            RejectionCode.InvalidRequest => ("the request was not valid", "RFC 3261 21.4.1", 0),
            RejectionCode.UserUnknown or RejectionCode.NotRegistered => Warning(141),
            RejectionCode.NotAuthorised or RejectionCode.SessionTypeUnsupported => Warning(100),
            RejectionCode.ServiceAuthorisationFailed => Warning(101),
            RejectionCode.TooManyAffiliations => Warning(102),
            RejectionCode.TooManyGroupCalls => Warning(103),
            RejectionCode.UserDeclined => Warning(110),
            RejectionCode.RequiredMembersMissing => Warning(112),
            RejectionCode.GroupUnknown => Warning(113),
            RejectionCode.GroupDisabled => Warning(115),
            RejectionCode.NotAMember => Warning(116),
            RejectionCode.GroupIsPrearranged => Warning(117),
            RejectionCode.GroupIsChat => Warning(118),
            RejectionCode.MayNotInitiate => Warning(119),
            RejectionCode.NotAffiliated => Warning(120),
            RejectionCode.MayNotJoin => Warning(121),
            RejectionCode.TooManyParticipants => Warning(122),
            RejectionCode.CallUnknown => ("there is no such call", "RFC 3261 21.4.5", 0),
            RejectionCode.DialogUnknown => ("there is no such dialog", "RFC 3261 12.2.2", 0),
            RejectionCode.NoCommonCodec => ("no codec was offered that the call speaks", "RFC 3261 21.4.26", 0),
            RejectionCode.CseqOutOfOrder => ("the request is older than one that was answered", "RFC 3261 12.2.2", 0),
            RejectionCode.RequestPending => ("another request was under way in the dialog", "RFC 3261 14.2", 0),
            RejectionCode.IntervalTooBrief => ("the lifetime that was asked for is too short", "RFC 3261 10.3", 0),
            RejectionCode.SessionIntervalTooSmall => ("the session interval that was asked for is too short", "RFC 4028 9", 0),
            RejectionCode.NoResources => ("no media port or media node was free", "RFC 3261 21.5.4", 0),
            RejectionCode.RequestTerminated => ("the caller cancelled", "RFC 3261 9.2", 0),
            RejectionCode.CallReleased => ("the call ended meanwhile", "RFC 3261 21.4.18", 0),
            RejectionCode.OutsideTime => ("the registration is older than one that was answered", "RFC 3261 10.3", 0),
            RejectionCode.AlreadyExists => ("it exists already", "", 0),
            RejectionCode.Conflict => ("the document was changed meanwhile", "", 0),
            _ => ($"reason {(int)code} of a newer program", "", 0),
        };

    private static (string Words, string Clause, int Warning) Warning(int number) => ("", "", number);
}
