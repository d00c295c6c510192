using System.Collections.Immutable;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sdp;

namespace Mcptt.Domain.Calls;

/// <summary>From the first INVITE to the originator's 200 (TS 24.379 10.1.1.4.1).</summary>
internal static class CallSetup
{
    private const uint OriginatorLeg = 1;

    /// <summary>Warning 111: proceeded without all required members.</summary>
    private const uint WithoutRequired = 111;

    // Stands for the ports that no media node has given yet, to see whether the offer can be answered at all.
    private static readonly MediaPlacement Unplaced = new() { Address = "0.0.0.0", RtpPort = 9, FloorPort = 9 };

    public static Decision Initiate(CallState state, Command command, InitiateCall initiate)
    {
        if (initiate.Rules is null || initiate.Invite?.Request is null || initiate.Originator?.Client is null)
        {
            return Decision.Reject(RejectionCode.InvalidRequest, "a call without rules, INVITE or originator");
        }

        var draft = new CallDraft(state, command);
        var invite = initiate.Invite;
        if (CallJoins.RefuseEarly(draft, invite) || ChooseAudio(draft, initiate) is not { } audio)
        {
            draft.Add(new CallEvent { Finished = new CallFinished { Reason = "not started", GroupId = initiate.Rules.GroupId } });
            return draft.Done();
        }

        var initiated = new CallInitiated { Rules = initiate.Rules, Invite = invite, Originator = initiate.Originator, Audio = audio };
        initiated.Members.Add(initiate.Members);
        draft.Add(new CallEvent { Initiated = initiated });
        CallConditions.Change(draft, OriginatorLeg, CallConditions.After(default, invite));
        return draft.Done();
    }

    /// <summary>Whether enough have answered, or never will (TS 24.379 6.3.8.1 with TNG1).</summary>
    public static void CheckGathered(CallDraft draft, bool timeIsUp = false)
    {
        if (draft.State is not CallState.Gathering gathering)
        {
            return;
        }

        // Required is a user, whichever of the user's clients answers.
        var answered = draft.Participants.Where(leg => leg.Number != OriginatorLeg).Select(leg => leg.Member.Client.McpttId).ToHashSet(StringComparer.Ordinal);
        var expected = draft.Invited.Select(leg => leg.Member.Client.McpttId).Concat(answered).ToHashSet(StringComparer.Ordinal);
        var required = gathering.Required.Select(member => member.Client.McpttId).ToList();
        if (required.TrueForAll(answered.Contains) && answered.Count >= gathering.Rules.MinimumToStart)
        {
            Establish(draft, warning: 0);
            return;
        }

        var isHopeless = !required.TrueForAll(expected.Contains) || expected.Count < gathering.Rules.MinimumToStart;
        var nobodyElse = answered.Count == 0 && expected.Count == 0;
        if (nobodyElse || ((timeIsUp || isHopeless) && !gathering.Rules.ProceedWithoutRequired))
        {
            CallRelease.Release(draft, "required members missing", RejectionCode.RequiredMembersMissing);
        }
        else if (timeIsUp || isHopeless)
        {
            Establish(draft, WithoutRequired);
        }
    }

    /// <summary>The originator gave up before its answer: nobody else has a reason to stay.</summary>
    public static void EndIfOriginatorLeft(CallDraft draft)
    {
        if (draft.State is CallState.Opening or CallState.Gathering && !draft.Core.Legs.ContainsKey(OriginatorLeg))
        {
            CallRelease.Release(draft, "originator left");
        }
    }

    /// <summary>There are ports: members are invited, and the originator is answered at once unless required members come first.</summary>
    public static void Begin(CallDraft draft, CallState.Opening opening)
    {
        // Required members are invited first (10.1.1.4.1), then in the order of the group.
        var members = opening.Members.OrderByDescending(member => member.Required).ToImmutableArray();
        var rules = opening.Rules;
        var isAcknowledged = rules.AcknowledgementTimeoutMs > 0 && (rules.MinimumToStart > 0 || members.Any(member => member.Required));
        if (isAcknowledged)
        {
            CallJoins.Invite(draft, members);
            CheckGathered(draft);
        }
        else
        {
            Establish(draft, warning: 0, toInvite: members.Length);
            CallJoins.Invite(draft, members);
        }
    }

    private static void Establish(CallDraft draft, uint warning, int toInvite = 0)
    {
        draft.Add(new CallEvent { Established = new CallEstablished { Warning = warning, InvitedLegs = (uint)toInvite } });
        foreach (var waiting in draft.Waiting.ToList())
        {
            CallJoins.Accept(draft, waiting, createsSession: waiting.Number == OriginatorLeg, waiting.Number == OriginatorLeg ? warning : CallJoins.SessionExists);
        }
    }

    // Refuses the INVITE when the call's codec cannot be found in it.
    private static CallAudio? ChooseAudio(CallDraft draft, InitiateCall initiate)
    {
        var offer = initiate.Invite.SdpOffer;
        var reason = offer.Length == 0 ? "an INVITE without an SDP offer" : "";
        if (offer.Length > 0 && SdpParser.TryParse(offer, out var session, out var error))
        {
            var audio = CallCodec.Choose(session, initiate.Rules.Codecs);
            var terms = FloorTerms.Of(initiate.Rules, initiate.Originator, mayAskImplicitly: true);
            if (audio is not null && MediaNegotiation.TryAnswer(offer, new NegotiationTerms(audio, Unplaced, terms, "0"), out _, out reason))
            {
                return audio;
            }

            reason = reason.Length > 0 ? reason : $"none of the group's codecs ({string.Join(", ", initiate.Rules.Codecs)}) is offered";
        }
        else if (offer.Length > 0)
        {
            reason = "SDP offer not readable";
        }

        draft.Refuse(0, initiate.Invite, RejectionCode.NoCommonCodec, reason);
        return null;
    }
}
