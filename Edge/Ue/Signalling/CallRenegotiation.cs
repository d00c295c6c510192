using System.Security.Cryptography;
using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Signalling;

/// <summary>re-INVITE with a new offer in a call that stands (RFC 3261 14.1, TS 24.380 14.3): hold, and other terms of floor control.</summary>
internal sealed class CallRenegotiation(UeOptions options, UeRequests requests, Requester requester, ISipStack stack, CallControl calls, UeEventLog events, TimeProvider time)
{
    /// <summary>Offers that cross one of the server (491) are made so often.</summary>
    private const int MaxAttempts = 3;

    /// <summary>Null: agreed on. What is refused leaves everything as it was.</summary>
    public async Task<string?> ReofferAsync(
        Func<OfferTerms, OfferTerms> change, bool implicitRequest, CallDeclaration declaration, CancellationToken cancellationToken)
    {
        if (calls.Current is not { Phase: CallPhase.Established, Dialog: { } dialog } call)
        {
            return "no call stands";
        }

        if (!call.TryBeginOffer())
        {
            return "an offer of ours is under way";
        }

        // Before the INVITE: the grant may be here before the 200.
        var asks = implicitRequest && declaration != CallDeclaration.None;
        if (asks)
        {
            call.Media.Floor?.Apply(new ParticipantInput.AskedByReinvite());
        }

        try
        {
            var failure = await ReofferAsync(call, dialog, change(call.Media.Terms), implicitRequest, declaration, cancellationToken);
            if (asks && (failure is not null || !call.Media.ImplicitRequestAgreed))
            {
                call.Media.Floor?.Apply(new ParticipantInput.NotAskedAfterAll());
            }

            return failure;
        }
        finally
        {
            call.EndOffer();
        }
    }

    private async Task<string?> ReofferAsync(
        UeCall call, ClientDialog dialog, OfferTerms terms, bool implicitRequest, CallDeclaration declaration, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var invite = Invite(dialog, call.Media.Offer(implicitRequest, terms), declaration);
            var (sent, response) = await requester.SendAsync(invite, cancellationToken, dialog.NextCSeq);
            if (response is not { StatusCode: 491 } || attempt == MaxAttempts)
            {
                return await TakeAsync(call, dialog, terms, sent, response);
            }

            await Task.Delay(AfterGlare(call), time, cancellationToken);
        }
    }

    private async Task<string?> TakeAsync(UeCall call, ClientDialog dialog, OfferTerms terms, RequestMessage sent, ResponseMessage? response)
    {
        calls.NoteCondition(response);
        if (response is not { IsSuccess: true })
        {
            if (response is null or { StatusCode: 408 or 481 })
            {
                await calls.EndAsync(call, "the other side is gone");
            }

            return requester.Tell(RequestPurpose.Reoffer, sent, response);
        }

        dialog.RefreshTarget(response);
        stack.SendAck(dialog.CreateAck(sent.CSeq.Number));
        calls.ArmSessionTimer(call, response.SessionExpires, weRefresh: response.SessionExpires is { Refresher: not "uas" });
        if (MessageBodies.Sdp(response) is not { } answer || !call.Media.TryAccept(answer, terms))
        {
            const string Cause = "the answer has no audio that we speak";
            await calls.HangUpAsync(Cause, CancellationToken.None);
            return Cause;
        }

        events.Append(Agreed(answer));
        return requester.Tell(RequestPurpose.Reoffer, sent, response);
    }

    private RequestMessage Invite(ClientDialog dialog, SessionDescription offer, CallDeclaration declaration)
    {
        var invite = dialog.CreateRequest(SipMethods.Invite);
        invite.Headers
            .Add(SipHeaderNames.Contact, requests.Contact().ToString())
            .Add(SipHeaderNames.Allow, UeRequests.Allow)
            .Add(SipHeaderNames.Supported, "timer")
            .Add(SipHeaderNames.SessionExpires, new SessionExpires((uint)options.SessionExpires.TotalSeconds, "uac").ToString());
        requests.SetOffer(invite, offer.ToString(), declaration);
        return invite;
    }

    private MediaAgreed Agreed(SessionDescription answer)
    {
        var audio = answer.Media.First(media => media.IsAudio && media.Port > 0); // It was accepted.
        var floor = answer.Media.FirstOrDefault(media => media.IsFloorChannel && media.Port > 0);
        return new MediaAgreed(time.GetUtcNow(), answer.DirectionOf(audio).Mirrored().ToAttribute(), floor is null ? null : McpttFmtp.Of(floor));
    }

    // RFC 3261 14.1: who made the Call-ID waits longer, in steps of 10 ms.
    private static TimeSpan AfterGlare(UeCall call) =>
        TimeSpan.FromMilliseconds(10 * (call.Outgoing ? RandomNumberGenerator.GetInt32(210, 401) : RandomNumberGenerator.GetInt32(0, 201)));
}
