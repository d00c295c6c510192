using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Events of a call, in words.</summary>
internal static class CallEventWords
{
    private const string Timer = "RFC 4028 10";
    private const string Release = "TS 24.379 6.3.8.1";

    public static Told? Tell(CallEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            CallEvent.BodyOneofCase.Initiated => Initiated(happened.Initiated),
            CallEvent.BodyOneofCase.CancelRemembered => new("A CANCEL overtook the INVITE that it cancels; it is remembered.", "RFC 3261 9.2"),
            CallEvent.BodyOneofCase.JoinReceived => Joins(happened.JoinReceived),
            CallEvent.BodyOneofCase.MemberAdded => new($"{UserOf(happened.MemberAdded.Member)} affiliated and will be invited.", "TS 24.379 10.1.1.4.6")
            {
                User = UserOf(happened.MemberAdded.Member),
            },
            CallEvent.BodyOneofCase.MembersInvited => new(
                $"Invited: {Words.List([.. happened.MembersInvited.Invitations.Select(invitation => UserOf(invitation.Member))], "nobody")}.",
                "TS 24.379 10.1.1.4.1")
            {
                Leg = happened.MembersInvited.Invitations is [var only] ? only.Leg : 0,
                User = happened.MembersInvited.Invitations is [var one] ? UserOf(one.Member) : "",
            },
            CallEvent.BodyOneofCase.Established => new(
                happened.Established.Warning == 0 ? "The call is established." : $"The call is established without all required members (Warning {happened.Established.Warning}).",
                "TS 24.379 10.1.1.4.2"),
            CallEvent.BodyOneofCase.InviteAccepted => Of(happened.InviteAccepted.Leg, $"The INVITE of {names.Who(happened.InviteAccepted.Leg)} was answered: in the call.", "TS 24.379 10.1.1.4.2"),
            CallEvent.BodyOneofCase.InviteRefused => Refused(happened.InviteRefused, names),
            CallEvent.BodyOneofCase.MemberJoined => Of(happened.MemberJoined.Leg, $"{names.Who(happened.MemberJoined.Leg)} answered: in the call.", "TS 24.379 10.1.1.4.1"),
            CallEvent.BodyOneofCase.MemberFailed => Of(
                happened.MemberFailed.Leg,
                $"{names.Who(happened.MemberFailed.Leg)} could not be reached: {Status(happened.MemberFailed.Status, happened.MemberFailed.Reason)}.",
                "TS 24.379 10.1.1.4.1"),
            CallEvent.BodyOneofCase.MemberInviteCancelled => Of(
                happened.MemberInviteCancelled.Leg,
                $"{names.Who(happened.MemberInviteCancelled.Leg)} is invited no more: {happened.MemberInviteCancelled.Reason}.",
                "RFC 3261 9.1"),
            CallEvent.BodyOneofCase.DialogConfirmed => Of(happened.DialogConfirmed.Leg, $"{names.Who(happened.DialogConfirmed.Leg)} acknowledged the answer.", "RFC 3261 13.3.1.4"),
            CallEvent.BodyOneofCase.ParticipantLeft => Left(happened.ParticipantLeft, names),
            CallEvent.BodyOneofCase.StrayDialogEnded => Of(
                happened.StrayDialogEnded.Leg,
                $"A second or late answer of {names.Who(happened.StrayDialogEnded.Leg)} was ended at once: {happened.StrayDialogEnded.Reason}.",
                "RFC 3261 13.2.2.4"),
            CallEvent.BodyOneofCase.JoinBounced => new(
                $"{happened.JoinBounced.Invite?.McpttId} came when the call had ended: the INVITE goes back to the group, for a new call.")
            { User = happened.JoinBounced.Invite?.McpttId ?? "" },
            CallEvent.BodyOneofCase.Released => new($"The call is released: {happened.Released.Reason}.", Release),
            CallEvent.BodyOneofCase.Finished => new($"The call has ended: {happened.Finished.Reason}.", Release) { Group = happened.Finished.GroupId },
            CallEvent.BodyOneofCase.MemberDropped => new($"{happened.MemberDropped.McpttId} left the group before being invited.", "TS 24.379 10.1.1.4.4.3")
            {
                User = happened.MemberDropped.McpttId,
            },
            _ => TellSession(happened, names),
        };

    // RFC 4028 and re-INVITEs.
    private static Told? TellSession(CallEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            CallEvent.BodyOneofCase.SessionUpdated => Of(
                happened.SessionUpdated.Leg,
                $"{names.Who(happened.SessionUpdated.Leg)} {(happened.SessionUpdated.SdpAnswer.Length > 0 ? "changed the session" : "refreshed the session")}{Direction(happened.SessionUpdated.Media)}.",
                happened.SessionUpdated.SdpAnswer.Length > 0 ? "RFC 3261 14.2" : "RFC 4028 9"),
            CallEvent.BodyOneofCase.RefreshSent when happened.RefreshSent.MovesMedia => MediaEventWords.Followed(happened.RefreshSent.Leg, names.Who(happened.RefreshSent.Leg)),
            CallEvent.BodyOneofCase.RefreshSent => Of(happened.RefreshSent.Leg, $"A session refresh was sent to {names.Who(happened.RefreshSent.Leg)}.", "RFC 4028 7.4"),
            CallEvent.BodyOneofCase.Refreshed => Of(happened.Refreshed.Leg, $"{names.Who(happened.Refreshed.Leg)} answered the session refresh.", "RFC 4028 7.2"),
            CallEvent.BodyOneofCase.RefreshFailed => Of(
                happened.RefreshFailed.Leg,
                $"The session refresh to {names.Who(happened.RefreshFailed.Leg)} failed with {happened.RefreshFailed.Status}"
                    + (happened.RefreshFailed.RetryAtUs > 0 ? "; it is sent again." : "; the session may run out."),
                Timer),
            _ => MediaEventWords.Tell(happened) ?? ConditionEventWords.Tell(happened, names) ?? RecordingEventWords.Tell(happened),
        };

    private static Told Initiated(CallInitiated initiated)
    {
        var invite = initiated.Invite ?? new();
        var rules = initiated.Rules ?? new();
        var marks = (invite.Emergency ? ", emergency" : "") + (invite.ImminentPeril ? ", imminent peril" : "") + (rules.Broadcast ? ", broadcast" : "");
        return new($"{invite.McpttId} calls {rules.GroupId}{marks}; {Words.Count(initiated.Members.Count, "other member")} affiliated.", "TS 24.379 10.1.1.4.2")
        {
            User = invite.McpttId,
            Group = rules.GroupId,
            Leg = 1,
        };
    }

    private static Told Joins(JoinReceived join)
    {
        var user = join.Invite?.McpttId ?? UserOf(join.Member);
        return new($"{user} calls into the running call.", "TS 24.379 10.1.1.4.2") { User = user, Leg = join.Leg };
    }

    private static Told Refused(InviteRefused refused, CallNames names)
    {
        var who = refused.McpttId.Length > 0 ? refused.McpttId : refused.Leg > 0 ? names.Who(refused.Leg) : Words.Address(refused.Request?.From, "Somebody");
        return new($"{who} was refused: {RejectionWords.Of(refused.Rejection)}.", RejectionWords.ClauseOf(refused.Rejection?.Code ?? RejectionCode.Unspecified))
        {
            Leg = refused.Leg,
            User = refused.McpttId,
        };
    }

    private static Told Left(ParticipantLeft left, CallNames names)
    {
        var (why, clause) = left.Cause switch
        {
            LeaveCause.Bye => ("hung up", "RFC 3261 15.1.2"),
            LeaveCause.Deaffiliated => ("is not affiliated any more", "TS 24.379 10.1.1.4.4.3"),
            LeaveCause.Replaced => ("called again from the same client", ""),
            LeaveCause.NotAcknowledged => ("never acknowledged the answer", "RFC 3261 13.3.1.4"),
            LeaveCause.SessionExpired => ("did not refresh the session", Timer),
            LeaveCause.DialogLost => ("does not know the dialog any more", "RFC 3261 12.2.1.2"),
            LeaveCause.Released => ("was let go with the whole call", Release),
            LeaveCause.UnacceptableAnswer => ("answered with a session that cannot be", "RFC 3261 13.2.2.4"),
            LeaveCause.CallFull => ("came when the call was full", "TS 24.379 4.4.2"),
            LeaveCause.MediaNotFollowed => ("would not send its media to where the voice is now", "RFC 3261 14.1"),
            _ => ("left for no reason that was given", ""),
        };
        return Of(left.Leg, $"{names.Who(left.Leg)} is out of the call: {why}.", clause);
    }

    private static Told Of(uint leg, string sentence, string clause) => new(sentence, clause) { Leg = leg };

    private static string UserOf(CallMember? member) => member?.Client?.McpttId ?? "";

    private static string Status(uint status, string reason) => reason.Length == 0 ? $"{status}" : status == 0 ? reason : $"{status} {reason}";

    private static string Direction(LegMedia? media) => media is { SendOnly: true } ? ", and hears nothing now" : "";
}
