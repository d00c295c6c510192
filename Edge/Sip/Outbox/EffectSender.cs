using System.Diagnostics;
using Mcptt.Domain.Ports;
using Mcptt.Domain.Telemetry;
using Mcptt.Edge.Translation;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Outbox;

/// <summary>Puts effects on the wire and tells the calls what came of them.</summary>
internal sealed class EffectSender(OwnAddresses own, ISipWire wire, LegReports reports, string nodeName, ResourcePriorities priorities)
{
    private readonly EffectRequests _requests = new(own, priorities);
    private readonly EffectResponses _responses = new(own);
    private readonly RecentEffects _recent = new();
    private volatile bool _closed;
    private int _inHand;

    /// <summary>Effects that are on their way to the wire at this moment.</summary>
    public int InHand => Volatile.Read(ref _inHand);

    /// <summary>False: the flow belongs to another edge node, or this one ends.</summary>
    public bool TrySend(SipEffect effect)
    {
        if (effect.FlowOf() is { EdgeNode.Length: > 0 } flow && flow.EdgeNode != nodeName)
        {
            return false;
        }

        // Counted before the look: whoever closes waits for those that saw it open.
        Interlocked.Increment(ref _inHand);
        try
        {
            if (_closed && effect.BodyCase != SipEffect.BodyOneofCase.Cancel)
            {
                return false;
            }

            if (_recent.TryAdd(effect.EffectId))
            {
                using var span = Traces.IsOn ? Traces.Begin($"SIP out {effect.BodyCase}", ActivityKind.Producer, effect.TraceParent) : null;
                span?.SetTag(Traces.Correlation, effect.CorrelationId);
                Send(effect);
            }

            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _inHand);
        }
    }

    /// <summary>From now on nothing new is taken: another edge sends it, or this one after its next start. A CANCEL is: the INVITE that it ends runs here.</summary>
    public void Close() => _closed = true;

    /// <summary>A response to one of our INVITEs whose transaction died with a former process: its Call-ID and tag name call and leg.</summary>
    public void OnStrayResponse(ResponseMessage response, Flow flow)
    {
        if (response.CSeq.Method != SipMethods.Invite || response.IsProvisional || !McpttIds.TryParseLegTag(response.From.Tag, out var call, out var leg))
        {
            return;
        }

        var isInDialog = response.CSeq.Number > 1 || !response.CallId.EndsWith("@mcptt", StringComparison.Ordinal);
        var context = new InviteContext(call, leg, response.CallId, response.TopVia.Branch ?? "", response.To.UriText, isInDialog, flow);
        if (!response.IsSuccess)
        {
            // RFC 3261 17.1.1.3: the ACK of a failure has the branch of its INVITE; the Request-URI is not known any more, and not compared.
            var ack = DialogRequests.Acknowledge(response, response.To.UriText);
            wire.SendAck(new OutboundRequest(ack, context.Branch, flow));
        }

        OnInviteResponse(context, response);
    }

    private void Send(SipEffect effect)
    {
        switch (effect.BodyCase)
        {
            case SipEffect.BodyOneofCase.Invite:
                SendInvite(effect, _requests.Invite(effect.EffectId, effect.Invite), effect.Invite.Call, effect.Invite.Leg, isInDialog: false);
                break;
            case SipEffect.BodyOneofCase.Refresh:
                SendInvite(effect, _requests.Refresh(effect.EffectId, effect.Refresh), effect.Refresh.Call, effect.Refresh.Leg, isInDialog: true);
                break;
            case SipEffect.BodyOneofCase.Cancel:
                wire.Cancel(_requests.Invite(effect.Cancel.InviteEffectId, effect.Cancel.Invite), effect.Cancel.Reason);
                break;
            case SipEffect.BodyOneofCase.Bye:
                wire.Send(_requests.Bye(effect.EffectId, effect.Bye), Ignore, Ignore);
                break;
            case SipEffect.BodyOneofCase.Inform:
                wire.Send(_requests.Inform(effect.EffectId, effect.Inform), Ignore, Ignore);
                break;
            case SipEffect.BodyOneofCase.NotifyAffiliation:
                wire.Send(_requests.Notify(effect.EffectId, effect.NotifyAffiliation), Ignore, Ignore);
                break;
            case SipEffect.BodyOneofCase.Answer:
                SendAnswer(effect);
                break;
            case SipEffect.BodyOneofCase.Refuse:
                wire.Respond(effect.Refuse.Request, _responses.Refuse(effect.Refuse));
                break;
            default:
                throw new InvalidOperationException($"effect {effect.EffectId} has the unknown body {effect.BodyCase}: the edge is older than the actors");
        }
    }

    private void SendInvite(SipEffect effect, OutboundRequest request, string call, uint leg, bool isInDialog)
    {
        var context = new InviteContext(call, leg, effect.CorrelationId, request.Branch, request.Message.RequestUriText, isInDialog, request.Flow) { TraceParent = Traces.Current };
        wire.Send(
            request,
            response => OnInviteResponse(context, response),
            status => reports.Report(
                $"sip-failure:{context.Branch}:{status}",
                context.CorrelationId,
                call,
                new CallCommand { LegFailed = new LegFailed { Leg = leg, Status = (uint)status, Reason = ReasonPhrases.Of(status), InDialog = isInDialog } }));
    }

    private void SendAnswer(SipEffect effect)
    {
        var answer = effect.Answer;
        wire.RespondUntilAcknowledged(
            answer.Request,
            _responses.Accept(answer),
            () => reports.Report(
                $"sip-no-ack:{effect.EffectId}",
                effect.CorrelationId,
                answer.Call,
                new CallCommand { LegNotAcknowledged = new LegNotAcknowledged { Leg = answer.Leg } }));
    }

    private void OnInviteResponse(InviteContext context, ResponseMessage response)
    {
        using var span = Traces.IsOn ? Traces.Begin($"SIP {response.StatusCode} INVITE", ActivityKind.Server, context.TraceParent) : null;
        span?.SetTag(Traces.Correlation, context.CorrelationId).SetTag(Traces.Leg, context.Leg);
        reports.Report($"sip-response:{context.Branch}:{response.StatusCode}:{response.To.Tag}", context.CorrelationId, context.Call, ReportOf(context, response), response.IsSuccess ? Acknowledge : null);

        // Not before the call knows: without the ACK the phone repeats its answer, also to the process after this one; with it, it would never say it again.
        void Acknowledge()
        {
            var ack = DialogRequests.Acknowledge(response, context.Target);
            wire.SendAck(new OutboundRequest(ack, McpttIds.Branch($"{context.Branch}:ack:{response.To.Tag}"), context.Flow));
        }
    }

    private CallCommand ReportOf(InviteContext context, ResponseMessage response) =>
        response.IsProvisional ? new CallCommand { LegProgressed = new LegProgressed { Leg = context.Leg, Status = (uint)response.StatusCode } }
        : response.IsSuccess ? new CallCommand { LegAnswered = Answered(context, response) }
        : new CallCommand
        {
            LegFailed = new LegFailed { Leg = context.Leg, Status = (uint)response.StatusCode, Reason = response.ReasonPhrase, InDialog = context.IsInDialog },
        };

    private LegAnswered Answered(InviteContext context, ResponseMessage response)
    {
        // An answer that cannot be read is none: the call then ends the dialog.
        var sdp = RequestBodies.TryRead(response, own.WarningAgent, out var bodies, out _) ? bodies.Sdp : null;
        var answered = new LegAnswered
        {
            Leg = context.Leg,
            Remote = response.Headers[SipHeaderNames.To] ?? "",
            ContactUri = response.Contacts is [{ IsWildcard: false, Uri: not null } contact, ..] ? contact.Address.UriText : context.Target,
            SdpAnswer = sdp ?? "",
            SessionExpiresS = response.SessionExpires?.Seconds ?? 0,
            Refresher = response.SessionExpires?.Refresher ?? "",
            Cseq = response.CSeq.Number,
            Flow = context.Flow,
        };
        answered.RouteSet.Add(DialogRequests.RouteSet(response));
        return answered;
    }

    // What ends a dialog has no outcome that anybody waits for (RFC 3261 15.1.1).
    private static void Ignore(ResponseMessage response)
    {
    }

    private static void Ignore(int status)
    {
    }

    private sealed record InviteContext(string Call, uint Leg, string CorrelationId, string Branch, string Target, bool IsInDialog, Flow? Flow)
    {
        public string TraceParent { get; init; } = "";
    }
}
