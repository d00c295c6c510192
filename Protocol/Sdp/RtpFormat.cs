using System.Globalization;

namespace Mcptt.Protocol.Sdp;

/// <summary>One payload type of an m=audio line with what it stands for.</summary>
public sealed record RtpFormat(byte PayloadType, string Encoding, uint ClockRate, uint Channels, string? Parameters)
{
    public const string TelephoneEvent = "telephone-event";

    private const byte HighestPayloadType = 127;

    public bool IsTelephoneEvent => Encoding.Equals(TelephoneEvent, StringComparison.OrdinalIgnoreCase);

    /// <summary>In the order of the m-line. A dynamic payload type without rtpmap stands for nothing and is left out.</summary>
    public static IEnumerable<RtpFormat> Of(MediaDescription media)
    {
        foreach (var format in media.Formats)
        {
            if (!byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var payloadType) || payloadType > HighestPayloadType)
            {
                continue;
            }

            var parameters = media.Attributes.FindForFormat("fmtp", format);
            if (TryParseMap(payloadType, media.Attributes.FindForFormat("rtpmap", format), parameters, out var named))
            {
                yield return named;
            }
            else if (Static(payloadType) is { } known)
            {
                yield return known with { Parameters = parameters };
            }
        }
    }

    /// <summary>The rtpmap value: "96 AMR-WB/16000/1"; one channel is not written (RFC 8866 6.6).</summary>
    public string ToMap() => Channels > 1 ? $"{PayloadType} {Encoding}/{ClockRate}/{Channels}" : $"{PayloadType} {Encoding}/{ClockRate}";

    public IEnumerable<SdpAttribute> ToAttributes()
    {
        yield return new SdpAttribute("rtpmap", ToMap());
        if (!string.IsNullOrEmpty(Parameters))
        {
            yield return new SdpAttribute("fmtp", $"{PayloadType} {Parameters}");
        }
    }

    private static bool TryParseMap(byte payloadType, string? map, string? parameters, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RtpFormat? format)
    {
        format = null;
        if (map is null)
        {
            return false;
        }

        var parts = map.Split('/', 3);
        uint channels = 1;
        if (parts.Length < 2
            || parts[0].Length == 0
            || !uint.TryParse(parts[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var clockRate)
            || (parts.Length == 3 && !uint.TryParse(parts[2].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out channels)))
        {
            return false;
        }

        format = new RtpFormat(payloadType, parts[0].Trim(), clockRate, channels, parameters);
        return true;
    }

    // RFC 3551 table 4; phones may leave out the rtpmap of these.
    private static RtpFormat? Static(byte payloadType) =>
        payloadType switch
        {
            0 => new(0, "PCMU", 8000, 1, null),
            3 => new(3, "GSM", 8000, 1, null),
            4 => new(4, "G723", 8000, 1, null),
            8 => new(8, "PCMA", 8000, 1, null),
            9 => new(9, "G722", 8000, 1, null),
            15 => new(15, "G728", 8000, 1, null),
            18 => new(18, "G729", 8000, 1, null),
            _ => null,
        };
}
