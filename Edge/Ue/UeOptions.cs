using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;

namespace Mcptt.Ue;

/// <summary>Who a client is and how it behaves.</summary>
public sealed record UeOptions
{
    /// <summary>MCPTT ID, which is also the address of record: sip:alice@example.org.</summary>
    public required SipUri User { get; init; }

    public string? Password { get; init; }

    /// <summary>User name of digest; null: the user part of the MCPTT ID.</summary>
    public string? DigestUser { get; init; }

    /// <summary>Where every request goes: the P-CSCF, or the server itself.</summary>
    public required IPEndPoint Server { get; init; }

    public SipTransport Transport { get; init; } = SipTransport.Udp;

    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    /// <summary>mcptt-client-id; null: derived from the user, so that it is the same at the next start.</summary>
    public string? ClientId { get; init; }

    /// <summary>Access token of the identity management server, for service authorisation by PUBLISH (TS 24.379 7.2.2).</summary>
    public string? AccessToken { get; init; }

    /// <summary>Public service identity of the participating function; null: mcptt at the user's domain.</summary>
    public SipUri? ServiceIdentity { get; init; }

    /// <summary>Only REGISTER, INVITE and RTP: no MCPTT feature tags or bodies, and no floor channel.</summary>
    public bool PlainPhone { get; init; }

    /// <summary>An INVITE rings until it is answered by hand.</summary>
    public bool ManualAnswer { get; init; }

    public TimeSpan RegistrationExpires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>RFC 4028.</summary>
    public TimeSpan SessionExpires { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an INVITE may go unanswered after a provisional answer: Timer C of RFC 3261 16.6 is a proxy's, this is ours.</summary>
    public TimeSpan RingingLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>In order of preference.</summary>
    public IReadOnlyList<G711Law> Codecs { get; init; } = [G711Law.MuLaw, G711Law.ALaw];

    public bool OfferQueueing { get; init; } = true;

    /// <summary>mc_priority of an offer; null: not negotiated.</summary>
    public byte? OfferPriority { get; init; }

    public ParticipantOptions Floor { get; init; } = new();

    public Misbehaviour Misbehaviour { get; init; } = new();

    /// <summary>How much speech one RTP packet holds, a whole number of 10 ms; <see cref="PayloadOctets"/> of them go on the wire.</summary>
    public TimeSpan PacketTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Payload of one packet; null: what G.711 takes. Another number stands for another codec's load; the server does not look inside.</summary>
    public int? PayloadOctets { get; init; }

    /// <summary>Be a trusted core: P-Asserted-Identity instead of P-Preferred-Identity, in REGISTER too (RFC 3325).</summary>
    public bool AssertsIdentity { get; init; }

    /// <summary>How many events are kept; thousands of clients in one process want few.</summary>
    public int EventCapacity { get; init; } = Events.UeEventLog.Capacity;

    /// <summary>Called with each event as it happens, from several threads; must not wait.</summary>
    public Action<Events.UeEvent>? Watcher { get; init; }

    /// <summary>Whether each floor message is an event, which costs its text.</summary>
    public bool LogFloorMessages { get; init; } = true;

    public IAudioTap? Tap { get; init; }

    public IFloorTap? FloorTap { get; init; }

    /// <summary>Where a call's media comes and goes; null: at ports of its own.</summary>
    internal IMediaPorts? MediaPorts { get; init; }

    internal IMediaPorts EffectiveMediaPorts => MediaPorts ?? new OwnMediaPorts(LocalAddress);

    internal VoicePacket VoicePacket => new(PacketTime, PayloadOctets ?? VoicePacket.G711Octets(PacketTime));

    internal string EffectiveClientId => ClientId ?? $"urn:uuid:{DerivedUuid(User.AddressOfRecord)}";

    internal string ContactUser => User.UnescapedUser ?? "ue";

    internal string EffectiveDigestUser => DigestUser ?? User.UnescapedUser ?? User.AddressOfRecord;

    internal SipUri EffectiveServiceIdentity => ServiceIdentity ?? SipUri.Create("mcptt", Domain);

    internal string Domain => User.Host.Length > 0 ? User.Host : Server.Address.ToString();

    // Version 8 of RFC 9562: sixteen octets of our own making, here of a hash.
    private static string DerivedUuid(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString("D");
    }
}
