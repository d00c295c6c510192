using Mcptt.Protocol.Sdp;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Media;

/// <summary>The media of one call: RTP port, sender, receiver, and the floor channel unless the client is a plain phone.</summary>
internal sealed class CallMedia : IFloorDuties, IReceiverEvents, IAsyncDisposable
{
    private readonly UeOptions _options;
    private readonly UeEventLog _events;
    private readonly TimeProvider _time;
    private readonly Func<G711Law, IAudioSource> _voice;
    private readonly Action _leave;
    private readonly IDatagramPort _rtp;
    private readonly RtpSender _sender;
    private readonly RtpReceiver _receiver;
    private readonly Lock _describing = new();
    private volatile AgreedMedia? _agreed;
    private volatile OfferTerms _terms;
    private ulong _version = 1;
    private string _described = "";

    /// <param name="voice">Makes what is said, anew for each burst.</param>
    /// <param name="leave">Ends the call; must not wait.</param>
    public CallMedia(UeOptions options, UeEventLog events, TimeProvider time, Func<G711Law, IAudioSource> voice, Action leave)
    {
        (_options, _events, _time, _voice, _leave) = (options, events, time, voice, leave);
        _terms = OfferTerms.Of(options);
        var ssrc = FreshIds.Ssrc();
        var ports = options.EffectiveMediaPorts;
        _rtp = ports.OpenRtp();
        _sender = new RtpSender(time, ssrc, SendPacket, packets => events.Append(new Played(time.GetUtcNow(), packets)), options.VoicePacket);
        _receiver = new RtpReceiver(time, ssrc, this);
        Floor = options.PlainPhone ? null : new FloorChannel(options, ssrc, events, time, this, ports);
        Local = new LocalMedia(options.LocalAddress, _rtp.Local.Port, Floor?.Port ?? 0, ssrc, ssrc.ToString());
        _rtp.Start(_receiver.Take);
    }

    public LocalMedia Local { get; }

    public FloorChannel? Floor { get; }

    /// <summary>Whether floor messages go back and forth in this call.</summary>
    public bool HasFloorControl => Floor is not null && _agreed?.Floor is not null;

    /// <summary>The last answer accepted that its offer asks for the floor.</summary>
    public bool ImplicitRequestAgreed { get; private set; }

    public long SentPackets => _sender.Packets;

    public IReadOnlyDictionary<uint, ReceivedMedia> Received => _receiver.Report();

    /// <summary>Of the last offer that was accepted, or of the first one.</summary>
    public OfferTerms Terms => _terms;

    public SessionDescription Offer(bool implicitRequest, OfferTerms? terms = null) =>
        Describe(local => UeSdp.Offer(_options, local, implicitRequest, terms ?? _terms));

    /// <summary>Null: nothing in common. Otherwise the answer, already in force.</summary>
    public SessionDescription? TryAnswer(SessionDescription offer)
    {
        if (UeSdp.Answer(_options, Local, offer) is not { } answered)
        {
            return null;
        }

        Agree(answered.Agreed, new ParticipantInput.CallEstablished(ImplicitRequest: false, GrantedInAnswer: false));
        return Describe(local => UeSdp.Answer(_options, local, offer)!.Value.Answer); // It had an answer just now.
    }

    /// <param name="terms">What the offer asked for, where it was not the first.</param>
    public bool TryAccept(SessionDescription answer, OfferTerms? terms = null)
    {
        if (UeSdp.ReadAnswer(_options, answer) is not { } agreed)
        {
            return false;
        }

        _terms = terms ?? _terms;
        Agree(agreed, new ParticipantInput.CallEstablished(agreed.Fmtp.ImplicitRequest, agreed.Fmtp.Granted));
        return true;
    }

    public string? Record(string path) => _receiver.Record(path);

    public void StartMedia()
    {
        if (_agreed is { } agreed)
        {
            _sender.Start(_voice(agreed.Law), agreed.PayloadType);
        }
    }

    public void StopMedia() => _sender.Stop();

    public void LeaveCall() => _leave();

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        if (Floor is not null)
        {
            await Floor.DisposeAsync();
        }

        await _rtp.DisposeAsync();
        _receiver.Dispose();
    }

    void IReceiverEvents.SpurtStarted(uint ssrc) => _events.Append(new SpurtStarted(_time.GetUtcNow(), ssrc));

    void IReceiverEvents.SpurtEnded(uint ssrc, long packets, long lost) => _events.Append(new SpurtEnded(_time.GetUtcNow(), ssrc, packets, lost));

    void IReceiverEvents.Packet(ReadOnlySpan<byte> payload, long timestamp)
    {
        _options.Tap?.Heard(_options.User.AddressOfRecord, payload, timestamp);
        Floor?.Apply(new ParticipantInput.MediaReceived());
    }

    // RFC 3264 8: the version of o= grows by one exactly when the description changed.
    private SessionDescription Describe(Func<LocalMedia, SessionDescription> describe)
    {
        lock (_describing)
        {
            var description = describe(Local with { Version = _version });
            if (_described.Length > 0 && description.ToString() != _described)
            {
                description = describe(Local with { Version = ++_version });
            }

            _described = description.ToString();
            return description;
        }
    }

    private void Agree(AgreedMedia agreed, ParticipantInput.CallEstablished established)
    {
        _agreed = agreed;
        _rtp.Expect(agreed.Rtp);
        ImplicitRequestAgreed = established.ImplicitRequest;
        if (agreed.Floor is { } floor)
        {
            Floor?.Connect(floor, established);
        }
    }

    private void SendPacket(ReadOnlySpan<byte> packet)
    {
        if (_agreed is not { MaySend: true } agreed)
        {
            return;
        }

        // Before it is sent: the listener's look-up must not come first.
        _options.Tap?.Sent(_options.User.AddressOfRecord, packet[Mcptt.Protocol.Rtp.RtpHeader.FixedOctets..], _time.GetTimestamp());
        _rtp.TrySend(packet, agreed.Rtp);
    }
}
