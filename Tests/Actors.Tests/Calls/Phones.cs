using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests.Calls;

/// <summary>
/// The SIP edge, the phones and the media node, as far as the runtime sees them. Members answer an INVITE, everybody acknowledges, a media session
/// exists only after it was opened. It forgets everything with the node, as a media node in the same process does.
/// </summary>
/// <param name="sink">Where what they report goes.</param>
/// <param name="report">Takes what they report instead of the sink, so that a test can say when it is sent.</param>
internal sealed class Phones(ICommandSink sink, Action<Command>? report = null) : ISipOutbox, IMediaPlane
{
    public const string Address = "198.51.100.1";

    private readonly Lock _gate = new();
    private readonly List<SipEffect> _sip = [];
    private readonly List<MediaEffect> _media = [];
    private readonly HashSet<string> _sessions = [];
    private readonly HashSet<string> _closed = [];
    private readonly Dictionary<string, SetTalkers> _talkers = [];
    private readonly Dictionary<string, HashSet<uint>> _legs = [];

    public IReadOnlyList<SipEffect> Sip => Copy(() => _sip.ToList());

    public IReadOnlyList<MediaEffect> Media => Copy(() => _media.ToList());

    public IReadOnlyList<uint> Talkers(string session) => Copy(() => _talkers.TryGetValue(session, out var set) ? set.Talkers.Select(talker => talker.Leg).ToList() : []);

    public IReadOnlyList<uint> Legs(string session) => Copy(() => _legs.GetValueOrDefault(session)?.Order().ToList() ?? []);

    public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _sip.Add(effect);
        }

        if (Outcome(effect) is { } outcome)
        {
            Report($"sip:{effect.EffectId}", outcome.Call, outcome.Command);
        }

        return new(true);
    }

    public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (effect.BodyCase == MediaEffect.BodyOneofCase.Open)
            {
                _sessions.Add(effect.Session);
            }
            else if (!_sessions.Contains(effect.Session))
            {
                return new(effect.BodyCase == MediaEffect.BodyOneofCase.Close || _closed.Contains(effect.Session));
            }

            _media.Add(effect);
            Apply(effect);
        }

        if (effect.Open is { } open)
        {
            var opened = new MediaSessionOpened { MediaNode = "m1", Address = Address, RtpPort = Port(open.RtpPort, 20_000), FloorPort = Port(open.FloorPort, 20_002) };
            Report($"media:{effect.EffectId}", effect.Session, new CallCommand { MediaOpened = opened });
        }

        return new(true);
    }

    private static uint Port(uint wanted, uint otherwise) => wanted == 0 ? otherwise : wanted;

    private static (string Call, CallCommand Command)? Outcome(SipEffect effect) =>
        effect.BodyCase switch
        {
            SipEffect.BodyOneofCase.Invite => (effect.Invite.Call, new CallCommand { LegAnswered = Answer(effect.Invite) }),
            SipEffect.BodyOneofCase.Answer => (effect.Answer.Call, new CallCommand { LegAcknowledged = new LegAcknowledged { Leg = effect.Answer.Leg } }),
            _ => null,
        };

    private static LegAnswered Answer(InviteLeg invite) =>
        new()
        {
            Leg = invite.Leg,
            Remote = $"<{invite.Client.ContactUri}>;tag=t{invite.Leg}",
            ContactUri = invite.Client.ContactUri,
            SdpAnswer = Sdp.Offer,
            Cseq = 1,
            Flow = invite.Client.Flow,
        };

    private void Apply(MediaEffect effect)
    {
        var legs = _legs.TryGetValue(effect.Session, out var known) ? known : _legs[effect.Session] = [];
        switch (effect.BodyCase)
        {
            case MediaEffect.BodyOneofCase.PutLeg:
                legs.Add(effect.PutLeg.Leg);
                break;
            case MediaEffect.BodyOneofCase.RemoveLeg:
                legs.Remove(effect.RemoveLeg.Leg);
                break;
            case MediaEffect.BodyOneofCase.SetTalkers when !_talkers.TryGetValue(effect.Session, out var last) || last.Epoch <= effect.SetTalkers.Epoch:
                _talkers[effect.Session] = effect.SetTalkers;
                break;
            case MediaEffect.BodyOneofCase.Close:
                _sessions.Remove(effect.Session);
                _closed.Add(effect.Session);
                _talkers.Remove(effect.Session);
                _legs.Remove(effect.Session);
                break;
        }
    }

    /// <summary>As the edge does it: the same command id until it is decided.</summary>
    private void Report(string commandId, string call, CallCommand body)
    {
        var command = new Command { CommandId = commandId, To = Domain.ActorAddresses.Call(call), Call = body };
        if (report is not null)
        {
            report(command);
            return;
        }

        _ = Task.Run(async () =>
        {
            for (var attempt = 0; attempt < 100; attempt++)
            {
                var reply = await sink.SendAsync(command, CancellationToken.None);
                if (reply.Unavailable?.Reason is null or UnavailableReason.Stopping)
                {
                    return;
                }

                await Task.Delay(5);
            }
        });
    }

    private T Copy<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    internal static class Sdp
    {
        public const string Offer =
            "v=0\r\no=a 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
            + "m=application 4002 udp MCPTT\r\na=fmtp:MCPTT mc_queueing;mc_priority=7;mc_ssrc=77\r\n";
    }
}
