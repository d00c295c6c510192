using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>What became of an INVITE: an answer at once, or the call that will answer it by effect.</summary>
internal readonly record struct InviteOutcome(Answer? Answer, string CallId);

/// <summary>An INVITE outside a dialog -> RouteGroupCall to the group that it is for.</summary>
internal sealed class InviteTranslation(OwnAddresses own, CallerIdentification callers, CommandSender commands, CommandStamp stamp)
{
    public async ValueTask<InviteOutcome> HandleAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        var message = request.Message;
        if (message.Contacts is not [{ IsWildcard: false, Uri: not null } contact])
        {
            return Refuse(Answer.BadRequest("INVITE needs one Contact"));
        }

        if (!RequestBodies.TryRead(message, own.WarningAgent, out var bodies, out var refusal))
        {
            return Refuse(refusal);
        }

        if (bodies.Sdp is null)
        {
            // The answer decides the codec for everybody: it cannot wait for the ACK.
            return Refuse(Answer.Of(488, null, (SipHeaderNames.Warning, new WarningText(0, "an SDP offer is needed").ToHeaderValue(own.WarningAgent))));
        }

        var target = CallTarget.Find(message, bodies, own);
        if (target.Refusal is not null)
        {
            return Refuse(target.Refusal);
        }

        var (caller, answer) = await callers.IdentifyAsync(request, bodies.Info?.ClientId, cancellationToken);
        return caller is null ? Refuse(answer!) : await RouteAsync(request, caller, contact, bodies, target, cancellationToken);
    }

    private async ValueTask<InviteOutcome> RouteAsync(
        InboundRequest request, Caller caller, ContactValue contact, RequestBodies bodies, CallTarget target, CancellationToken cancellationToken)
    {
        var cause = request.CauseFor(caller.McpttId);
        var groupId = target.Identity;
        if (target.Session.Length > 0)
        {
            var view = await commands.SendAsync(stamp.Call(cause.With("call"), target.Session, new CallCommand { GetCall = new() }), cancellationToken);
            if (view.Accepted?.Call is not { EndedUs: 0, GroupId.Length: > 0 } call)
            {
                return Refuse(Gone(request, view));
            }

            groupId = call.GroupId;
        }

        // A call to one identity is tried as a group call whatever the client calls it, because clients in the field label them wrongly.
        var isPrivate = target.SessionType is not (SessionType.Unspecified or SessionType.Prearranged or SessionType.Chat);
        var route = new RouteGroupCall
        {
            Invite = Incoming(request, caller, contact, bodies, groupId, isPrivate ? SessionType.Unspecified : target.SessionType),
            NewCallId = McpttIds.NewCallId(request.CommandId),
        };
        var command = stamp.Group(cause, groupId, new GroupCommand { RouteGroupCall = route });
        var reply = await commands.InsistAsync(command, CommandSender.AttemptsWhilePeerWaits, cancellationToken);
        return reply.OutcomeCase switch
        {
            Reply.OutcomeOneofCase.Accepted => new(null, reply.Accepted.GroupCall?.Call is { Length: > 0 } routed ? routed : route.NewCallId),
            Reply.OutcomeOneofCase.Rejection => Refuse(Rejected(request, reply.Rejection, isPrivate)),
            _ => Refuse(RejectionTable.For(reply.Unavailable ?? new Unavailable())),
        };
    }

    private IncomingInvite Incoming(InboundRequest request, Caller caller, ContactValue contact, RequestBodies bodies, string groupId, SessionType type)
    {
        var message = request.Message;
        var invite = new IncomingInvite
        {
            Request = request.ToSipRequest(contact.HasFeature(McpttIdentifiers.McpttFeatureTag)),
            McpttId = caller.McpttId,
            ClientId = caller.ClientId,
            ContactUri = contact.Address.UriText,
            SdpOffer = bodies.Sdp,
            SupportsTimer = message.Headers.HasToken(SipHeaderNames.Supported, "timer") || message.Headers.HasToken(SipHeaderNames.Require, "timer"),
            SessionExpiresS = message.SessionExpires?.Seconds ?? 0,
            Refresher = message.SessionExpires?.Refresher ?? "",
            MinSeS = message.MinSESeconds ?? 0,
            SessionType = type,
            Target = groupId,
            Emergency = bodies.Info?.EmergencyInd ?? false,
            ImminentPeril = bodies.Info?.ImminentPerilInd ?? false,
            Broadcast = bodies.Info?.BroadcastInd ?? false,
        };
        invite.RouteSet.Add(message.RecordRoutes.Select(route => route.ToString()));
        return invite;
    }

    // TS 24.379 10.1.1.4.3: a session that is gone is 404 without Warning.
    private static Answer Gone(InboundRequest request, Reply view) =>
        view.OutcomeCase == Reply.OutcomeOneofCase.Unavailable
            ? RejectionTable.For(view.Unavailable)
            : RejectionTable.For(new Rejection { Code = RejectionCode.CallUnknown }, "", request.CommandId);

    private Answer Rejected(InboundRequest request, Rejection rejection, bool isPrivate)
    {
        var isNoGroup = isPrivate && rejection.Code == RejectionCode.GroupUnknown;
        var shown = isNoGroup ? new Rejection { Code = RejectionCode.SessionTypeUnsupported, Detail = "session type not supported" } : rejection;
        return RejectionTable.For(shown, own.WarningAgent, request.CommandId);
    }

    private static InviteOutcome Refuse(Answer answer) => new(answer, "");
}
