using Mcptt.Protocol.Sip;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Signalling;

/// <summary>The calls that the client makes, and how each call of it ends. One call at a time; <see cref="CallAnswering"/> takes those that come.</summary>
internal sealed class CallControl(
    UeOptions options, UeRequests requests, Requester requester, ISipStack stack, UeEventLog events, TimeProvider time, Func<G711Law, IAudioSource> voice)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private UeCall? _current;
    private bool _stopped;

    public UeCall? Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    public CallMedia OpenMedia() => new(options, events, time, voice, () => RunInBackground(token => HangUpAsync("broadcast over", token)));

    /// <summary>False: there is a call already.</summary>
    public bool TryOccupy(UeCall call)
    {
        lock (_gate)
        {
            if (_current is not null)
            {
                return false;
            }

            _current = call;
            return true;
        }
    }

    public async Task<string?> CallAsync(SipUri group, bool implicitRequest, CallDeclaration declaration, CancellationToken cancellationToken)
    {
        var call = new UeCall(OpenMedia(), outgoing: true);
        if (!TryOccupy(call))
        {
            await call.Media.DisposeAsync();
            return "there is a call already; hangup first";
        }

        var failure = "the call was given up";
        try
        {
            var invite = requests.Invite(group, call.Media.Offer(implicitRequest).ToString(), declaration);
            failure = await InviteAsync(call, invite, implicitRequest, cancellationToken);
        }
        finally
        {
            if (failure is not null && call.TryEnd())
            {
                await FreeAsync(call);
            }
        }

        return failure;
    }

    public async Task<string?> CancelAsync(CancellationToken cancellationToken)
    {
        if (Current is not { Outgoing: true } call || !call.TryMove(CallPhase.SettingUp, CallPhase.Cancelling))
        {
            return "no call of ours is being set up";
        }

        call.Exchange?.Cancel();
        return call.Exchange is null || await call.Exchange.Final.WaitAsync(cancellationToken) is not null ? null : "no answer to the INVITE that was cancelled";
    }

    public async Task<string?> HangUpAsync(string cause, CancellationToken cancellationToken)
    {
        if (Current is not { Dialog: { } dialog } call)
        {
            return "no call to hang up";
        }

        // Who was called sends no BYE before the ACK has come, or is known not to come (RFC 3261 15).
        if (call is { Phase: CallPhase.Answered, AcknowledgementFailed: false })
        {
            return "the caller has not acknowledged our answer yet";
        }

        if (!call.TryEnd())
        {
            return "no call to hang up";
        }

        call.Media.Floor?.Apply(new ParticipantInput.CallReleasing());
        call.Media.StopMedia();
        var failure = await requester.RequestAsync(RequestPurpose.HangUp, dialog.CreateRequest(SipMethods.Bye), cancellationToken, dialog.NextCSeq);
        await FinishAsync(call, cause);
        return failure;
    }

    /// <summary>Ends a call whose dialog is gone already.</summary>
    public async Task EndAsync(UeCall call, string cause)
    {
        if (call.TryEnd())
        {
            await FinishAsync(call, cause);
        }
    }

    /// <summary>The 2xx of an INVITE of ours once more, or of another branch, which is hung up (RFC 3261 13.2.2.4).</summary>
    public void TakeFurtherAnswer(RequestMessage invite, ResponseMessage answer)
    {
        var dialog = ClientDialog.FromAnswer(invite, answer);
        stack.SendAck(dialog.CreateAck(invite.CSeq.Number));
        var ours = Current?.Dialog;
        if (ours is null || ours.CallId != dialog.CallId || ours.RemoteTag != dialog.RemoteTag)
        {
            RunInBackground(token => requester.SendAsync(dialog.CreateRequest(SipMethods.Bye), token));
        }
    }

    /// <summary>The session interval as the answer to an INVITE or UPDATE of ours set it.</summary>
    public void ArmSessionTimer(UeCall call, SessionExpires? session, bool weRefresh)
    {
        call.SessionTimer ??= new SessionTimer(
            time, () => RunInBackground(token => RefreshAsync(call, token)), () => RunInBackground(token => HangUpAsync("session expired", token)));
        call.SessionTimer.Arm(session, weRefresh);
    }

    /// <summary>A message that says what the call is.</summary>
    public void NoteCondition(SipMessage? message)
    {
        if (message is not null && MessageBodies.Info(message) is { } info && (info.EmergencyInd is not null || info.ImminentPerilInd is not null))
        {
            events.Append(new ConditionTold(time.GetUtcNow(), info.EmergencyInd, info.ImminentPerilInd));
        }
    }

    public void RunInBackground(Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            _background.RemoveAll(task => task.IsCompleted);
            if (!_stopped)
            {
                _background.Add(GuardAsync(work));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] pending;
        lock (_gate)
        {
            _stopped = true;
            pending = [.. _background];
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(pending);
        if (Current is { } call)
        {
            await EndAsync(call, "client stopped");
        }

        _stopping.Dispose();
    }

    private async Task GuardAsync(Func<CancellationToken, Task> work)
    {
        await Task.Yield();
        try
        {
            await work(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The client stops.
        }
    }

    private async Task<string?> InviteAsync(UeCall call, RequestMessage invite, bool implicitRequest, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var patience = new CancellationTokenSource(options.RingingLimit, time);
        await using var giveUp = patience.Token.Register(() => call.Exchange?.Cancel());
        var (sent, response) = await requester.SendAsync(invite, cancellationToken, null, exchange => call.Exchange = exchange, Progress);
        if (response is { StatusCode: 422, MinSESeconds: { } minimum })
        {
            (sent, response) = await requester.SendAsync(WithInterval(sent, minimum), cancellationToken, null, exchange => call.Exchange = exchange, Progress);
        }

        NoteCondition(response);
        if (response is not { IsSuccess: true })
        {
            return requester.Tell(RequestPurpose.Call, sent, response);
        }

        var dialog = ClientDialog.FromAnswer(sent, response);
        stack.SendAck(dialog.CreateAck(sent.CSeq.Number));
        call.Dialog = dialog;
        return await EstablishAsync(call, sent, response, time.GetElapsedTime(start));

        void Progress(ResponseMessage provisional) => events.Append(new CallProgressed(time.GetUtcNow(), provisional.StatusCode));
    }

    private async Task<string?> EstablishAsync(UeCall call, RequestMessage invite, ResponseMessage response, TimeSpan setup)
    {
        var fits = MessageBodies.Sdp(response) is { } answer && call.Media.TryAccept(answer);
        if (!fits || !call.TryMove(CallPhase.SettingUp, CallPhase.Established))
        {
            // Cancelled too late, or an answer that we cannot use: the dialog stands and must be ended (RFC 3261 9.1, 13.2.2.4).
            var dialog = call.Dialog!; // Set with the 2xx.
            await requester.SendAsync(dialog.CreateRequest(SipMethods.Bye), CancellationToken.None, dialog.NextCSeq);
            var reason = fits ? "the call was cancelled" : "the answer has no audio that we speak";
            events.Append(new RequestAnswered(time.GetUtcNow(), RequestPurpose.Call, 0, reason, null));
            return reason;
        }

        events.Append(new CallEstablished(time.GetUtcNow(), invite.CallId, Outgoing: true, setup, Requester.WarningOf(response)));
        ArmSessionTimer(call, response.SessionExpires, weRefresh: response.SessionExpires is { Refresher: not "uas" });
        return null;
    }

    // UPDATE without a body is the cheapest refresh (RFC 4028 7.4); each answer says what holds from then on.
    private async Task RefreshAsync(UeCall call, CancellationToken cancellationToken)
    {
        if (call is not { Phase: CallPhase.Established, Dialog: { } dialog })
        {
            return;
        }

        var update = dialog.CreateRequest(SipMethods.Update);
        update.Headers
            .Add(SipHeaderNames.Contact, requests.Contact().ToString())
            .Add(SipHeaderNames.Supported, "timer")
            .Add(SipHeaderNames.SessionExpires, new SessionExpires((uint)options.SessionExpires.TotalSeconds, "uac").ToString());
        var (sent, response) = await requester.SendAsync(update, cancellationToken, dialog.NextCSeq);
        if (response is { StatusCode: 422, MinSESeconds: { } minimum })
        {
            (_, response) = await requester.SendAsync(WithInterval(sent, minimum, dialog.NextCSeq()), cancellationToken, dialog.NextCSeq);
        }

        switch (response)
        {
            case { IsSuccess: true }:
                ArmSessionTimer(call, response.SessionExpires, weRefresh: response.SessionExpires?.Refresher != "uas");
                break;
            case null or { StatusCode: 408 or 481 }:
                await EndAsync(call, "the other side is gone");
                break;
            default:
                // Refused, yet the session lives on until its interval ends (RFC 4028 10).
                ArmSessionTimer(call, new SessionExpires((uint)(options.SessionExpires.TotalSeconds / 2), null), weRefresh: false);
                break;
        }
    }

    private static RequestMessage WithInterval(RequestMessage refused, uint seconds, uint? cseq = null)
    {
        var request = refused.Copy();
        var refresher = refused.SessionExpires?.Refresher;
        request.CSeq = new CSeq(cseq ?? refused.CSeq.Number + 1, request.Method);
        request.Headers.Set(SipHeaderNames.SessionExpires, new SessionExpires(seconds, refresher).ToString()).Set(SipHeaderNames.MinSE, seconds.ToString());
        return request;
    }

    private async Task FinishAsync(UeCall call, string cause)
    {
        call.Media.Floor?.Apply(new ParticipantInput.CallReleased());
        events.Append(new CallEnded(time.GetUtcNow(), cause));
        await FreeAsync(call);
    }

    private async Task FreeAsync(UeCall call)
    {
        lock (_gate)
        {
            _current = ReferenceEquals(_current, call) ? null : _current;
        }

        call.SessionTimer?.Dispose();
        await call.Media.DisposeAsync();
    }
}
