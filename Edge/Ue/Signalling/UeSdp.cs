using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mcptt.Protocol.Sdp;
using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Signalling;

/// <summary>Where our media of one call is: ports, SSRC, and the version that each changed description counts up (RFC 3264 8).</summary>
internal sealed record LocalMedia(IPAddress Address, int RtpPort, int FloorPort, uint Ssrc, string SessionId, ulong Version = 1);

/// <summary>What an offer of ours asks for; changed by a re-offer that was accepted.</summary>
internal sealed record OfferTerms(MediaDirection Direction, bool Queueing, byte? Priority)
{
    public static OfferTerms Of(UeOptions options) => new(MediaDirection.SendReceive, options.OfferQueueing, options.OfferPriority);
}

/// <summary>What was agreed on. No floor address: a call without floor control.</summary>
internal sealed record AgreedMedia(IPEndPoint Rtp, byte PayloadType, G711Law Law, bool MaySend, IPEndPoint? Floor, McpttFmtp Fmtp);

/// <summary>Offers and answers of a client (RFC 3264; TS 24.380 clause 14, TS 24.379 6.2.1 and 6.2.2). Pure.</summary>
internal static class UeSdp
{
    private const string AudioProtocol = "RTP/AVP";

    public static SessionDescription Offer(UeOptions options, LocalMedia local, bool implicitRequest, OfferTerms? terms = null)
    {
        terms ??= OfferTerms.Of(options);
        var media = ImmutableArray.Create(Audio(local, options, options.Codecs, terms.Direction));
        if (!options.PlainPhone)
        {
            media = media.Add(FloorChannel(local.FloorPort, new McpttFmtp
            {
                Queueing = terms.Queueing,
                Priority = terms.Priority,
                Granted = implicitRequest,
                ImplicitRequest = implicitRequest,
                Ssrc = local.Ssrc,
            }));
        }

        return Session(local, media);
    }

    /// <summary>Null: no audio that we can speak (488). The answer has the m-lines of the offer (RFC 3264 6).</summary>
    public static (SessionDescription Answer, AgreedMedia Agreed)? Answer(UeOptions options, LocalMedia local, SessionDescription offer)
    {
        var audio = offer.Media.FirstOrDefault(media => media.IsAudio && media.Port > 0 && Common(options, media) is not null);
        if (audio is null || Common(options, audio) is not { } format || !TryEndpoint(offer, audio, out var rtp))
        {
            return null;
        }

        var floor = options.PlainPhone ? null : offer.Media.FirstOrDefault(media => media.IsFloorChannel && media.Port > 0);
        var theirs = offer.DirectionOf(audio);
        var fmtp = floor is null ? new McpttFmtp() : AnswerTo(options, local, McpttFmtp.Of(floor));
        var lines = offer.Media.Select(media =>
            ReferenceEquals(media, audio) ? Audio(local, options, [(G711Law)format.PayloadType], theirs.Mirrored())
            : ReferenceEquals(media, floor) ? FloorChannel(local.FloorPort, fmtp)
            : media.Refused());
        var agreed = new AgreedMedia(
            rtp, format.PayloadType, (G711Law)format.PayloadType, theirs is MediaDirection.SendReceive or MediaDirection.ReceiveOnly,
            floor is not null && TryEndpoint(offer, floor, out var floorEndpoint) ? floorEndpoint : null, fmtp);
        return (Session(local, [.. lines]), agreed);
    }

    /// <summary>Null: the answer took no audio of ours.</summary>
    public static AgreedMedia? ReadAnswer(UeOptions options, SessionDescription answer)
    {
        var audio = answer.Media.FirstOrDefault(media => media.IsAudio && media.Port > 0);
        if (audio is null || Common(options, audio) is not { } format || !TryEndpoint(answer, audio, out var rtp))
        {
            return null;
        }

        var floor = answer.Media.FirstOrDefault(media => media.IsFloorChannel && media.Port > 0);
        return new AgreedMedia(
            rtp, format.PayloadType, (G711Law)format.PayloadType, answer.DirectionOf(audio) is MediaDirection.SendReceive or MediaDirection.ReceiveOnly,
            floor is not null && TryEndpoint(answer, floor, out var floorEndpoint) ? floorEndpoint : null,
            floor is null ? new McpttFmtp() : McpttFmtp.Of(floor));
    }

    // An answer says nothing that the offer did not (14.3.1).
    private static McpttFmtp AnswerTo(UeOptions options, LocalMedia local, McpttFmtp offered) =>
        new()
        {
            Queueing = offered.Queueing && options.OfferQueueing,
            Priority = offered.Priority is { } limit ? Math.Min(limit, options.OfferPriority ?? limit) : null,
            Ssrc = offered.Ssrc is null ? null : local.Ssrc,
        };

    private static RtpFormat? Common(UeOptions options, MediaDescription media) =>
        RtpFormat.Of(media).FirstOrDefault(format =>
            options.Codecs.Any(law => format.PayloadType == (byte)law && format.ClockRate == WavFile.SampleRate));

    private static MediaDescription Audio(LocalMedia local, UeOptions options, IEnumerable<G711Law> codecs, MediaDirection direction) =>
        new()
        {
            Type = "audio",
            Port = local.RtpPort,
            Protocol = AudioProtocol,
            Information = "speech",
            Formats = [.. codecs.Select(law => ((byte)law).ToString())],
            Attributes =
            [
                .. codecs.Select(law => new SdpAttribute("rtpmap", $"{(byte)law} {(law == G711Law.MuLaw ? "PCMU" : "PCMA")}/{WavFile.SampleRate}")),
                new SdpAttribute("ptime", ((long)options.PacketTime.TotalMilliseconds).ToString()),
                new SdpAttribute(direction.ToAttribute()),
            ],
        };

    private static MediaDescription FloorChannel(int port, McpttFmtp fmtp) =>
        new()
        {
            Type = "application",
            Port = port,
            Protocol = "udp",
            Formats = [McpttFmtp.Format],
            Attributes = [new SdpAttribute("fmtp", fmtp.ToString())],
        };

    private static SessionDescription Session(LocalMedia local, ImmutableArray<MediaDescription> media)
    {
        var connection = SdpConnection.For(local.Address);
        return new SessionDescription
        {
            Origin = new SdpOrigin("-", local.SessionId, local.Version.ToString(), connection.NetType, connection.AddressType, connection.Address),
            Connection = connection,
            Media = media,
        };
    }

    private static bool TryEndpoint(SessionDescription session, MediaDescription media, [NotNullWhen(true)] out IPEndPoint? endpoint)
    {
        endpoint = session.ConnectionOf(media) is { } connection && connection.TryGetAddress(out var address)
            ? new IPEndPoint(address, media.Port)
            : null;
        return endpoint is not null;
    }
}
