using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sdp;

namespace Mcptt.Domain.Calls;

/// <summary>
/// The one codec of a call. Media is forwarded as it is, so every leg must understand what any talker sends: the first offer
/// and the group's document choose it once.
/// </summary>
internal static class CallCodec
{
    public const string PlainProfile = "RTP/AVP";
    public const string SecureProfile = "RTP/SAVP";

    // They accompany a codec and carry no speech themselves.
    private static readonly string[] NotSpeech = [RtpFormat.TelephoneEvent, "CN", "red", "ulpfec", "t140"];

    /// <summary>By the group's order of preference; without one, the first that the caller offers. Null: none fits.</summary>
    public static CallAudio? Choose(SessionDescription offer, IReadOnlyCollection<string> preferred)
    {
        foreach (var media in offer.Media)
        {
            if (!media.IsAudio || media.Port == 0 || ProfileOf(media) is not { } profile)
            {
                continue;
            }

            var formats = RtpFormat.Of(media).ToList();
            if (ChooseSpeech(formats, preferred) is { } speech)
            {
                return ToAudio(profile, speech, formats.Find(format => format.IsTelephoneEvent), media);
            }
        }

        return null;
    }

    /// <summary>
    /// Null for a transport that this server does not carry. Keys in the SDP (RFC 4568 a=crypto, DTLS a=fingerprint) are agreed
    /// hop by hop and would end here; group keys go end to end and are forwarded untouched.
    /// </summary>
    public static string? ProfileOf(MediaDescription media) =>
        media.Protocol.ToUpperInvariant() switch
        {
            "RTP/AVP" or "RTP/AVPF" => PlainProfile,
            "RTP/SAVP" or "RTP/SAVPF" when !media.Attributes.Has("crypto") && !media.Attributes.Has("fingerprint") => SecureProfile,
            _ => null,
        };

    public static RtpFormat? Find(MediaDescription media, CallAudio audio) =>
        RtpFormat.Of(media).FirstOrDefault(format => Matches(format, audio));

    public static RtpFormat Speech(CallAudio audio) =>
        new((byte)audio.PayloadType, audio.Encoding, audio.ClockRate, audio.Channels, audio.Parameters.Length == 0 ? null : audio.Parameters);

    public static RtpFormat? TelephoneEvent(CallAudio audio) =>
        audio.TelephoneEventClockRate == 0
            ? null
            : new((byte)audio.TelephoneEventPayloadType, RtpFormat.TelephoneEvent, audio.TelephoneEventClockRate, 1,
                audio.TelephoneEventParameters.Length == 0 ? null : audio.TelephoneEventParameters);

    private static RtpFormat? ChooseSpeech(List<RtpFormat> formats, IReadOnlyCollection<string> preferred)
    {
        var speech = formats.Where(format => !NotSpeech.Contains(format.Encoding, StringComparer.OrdinalIgnoreCase));
        return preferred.Count == 0
            ? speech.FirstOrDefault()
            : preferred
                .Select(name => speech.FirstOrDefault(format => format.Encoding.Equals(name, StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(format => format is not null);
    }

    private static CallAudio ToAudio(string profile, RtpFormat speech, RtpFormat? telephoneEvent, MediaDescription media) =>
        new()
        {
            Profile = profile,
            PayloadType = speech.PayloadType,
            Encoding = speech.Encoding,
            ClockRate = speech.ClockRate,
            Channels = speech.Channels,
            Parameters = speech.Parameters ?? "",
            PtimeMs = uint.TryParse(media.Attributes.FindValue("ptime"), out var ptime) ? ptime : 0,
            TelephoneEventPayloadType = telephoneEvent?.PayloadType ?? 0u,
            TelephoneEventClockRate = telephoneEvent?.ClockRate ?? 0,
            TelephoneEventParameters = telephoneEvent?.Parameters ?? "",
        };

    private static bool Matches(RtpFormat format, CallAudio audio) =>
        format.Encoding.Equals(audio.Encoding, StringComparison.OrdinalIgnoreCase)
        && format.ClockRate == audio.ClockRate
        && format.Channels == audio.Channels
        && IsOctetAligned(format.Parameters) == IsOctetAligned(audio.Parameters);

    // RFC 4867 8.1: the two packings of AMR and AMR-WB do not understand each other.
    private static bool IsOctetAligned(string? parameters) =>
        parameters is not null
        && parameters.Split(';', StringSplitOptions.TrimEntries).Any(parameter => parameter.Equals("octet-align=1", StringComparison.OrdinalIgnoreCase));
}
