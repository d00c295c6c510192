using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Events of a group, in words.</summary>
internal static class GroupEventWords
{
    private const string Affiliation = "TS 24.379 9.2.2";
    private const string Calls = "TS 24.379 10.1.1.4";

    public static Told? Tell(GroupEvent happened) =>
        happened.BodyCase switch
        {
            GroupEvent.BodyOneofCase.DocumentPut => Put(happened.DocumentPut),
            GroupEvent.BodyOneofCase.DocumentRemoved => new("The group was removed" + (happened.DocumentRemoved.ReleasedCall.Length > 0 ? ", which releases its call." : "."))
            {
                Call = happened.DocumentRemoved.ReleasedCall,
            },
            GroupEvent.BodyOneofCase.ClientAffiliated => Affiliated(happened.ClientAffiliated),
            GroupEvent.BodyOneofCase.ClientDeaffiliated => Deaffiliated(happened.ClientDeaffiliated),
            GroupEvent.BodyOneofCase.AffiliationRefused => Refused(happened.AffiliationRefused),
            GroupEvent.BodyOneofCase.CallStarted => new($"{happened.CallStarted.Invite?.McpttId} called the group: a call begins.", "TS 24.379 10.1.1.4.2")
            {
                User = happened.CallStarted.Invite?.McpttId ?? "",
                Call = happened.CallStarted.Call,
            },
            GroupEvent.BodyOneofCase.CallJoined => new($"{happened.CallJoined.Invite?.McpttId} called the group while a call was under way: the INVITE joins that call.", Calls)
            {
                User = happened.CallJoined.Invite?.McpttId ?? "",
                Call = happened.CallJoined.Call,
            },
            GroupEvent.BodyOneofCase.CallCleared => new("The group has no call any more.") { Call = happened.CallCleared.Call },
            GroupEvent.BodyOneofCase.CallRefused => CallRefused(happened.CallRefused),
            GroupEvent.BodyOneofCase.JoinRefused => JoinRefused(happened.JoinRefused),
            GroupEvent.BodyOneofCase.JoinRefusalsCounted => new(
                $"In the minute from {Words.Time(happened.JoinRefusalsCounted.FromUs)} {Words.Count((int)happened.JoinRefusalsCounted.Count, "further INVITE")} refused without an event each."),
            _ => null,
        };

    private static Told JoinRefused(GroupJoinRefused refused)
    {
        var what = refused.Call.Length > 0 ? "called into the running call" : "called the group";
        var mark = refused.Emergency ? " in an emergency" : refused.ImminentPeril ? " in imminent peril" : "";
        var from = refused.Remote.Length > 0 ? $" from {refused.Remote}" : "";
        return new(
            $"{Words.Or(refused.McpttId, "Somebody")} {what}{mark}{from} and was refused: {RejectionWords.Of(refused.Rejection)}.",
            RejectionWords.ClauseOf(refused.Rejection?.Code ?? RejectionCode.Unspecified))
        {
            User = refused.McpttId,
            Call = refused.Call,
        };
    }

    private static Told CallRefused(GroupCallRefused refused) =>
        new(
            $"{Words.Or(refused.McpttId, "Somebody")} called into a call that had ended, and was refused a new one: {RejectionWords.Of(refused.Rejection)}.",
            RejectionWords.ClauseOf(refused.Rejection?.Code ?? RejectionCode.Unspecified))
        {
            User = refused.McpttId,
            Call = refused.Call,
        };

    private static Told Put(GroupDocumentPut put)
    {
        var document = put.Document ?? new();
        var state = (document.Disabled ? ", disabled" : "") + (document.Recorded ? "; its calls are recorded" : "");
        var releases = put.ReleasesCall ? " This releases its call." : "";
        return new($"The group was provisioned{Words.Named(document.DisplayName)} with {Words.Count(document.Members.Count, "member")}{state}.{releases}", "TS 24.481 7.2");
    }

    private static Told Affiliated(GroupClientAffiliated affiliated)
    {
        var client = affiliated.Client ?? new();
        var sentence = affiliated.Known
            ? $"Client {client.ClientId} of {client.McpttId} is affiliated and has a new address."
            : $"Client {client.ClientId} of {client.McpttId} was affiliated{(affiliated.ByInvite ? ", because it called the group" : "")}.";
        return new(sentence, Affiliation) { User = client.McpttId };
    }

    private static Told Deaffiliated(GroupClientDeaffiliated gone)
    {
        var why = gone.Reason == RejectionCode.Unspecified ? "" : $": {RejectionWords.Of(gone.Reason)}";
        return new($"Client {gone.ClientId} of {gone.McpttId} is affiliated no more{why}.", gone.Reason == RejectionCode.Unspecified ? Affiliation : RejectionWords.ClauseOf(gone.Reason))
        {
            User = gone.McpttId,
        };
    }

    private static Told Refused(GroupAffiliationRefused refused) =>
        refused.Reason == RejectionCode.Unspecified
            ? new($"Client {refused.ClientId} of {refused.McpttId} left the group, to which it was not affiliated.", Affiliation) { User = refused.McpttId }
            : new($"Client {refused.ClientId} of {refused.McpttId} was not affiliated: {RejectionWords.Of(refused.Reason)}.", RejectionWords.ClauseOf(refused.Reason))
            {
                User = refused.McpttId,
            };
}
