using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>The legs of a call as its events tell them, and who was refused one.</summary>
internal sealed class LegRecord
{
    private const uint Originator = 1;

    private readonly SortedDictionary<uint, StoryLeg> _legs = [];
    private string _established = "";

    public List<StoryRefusal> Refusals { get; } = [];

    public ImmutableArray<StoryLeg> Legs() => [.. _legs.Values];

    public StoryLeg? Find(uint leg) => _legs.GetValueOrDefault(leg);

    public string UserOf(uint leg) => Find(leg)?.User ?? "";

    public void Take(CallEvent happened, EventEnvelope envelope)
    {
        var timeUs = envelope.Event.TimeUs;
        switch (happened.BodyCase)
        {
            case CallEvent.BodyOneofCase.Initiated:
                Add(Originator, happened.Initiated.Originator, StoryEntry.Originator, timeUs);
                break;
            case CallEvent.BodyOneofCase.JoinReceived:
                Add(happened.JoinReceived.Leg, happened.JoinReceived.Member, StoryEntry.Joined, timeUs);
                break;
            case CallEvent.BodyOneofCase.MediaPlaced when _established.Length == 0:
                _established = envelope.CommandId;
                break;
            case CallEvent.BodyOneofCase.MembersInvited:
                var entry = envelope.CommandId == _established ? StoryEntry.Invited : StoryEntry.LateEntry;
                foreach (var invitation in happened.MembersInvited.Invitations)
                {
                    Add(invitation.Leg, invitation.Member, entry, timeUs);
                }

                break;
            case CallEvent.BodyOneofCase.InviteAccepted:
                Join(happened.InviteAccepted.Leg, happened.InviteAccepted.Media, timeUs);
                break;
            case CallEvent.BodyOneofCase.MemberJoined:
                Join(happened.MemberJoined.Leg, happened.MemberJoined.Media, timeUs);
                break;
            case CallEvent.BodyOneofCase.SessionUpdated:
                Hold(happened.SessionUpdated.Leg, happened.SessionUpdated.Media, timeUs);
                break;
            case CallEvent.BodyOneofCase.Refreshed:
                Hold(happened.Refreshed.Leg, happened.Refreshed.Media, timeUs);
                break;
            default:
                TakeEnd(happened, timeUs);
                break;
        }
    }

    /// <summary>What a group says of its call's callers.</summary>
    public void Take(GroupEvent happened, long timeUs, string call)
    {
        switch (happened.BodyCase)
        {
            case GroupEvent.BodyOneofCase.JoinRefused:
                Refuse(timeUs, 0, happened.JoinRefused.McpttId, happened.JoinRefused.ClientId, happened.JoinRefused.Rejection);
                break;
            case GroupEvent.BodyOneofCase.CallRefused when happened.CallRefused.Call == call:
                Refuse(timeUs, 0, happened.CallRefused.McpttId, happened.CallRefused.ClientId, happened.CallRefused.Rejection);
                break;
            case GroupEvent.BodyOneofCase.JoinRefusalsCounted when happened.JoinRefusalsCounted.Count > 0:
                const string words = "refused as well; more in a minute than are stored one by one";
                Refusals.Add(new StoryRefusal(timeUs, StoryAsked.Join, 0, "", "", words, "", "", happened.JoinRefusalsCounted.Count));
                break;
        }
    }

    /// <summary>What its floor says of a leg.</summary>
    public void Take(FloorParticipant participant) =>
        Change(participant.Leg, leg => leg with
        {
            User = leg.User.Length > 0 ? leg.User : participant.McpttId,
            IsPlainPhone = !participant.FloorChannel,
            ReceiveOnly = participant.ReceiveOnly,
            Priority = participant.UserPriority,
        });

    /// <summary>It hears nothing from now on, or hears again.</summary>
    public void SetDeaf(uint number, bool isDeaf, string why, long timeUs) =>
        Change(number, leg =>
        {
            var open = leg.Deaf.FirstOrDefault(deaf => deaf.UntilUs is null && deaf.Why == why);
            return (isDeaf, open) switch
            {
                (true, null) => leg with { Deaf = leg.Deaf.Add(new StoryDeafness(timeUs, null, why)) },
                (false, not null) => leg with { Deaf = leg.Deaf.Replace(open, open with { UntilUs = timeUs }) },
                _ => leg,
            };
        });

    private void TakeEnd(CallEvent happened, long timeUs)
    {
        switch (happened.BodyCase)
        {
            case CallEvent.BodyOneofCase.InviteRefused:
                TakeRefused(happened.InviteRefused, timeUs);
                break;
            case CallEvent.BodyOneofCase.MemberFailed:
                var failed = happened.MemberFailed;
                End(failed.Leg, StoryOutcome.Failed, LegWords.OfFailure(failed.Status, failed.Reason), LegWords.InvitationClause, timeUs);
                break;
            case CallEvent.BodyOneofCase.MemberInviteCancelled:
                End(happened.MemberInviteCancelled.Leg, StoryOutcome.Cancelled, happened.MemberInviteCancelled.Reason, "RFC 3261 9.1", timeUs);
                break;
            case CallEvent.BodyOneofCase.StrayDialogEnded when happened.StrayDialogEnded.LegGone:
                End(happened.StrayDialogEnded.Leg, StoryOutcome.Failed, happened.StrayDialogEnded.Reason, "RFC 3261 13.2.2.4", timeUs);
                break;
            case CallEvent.BodyOneofCase.ParticipantLeft:
                var (why, clause) = LegWords.OfLeaving(happened.ParticipantLeft.Cause);
                End(happened.ParticipantLeft.Leg, StoryOutcome.Left, why, clause, timeUs);
                break;
        }
    }

    private void TakeRefused(InviteRefused refused, long timeUs)
    {
        var user = refused.McpttId.Length > 0 ? refused.McpttId : UserOf(refused.Leg) is { Length: > 0 } known ? known : Words.Address(refused.Request?.From, "somebody");
        Refuse(timeUs, refused.Leg, user, refused.ClientId, refused.Rejection);
        End(refused.Leg, StoryOutcome.Refused, RejectionWords.Of(refused.Rejection), RejectionWords.ClauseOf(refused.Rejection?.Code ?? RejectionCode.Unspecified), timeUs);
    }

    private void Refuse(long timeUs, uint leg, string user, string client, Rejection? rejection)
    {
        var code = rejection?.Code ?? RejectionCode.Unspecified;
        Refusals.Add(new StoryRefusal(timeUs, StoryAsked.Join, leg, user, client, RejectionWords.Of(rejection), "", RejectionWords.ClauseOf(code)));
    }

    private void Add(uint leg, CallMember? member, StoryEntry entry, long timeUs) =>
        _legs[leg] = new StoryLeg
        {
            Leg = leg,
            User = member?.Client?.McpttId ?? "",
            Client = member?.Client?.ClientId ?? "",
            Entry = entry,
            FromUs = timeUs,
            IsPlainPhone = member?.Client is { McpttClient: false },
            ReceiveOnly = member?.ReceiveOnly ?? false,
            Priority = member?.UserPriority ?? 0,
        };

    private void Join(uint number, LegMedia? media, long timeUs)
    {
        Change(number, leg => leg with { JoinedUs = timeUs, IsPlainPhone = media is { FloorChannel: false } });
        Hold(number, media, timeUs);
    }

    private void Hold(uint number, LegMedia? media, long timeUs)
    {
        if (media is not null)
        {
            SetDeaf(number, media.SendOnly, "on hold", timeUs);
        }
    }

    // The first end counts: a second word about a leg that is gone is the protocol's tidying up.
    private void End(uint number, StoryOutcome outcome, string why, string clause, long timeUs) =>
        Change(number, leg => leg.Outcome != StoryOutcome.Open ? leg : leg with { Outcome = outcome, EndedUs = timeUs, Why = why, Clause = clause });

    private void Change(uint number, Func<StoryLeg, StoryLeg> change)
    {
        if (_legs.TryGetValue(number, out var leg))
        {
            _legs[number] = change(leg);
        }
    }
}
