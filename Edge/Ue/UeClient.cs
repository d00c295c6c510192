using Mcptt.Protocol.Sdp;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;
using Mcptt.Ue.Script;
using Mcptt.Ue.Signalling;
using Microsoft.Extensions.Logging;

namespace Mcptt.Ue;

/// <summary>
/// One MCPTT client: registers, affiliates, calls a group, answers, pushes to talk, plays and records. What happens to it is in
/// <see cref="Events"/>; orders give null or why they failed.
/// </summary>
public sealed class UeClient : IScriptedUe, IAsyncDisposable
{
    private const double DefaultToneHz = 440;
    private const int DecliningStatus = 480;

    private readonly UeOptions _options;
    private readonly TimeProvider _time;
    private readonly ISipStack _stack;
    private readonly UeRequests _requests;
    private readonly Requester _requester;
    private readonly Registration _registration;
    private readonly AffiliationSubscription _subscription;
    private readonly CallControl _calls;
    private readonly CallAnswering _answering;
    private readonly CallRenegotiation _renegotiation;
    private volatile Func<G711Law, IAudioSource>? _voice;

    internal UeClient(UeOptions options, ISipStack stack, TimeProvider time)
    {
        (_options, _stack, _time) = (options, stack, time);
        Events = new UeEventLog(time, options.EventCapacity, options.Watcher);
        _requests = new UeRequests(options, ContactUri);
        _requester = new Requester(stack, new DigestClient(options.EffectiveDigestUser, options.Password), Events, time);
        _registration = new Registration(_requests, _requester, time);
        _subscription = new AffiliationSubscription(_requests, _requester, Events, time);
        _calls = new CallControl(options, _requests, _requester, stack, Events, time, law => (_voice ?? DefaultVoice)(law));
        _answering = new CallAnswering(options, _requests, _calls, Events, time);
        _renegotiation = new CallRenegotiation(options, _requests, _requester, stack, _calls, Events, time);
    }

    public static UeClient Create(UeOptions options, TimeProvider time, ILoggerFactory loggers) =>
        new(options, new SipStack(options, time, loggers.CreateLogger<UeClient>()), time);

    public UeEventLog Events { get; }

    public bool IsRegistered => _registration.IsRegistered;

    public UeOptions Options => _options;

    /// <summary>A call stands, is being set up, or has not been taken apart yet.</summary>
    public bool HasCall => _calls.Current is not null;

    /// <summary>Of the call under way: RTP packets sent, and what was received of each SSRC. Null: no call.</summary>
    public CallReport? Report =>
        _calls.Current?.Media is { } media ? new CallReport(media.Local.Ssrc, media.SentPackets, media.Received) : null;

    public Task StartAsync(CancellationToken cancellationToken) => _stack.StartAsync(new Dispatcher(this), cancellationToken);

    public Task<string?> RegisterAsync(TimeSpan? expires, CancellationToken cancellationToken) =>
        _registration.RegisterAsync(expires ?? _options.RegistrationExpires, cancellationToken);

    public Task<string?> UnregisterAsync(CancellationToken cancellationToken) => _registration.RegisterAsync(TimeSpan.Zero, cancellationToken);

    public Task<string?> PublishSettingsAsync(bool manualAnswer, CancellationToken cancellationToken)
    {
        _answering.Manual = manualAnswer;
        var request = _requests.PublishSettings(manualAnswer, Mcptt.Protocol.Mcptt.McpttIdentifiers.ExpiresForEver);
        return _requester.RequestAsync(RequestPurpose.PublishSettings, request, cancellationToken);
    }

    public Task<string?> SubscribeAffiliationAsync(CancellationToken cancellationToken) => _subscription.SubscribeAsync(cancellationToken);

    public Task<string?> AffiliateAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken) =>
        _requester.RequestAsync(RequestPurpose.Affiliate, _requests.PublishAffiliation(groups), cancellationToken);

    public Task<string?> CallAsync(string group, bool implicitFloorRequest, CancellationToken cancellationToken) =>
        CallAsync(group, implicitFloorRequest, CallDeclaration.None, cancellationToken);

    public Task<string?> CallAsync(string group, bool implicitFloorRequest, CallDeclaration declaration, CancellationToken cancellationToken) =>
        SipUri.TryParse(group, out var uri)
            ? _calls.CallAsync(uri, implicitFloorRequest, declaration, cancellationToken)
            : Task.FromResult<string?>($"\"{group}\" is no SIP URI");

    public Task<string?> CancelCallAsync(CancellationToken cancellationToken) => _calls.CancelAsync(cancellationToken);

    public Task<string?> AnswerAsync(CancellationToken cancellationToken) => Task.FromResult(_answering.Answer());

    public Task<string?> RejectAsync(int status, CancellationToken cancellationToken) => Task.FromResult(_answering.Reject(status));

    public Task<string?> HangUpAsync(CancellationToken cancellationToken) => _calls.HangUpAsync("hung up", cancellationToken);

    public Task<string?> HoldAsync(bool held, CancellationToken cancellationToken)
    {
        if (held)
        {
            Release(); // Who is on hold must not keep the others from talking.
        }

        var direction = held ? MediaDirection.Inactive : MediaDirection.SendReceive;
        return _renegotiation.ReofferAsync(terms => terms with { Direction = direction }, implicitRequest: false, CallDeclaration.None, cancellationToken);
    }

    public Task<string?> RenegotiateAsync(FloorOffer offer, CancellationToken cancellationToken) =>
        _renegotiation.ReofferAsync(
            terms => terms with { Queueing = offer.Queueing, Priority = offer.Priority }, offer.ImplicitRequest, CallDeclaration.None, cancellationToken);

    public Task<string?> DeclareAsync(CallDeclaration declaration, bool implicitFloorRequest, CancellationToken cancellationToken) =>
        _renegotiation.ReofferAsync(terms => terms, implicitFloorRequest, declaration, cancellationToken);

    public string? Press(FloorWish wish) => WithMedia(media => Apply(media, new ParticipantInput.Press(wish), media.StartMedia));

    public string? Release() => WithMedia(media => Apply(media, new ParticipantInput.Release(), media.StopMedia));

    public string? AskQueuePosition() => WithMedia(media => Apply(media, new ParticipantInput.AskQueuePosition(), () => { }));

    public void Say(Func<G711Law, IAudioSource> source) => _voice = source;

    public string? Record(string path)
    {
        var failure = "no call to record";
        return WithMedia(media => failure = media.Record(path)) is { } noCall ? noCall : failure;
    }

    public async Task<string?> TalkWithoutPermissionAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (_calls.Current?.Media is not { } media)
        {
            return "no call";
        }

        media.StartMedia();
        await Task.Delay(duration, _time, cancellationToken);
        media.StopMedia();
        return null;
    }

    internal string? Inject(Mcptt.Protocol.Floor.FloorMessage message) => WithMedia(media => media.Floor?.Inject(message));

    public string? Flood(int requests) => WithMedia(media => media.Floor?.Flood(requests));

    /// <summary>Gives back whatever stands, so that the server does not ring or hold a leg for a client that is gone.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        switch (_calls.Current)
        {
            case { Outgoing: true, Phase: CallPhase.SettingUp }:
                await _calls.CancelAsync(cancellationToken);
                break;
            case { Outgoing: false, Phase: CallPhase.SettingUp }:
                _answering.Reject(DecliningStatus);
                break;
            case not null:
                await HangUpAsync(cancellationToken);
                break;
        }

        if (_registration.IsRegistered)
        {
            await UnregisterAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        await _calls.DisposeAsync();
        await _stack.DisposeAsync();
    }

    // A phone without floor control just talks: its media is its request, its silence the release.
    private static void Apply(CallMedia media, ParticipantInput input, Action withoutFloorControl)
    {
        if (media.HasFloorControl)
        {
            media.Floor?.Apply(input);
        }
        else
        {
            withoutFloorControl();
        }
    }

    private string? WithMedia(Action<CallMedia> act)
    {
        if (_calls.Current is not { Dialog: not null } call)
        {
            return "no call";
        }

        act(call.Media);
        return null;
    }

    // Unlike every other client's voice, so that a listener can tell talkers apart by their frames.
    private ToneSource DefaultVoice(G711Law law) => new(DefaultToneHz, FreshIds.Ssrc(), law);

    private SipUri ContactUri()
    {
        var uri = SipUri.Create(_options.ContactUser, _stack.Local.Address.ToString(), _stack.Local.Port);
        return _options.Transport == SipTransport.Udp ? uri : uri.With("transport", _options.Transport.ViaName().ToLowerInvariant());
    }

    private sealed class Dispatcher(UeClient client) : ISipHandler
    {
        public void OnRequest(IIncomingRequest incoming)
        {
            var request = incoming.Request;
            switch (request.Method)
            {
                case SipMethods.Invite:
                    client._answering.TakeInvite(incoming);
                    break;
                case SipMethods.Bye or SipMethods.Update or SipMethods.Info:
                    client._answering.TakeInDialog(incoming);
                    break;
                case SipMethods.Notify:
                    incoming.Respond(CallAnswering.Response(request, client._subscription.TakeNotify(request)));
                    break;
                case SipMethods.Options:
                    incoming.Respond(CallAnswering.Response(request, 200).With(SipHeaderNames.Allow, UeRequests.Allow).With(SipHeaderNames.Supported, "timer"));
                    break;
                default:
                    incoming.Respond(CallAnswering.Response(request, 405).With(SipHeaderNames.Allow, UeRequests.Allow));
                    break;
            }
        }

        public void OnCancel(IIncomingRequest invite) => client._answering.TakeCancel(invite);

        public void OnAck(RequestMessage ack) => client._answering.TakeAck(ack);

        public void OnNotAcknowledged(IIncomingRequest invite) => client._answering.TakeNotAcknowledged(invite);

        public void OnFurtherAnswer(RequestMessage invite, ResponseMessage answer) => client._calls.TakeFurtherAnswer(invite, answer);
    }
}

/// <summary>The media of the call under way.</summary>
public sealed record CallReport(uint Ssrc, long SentPackets, IReadOnlyDictionary<uint, ReceivedMedia> Received);
