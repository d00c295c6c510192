using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;

namespace Mcptt.Ue.Signalling;

/// <summary>INVITEs that come, and requests within a call's dialog (TS 24.379 10.1.1.2.3, RFC 3261 12.2.2, RFC 4028 9).</summary>
internal sealed class CallAnswering(UeOptions options, UeRequests requests, CallControl calls, UeEventLog events, TimeProvider time)
{
    /// <summary>Whether INVITEs wait for <see cref="Answer"/>; changed by PUBLISH poc-settings.</summary>
    public bool Manual { get; set; } = options.ManualAnswer;

    public void TakeInvite(IIncomingRequest incoming)
    {
        var request = incoming.Request;
        if (request.Require.FirstOrDefault(option => option is not ("timer" or "norefersub")) is { } unknown)
        {
            incoming.Respond(Response(request, 420).With(SipHeaderNames.Unsupported, unknown));
            return;
        }

        if (request.IsInDialog)
        {
            TakeInDialog(incoming);
            return;
        }

        var call = new UeCall(calls.OpenMedia(), outgoing: false) { Invite = incoming, LocalTag = FreshIds.Tag() };
        if (!calls.TryOccupy(call))
        {
            calls.RunInBackground(_ => call.Media.DisposeAsync().AsTask());
            incoming.Respond(Response(request, 486, call.LocalTag));
            return;
        }

        var info = MessageBodies.Info(request);
        events.Append(new CallOffered(time.GetUtcNow(), info?.CallingGroupId, info?.CallingUserId ?? request.From.UriText));
        calls.NoteCondition(request);
        if (Manual)
        {
            incoming.Respond(Response(request, 180, call.LocalTag).With(SipHeaderNames.Contact, requests.Contact().ToString()));
            return;
        }

        Accept(call, incoming);
    }

    /// <summary>Null, or why there is nothing to answer.</summary>
    public string? Answer()
    {
        if (calls.Current is not { Outgoing: false, Phase: CallPhase.SettingUp, Invite: { } invite } call)
        {
            return "no INVITE waits for an answer";
        }

        return Accept(call, invite) ? null : "the offer has no audio that we speak";
    }

    public string? Reject(int status)
    {
        if (calls.Current is not { Outgoing: false, Phase: CallPhase.SettingUp, Invite: { } invite } call)
        {
            return "no INVITE waits for an answer";
        }

        invite.Respond(Response(invite.Request, status, call.LocalTag));
        End(call, $"rejected with {status}");
        return null;
    }

    public void TakeCancel(IIncomingRequest invite)
    {
        if (calls.Current is { Outgoing: false, Phase: CallPhase.SettingUp } call && call.Invite?.Request.CallId == invite.Request.CallId)
        {
            invite.Respond(Response(invite.Request, 487, call.LocalTag));
            End(call, "cancelled");
        }
    }

    public void TakeAck(RequestMessage ack)
    {
        if (calls.Current is not { Dialog: { } dialog } call || !dialog.Holds(ack) || !call.TryMove(CallPhase.Answered, CallPhase.Established))
        {
            return;
        }

        if (call.AnswerExpectedInAck && !(MessageBodies.Sdp(ack) is { } answer && call.Media.TryAccept(answer)))
        {
            calls.RunInBackground(token => calls.HangUpAsync("the ACK has no audio that we speak", token));
            return;
        }

        events.Append(new CallEstablished(time.GetUtcNow(), ack.CallId, Outgoing: false, Setup: null, Warning: null));
    }

    public void TakeNotAcknowledged(IIncomingRequest invite)
    {
        if (calls.Current is { } call && call.Dialog?.CallId == invite.Request.CallId)
        {
            call.AcknowledgementFailed = true;
            calls.RunInBackground(token => calls.HangUpAsync("our 200 was not acknowledged", token));
        }
    }

    /// <summary>re-INVITE, UPDATE, INFO and BYE.</summary>
    public void TakeInDialog(IIncomingRequest incoming)
    {
        var request = incoming.Request;
        if (calls.Current is not { Dialog: { } dialog } call || !dialog.Holds(request))
        {
            incoming.Respond(Response(request, 481));
            return;
        }

        if (!dialog.TryTakeCSeq(request.CSeq.Number))
        {
            incoming.Respond(Response(request, 500));
            return;
        }

        calls.NoteCondition(request);
        switch (request.Method)
        {
            case SipMethods.Bye:
                incoming.Respond(Response(request, 200));
                End(call, "BYE received");
                break;
            case SipMethods.Info:
                incoming.Respond(Response(request, 200));
                break;
            default:
                incoming.Respond(Reoffered(call, dialog, request));
                break;
        }
    }

    public static ResponseMessage Response(RequestMessage request, int status, string? toTag = null) =>
        request.CreateResponse(status, null, toTag ?? FreshIds.Tag());

    private ResponseMessage Reoffered(UeCall call, ClientDialog dialog, RequestMessage request)
    {
        SessionDescription? answer = null;
        var offered = MessageBodies.Sdp(request);
        if (call.OfferPending && (request.IsInvite || offered is not null))
        {
            return Response(request, 491);
        }

        if (offered is { } offer)
        {
            answer = call.Media.TryAnswer(offer);
            if (answer is null)
            {
                return Response(request, 488);
            }
        }
        else if (request.IsInvite)
        {
            answer = call.Media.Offer(implicitRequest: false);
        }

        dialog.RefreshTarget(request);
        // Without a refresher named, the one who asks goes on refreshing (RFC 4028 9, table 2).
        return Accepted(call, request, answer, weRefresh: request.SessionExpires?.Refresher == "uas");
    }

    private bool Accept(UeCall call, IIncomingRequest incoming)
    {
        var request = incoming.Request;
        var offer = MessageBodies.Sdp(request);
        var description = offer is null ? call.Media.Offer(implicitRequest: false) : call.Media.TryAnswer(offer);
        if (description is null)
        {
            incoming.Respond(Response(request, 488, call.LocalTag));
            End(call, "no common codec");
            return false;
        }

        if (!call.TryMove(CallPhase.SettingUp, CallPhase.Answered))
        {
            return true;
        }

        call.AnswerExpectedInAck = offer is null;
        call.Dialog = ClientDialog.FromRequest(request, call.LocalTag);
        // A member's answer says refresher=uas where the INVITE says nothing (TS 24.379 6.2.3.1.1).
        incoming.Respond(Accepted(call, request, description, weRefresh: request.SessionExpires is { Refresher: not "uac" }));
        return true;
    }

    private ResponseMessage Accepted(UeCall call, RequestMessage request, SessionDescription? description, bool weRefresh)
    {
        var response = Response(request, 200, call.LocalTag)
            .With(SipHeaderNames.Contact, requests.Contact().ToString())
            .With(SipHeaderNames.Allow, UeRequests.Allow)
            .With(SipHeaderNames.Supported, "timer");
        if (request.SessionExpires is { } session)
        {
            response.Headers.Set(SipHeaderNames.SessionExpires, new SessionExpires(session.Seconds, weRefresh ? "uas" : "uac").ToString());
            if (!weRefresh)
            {
                response.Headers.Add(SipHeaderNames.Require, "timer");
            }

            calls.ArmSessionTimer(call, session, weRefresh);
        }

        if (description is not null)
        {
            response.SetBody(McpttMimeTypes.Sdp, description.ToString());
        }

        return response;
    }

    private void End(UeCall call, string cause) => calls.RunInBackground(_ => calls.EndAsync(call, cause));
}

internal static class ResponseBuilding
{
    public static ResponseMessage With(this ResponseMessage response, string header, string value)
    {
        response.Headers.Set(header, value);
        return response;
    }
}
