using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>Each order that a call gives, made from its state and one event.</summary>
internal static class CallEffects
{
    public static Effect OpenMedia(CallState.Started state, MediaPlacement? again = null)
    {
        var open = new OpenMediaSession
        {
            RtpPort = again?.RtpPort ?? 0,
            FloorPort = again?.FloorPort ?? 0,
            Recorded = state.Rules.Recorded,
            NearNode = state.Core.Legs.Values.Select(EdgeOf).FirstOrDefault(edge => edge.Length > 0) ?? "",
        };
        open.Avoid.Add(state.Search?.Avoid ?? []);
        return Media(state.Id, new MediaEffect { MediaNode = again?.MediaNode ?? "", Open = open });
    }

    public static Effect CloseMedia(string callId, string mediaNode) => Media(callId, new MediaEffect { MediaNode = mediaNode, Close = new CloseMediaSession() });

    /// <summary>A session that is moving has the leg on both nodes: whoever talks is sent to all by the node that hears it.</summary>
    public static IEnumerable<Effect> PutLeg(CallState.InSession state, CallLeg.InSession leg) =>
        state.Former is { } former ? [PutLeg(state, leg, state.Placement), PutLeg(state, leg, former.Placement)] : [PutLeg(state, leg, state.Placement)];

    public static Effect PutLeg(CallState.InSession state, CallLeg.InSession leg, MediaPlacement placement) =>
        Media(state.Id, new MediaEffect
        {
            MediaNode = placement.MediaNode,
            PutLeg = new PutMediaLeg
            {
                Leg = leg.Number,
                RtpRemote = leg.Media.RtpRemote,
                FloorRemote = leg.Media.FloorRemote,
                SendOnly = leg.Media.SendOnly,
                Ssrc = leg.Media.Ssrc,
                McpttId = state.Rules.Recorded ? leg.Member.Client.McpttId : "",
            },
        });

    public static IEnumerable<Effect> RemoveLeg(CallState state, uint leg)
    {
        var (node, former) = state switch
        {
            CallState.InSession session => (session.Placement.MediaNode, session.Former?.Placement.MediaNode ?? ""),
            CallState.Releasing releasing => (releasing.MediaNode, releasing.FormerMediaNode),
            _ => ("", ""),
        };
        yield return Media(state.Id, new MediaEffect { MediaNode = node, RemoveLeg = new RemoveMediaLeg { Leg = leg } });
        if (former.Length > 0)
        {
            yield return Media(state.Id, new MediaEffect { MediaNode = former, RemoveLeg = new RemoveMediaLeg { Leg = leg } });
        }
    }

    public static Effect Invite(CallState state, MemberInvitation invitation) => new() { Sip = new SipEffect { Invite = InviteOf(state, invitation) } };

    public static Effect Cancel(CallState state, MemberInviteCancelled cancelled)
    {
        var leg = (CallLeg.Cancelling)state.Core.Legs[cancelled.Leg];
        return new Effect
        {
            Sip = new SipEffect
            {
                Cancel = new CancelLeg
                {
                    Call = state.Id,
                    Leg = leg.Number,
                    InviteEffectId = leg.EffectId,
                    Invite = InviteOf(state, leg.Invitation),
                    Reason = cancelled.Reason,
                },
            },
        };
    }

    public static Effect Bye(string callId, uint leg, Dialog dialog, string reason) =>
        new() { Sip = new SipEffect { Bye = new ByeLeg { Call = callId, Leg = leg, Dialog = dialog, Reason = reason } } };

    public static Effect Answer(CallState.InSession state, InviteAccepted accepted) =>
        new()
        {
            Sip = new SipEffect
            {
                Answer = new AnswerInvite
                {
                    Call = state.Id,
                    Leg = accepted.Leg,
                    Request = accepted.Request,
                    LocalTag = accepted.LocalTag,
                    SdpAnswer = accepted.SdpAnswer,
                    SessionExpiresS = accepted.Timer?.IntervalS ?? 0,
                    Refresher = SessionTimers.RefresherOfAnswer(accepted.Timer),
                    Warning = accepted.Warning,
                    GroupId = state.Rules.GroupId,
                    SessionType = state.Rules.SessionType,
                    Emergency = accepted.Emergency,
                    ImminentPeril = accepted.ImminentPeril,
                },
            },
        };

    public static Effect Refuse(InviteRefused refused) =>
        new() { Sip = new SipEffect { Refuse = new RefuseInvite { Request = refused.Request, LocalTag = refused.LocalTag, Rejection = refused.Rejection } } };

    public static Effect Refresh(string callId, SessionRefreshSent sent) =>
        new()
        {
            Sip = new SipEffect
            {
                Refresh = new RefreshLeg
                {
                    Call = callId,
                    Leg = sent.Leg,
                    Dialog = sent.Dialog,
                    SdpOffer = sent.SdpOffer,
                    SessionExpiresS = sent.SessionExpiresS,
                    Emergency = sent.Emergency,
                    ImminentPeril = sent.ImminentPeril,
                    TellsCondition = sent.TellsCondition,
                },
            },
        };

    public static Effect Inform(string callId, CallConditionInformed informed) =>
        new()
        {
            Sip = new SipEffect
            {
                Inform = new InformLeg
                {
                    Call = callId,
                    Leg = informed.Leg,
                    Dialog = informed.Dialog,
                    Emergency = informed.Emergency,
                    ImminentPeril = informed.ImminentPeril,
                },
            },
        };

    public static Effect SetCondition(CallState state) =>
        ToFloor(state.Id, new FloorCommand
        {
            SetCondition = new SetCallCondition { Emergency = state.Core.Condition.Emergency, ImminentPeril = state.Core.Condition.ImminentPeril },
        });

    public static Effect Bounce(string callId, JoinBounced bounced) =>
        ToGroup(bounced.GroupId, new GroupCommand
        {
            RouteGroupCall = new RouteGroupCall { Invite = bounced.Invite, NewCallId = bounced.NewCallId, BouncedCall = callId },
        });

    /// <summary>Values of 0 are the floor's defaults (TS 24.380 11.1.3).</summary>
    public static Effect OpenFloor(CallState.Active state, uint toInvite = 0, bool moved = false)
    {
        var rules = state.Rules;
        return ToFloor(state.Id, new FloorCommand
        {
            Open = new OpenFloor
            {
                MediaNode = (state.Former?.Placement ?? state.Placement).MediaNode,
                NextMediaNode = state.Former is null ? "" : state.Placement.MediaNode,
                Moved = moved,
                InvitedLegs = toInvite + (uint)state.Core.Legs.Values.Count(leg => leg is CallLeg.Invited),
                Rules = new FloorRules
                {
                    GroupId = rules.GroupId,
                    T2Ms = rules.TalkLimitMs,
                    T4Ms = rules.HangTimerMs,
                    QueueDepth = rules.QueueDepth,
                    PriorityLevels = rules.PriorityLevels,
                    AudioCutIn = rules.AudioCutIn,
                    Broadcast = rules.Broadcast,
                    DualFloor = rules.DualFloor,
                    MaxTalkers = rules.MaxTalkers,
                    SessionType = rules.SessionType,
                    TemporaryGroup = rules.Temporary,
                    Acknowledge = rules.AcknowledgeFloor,
                },
            },
        });
    }

    public static Effect AddParticipant(CallState.InSession state, CallLeg.InSession leg) =>
        ToFloor(state.Id, new FloorCommand
        {
            AddParticipant = new AddParticipant
            {
                Participant = new FloorParticipant
                {
                    Leg = leg.Number,
                    McpttId = leg.Member.Client.McpttId,
                    UserPriority = leg.Member.UserPriority,
                    ReceiveOnly = leg.Member.ReceiveOnly,
                    Queueing = leg.Media.Queueing,
                    PriorityNegotiated = leg.Media.PriorityNegotiated,
                    PriorityLimit = leg.Media.PriorityLimit,
                    FloorChannel = leg.Media.FloorChannel,
                    Ssrc = leg.Media.Ssrc,
                    Originator = leg.Number == 1,
                    MultiTalkerAllowed = leg.Member.MultiTalkerAllowed,
                    MayCancelQueued = leg.Member.Rights?.CancelQueued ?? false,
                    MayRevoke = leg.Member.Rights?.RevokeFloor ?? false,
                },
                ImplicitRequest = leg.Media.ImplicitRequest,
            },
        });

    public static Effect ToFloor(string callId, FloorCommand command) => new() { Command = new Command { To = ActorAddresses.Floor(callId), Floor = command } };

    public static Effect ToGroup(string groupId, GroupCommand command) => new() { Command = new Command { To = ActorAddresses.Group(groupId), Group = command } };

    private static InviteLeg InviteOf(CallState state, MemberInvitation invitation) =>
        new()
        {
            Call = state.Id,
            Leg = invitation.Leg,
            SipCallId = invitation.SipCallId,
            LocalTag = invitation.LocalTag,
            Client = invitation.Member.Client,
            GroupId = invitation.GroupId,
            CallingUserId = invitation.CallingUserId,
            SessionType = invitation.SessionType,
            SdpOffer = invitation.SdpOffer,
            SessionExpiresS = invitation.SessionExpiresS,
            Automatic = !invitation.Member.Client.ManualAnswer,
            Emergency = invitation.Emergency,
            ImminentPeril = invitation.ImminentPeril,
        };

    // Of the originator while it is there: its edge is near it.
    private static string EdgeOf(CallLeg leg) =>
        leg switch
        {
            CallLeg.Waiting waiting => waiting.Invite.Request.Flow?.EdgeNode ?? "",
            CallLeg.InSession session => session.Dialog.Flow?.EdgeNode ?? "",
            _ => "",
        };

    private static Effect Media(string callId, MediaEffect effect)
    {
        effect.Session = callId;
        return new Effect { Media = effect };
    }
}
