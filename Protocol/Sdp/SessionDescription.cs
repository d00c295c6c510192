using System.Collections.Immutable;

namespace Mcptt.Protocol.Sdp;

/// <summary>A session description (RFC 8866). <see cref="ToString"/> writes it with the lines in the standard's order.</summary>
public sealed class SessionDescription
{
    public required SdpOrigin Origin { get; init; }

    /// <summary>s=; "-" when there is none to tell.</summary>
    public string Name { get; init; } = "-";

    /// <summary>i, u, e, p, b, t, r, z and k lines of the session, in the order they came.</summary>
    public ImmutableArray<SdpLine> Lines { get; init; } = [];

    public SdpConnection? Connection { get; init; }

    public ImmutableArray<SdpAttribute> Attributes { get; init; } = [];

    public ImmutableArray<MediaDescription> Media { get; init; } = [];

    /// <summary>The address that this m-line's port belongs to: its own c= or the session's.</summary>
    public SdpConnection? ConnectionOf(MediaDescription media) => media.Connection ?? Connection;

    /// <summary>The m-line's own direction, else the session's, else sendrecv (RFC 8866 6.7).</summary>
    public MediaDirection DirectionOf(MediaDescription media) =>
        media.Attributes.FindDirection() ?? Attributes.FindDirection() ?? MediaDirection.SendReceive;

    public override string ToString() => SdpWriter.Write(this);
}

/// <summary>One m= section.</summary>
public sealed class MediaDescription
{
    public required string Type { get; init; }

    /// <summary>0: refused or switched off (RFC 3264 6).</summary>
    public required int Port { get; init; }

    public int PortCount { get; init; } = 1;

    /// <summary>For instance RTP/AVP or udp.</summary>
    public required string Protocol { get; init; }

    public ImmutableArray<string> Formats { get; init; } = [];

    /// <summary>i=, for instance "speech" (TS 24.379 6.2.1).</summary>
    public string? Information { get; init; }

    public SdpConnection? Connection { get; init; }

    /// <summary>b and k lines, in the order they came.</summary>
    public ImmutableArray<SdpLine> Lines { get; init; } = [];

    public ImmutableArray<SdpAttribute> Attributes { get; init; } = [];

    public bool IsAudio => Type.Equals("audio", StringComparison.OrdinalIgnoreCase);

    /// <summary>The floor control channel: m=application N udp MCPTT (TS 24.380 4.3.3.1).</summary>
    public bool IsFloorChannel =>
        Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && Protocol.Equals("udp", StringComparison.OrdinalIgnoreCase)
        && Formats.Any(format => format.Equals(McpttFmtp.Format, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same m-line refused: port 0, its first format kept because the grammar wants one (RFC 3264 6).</summary>
    public MediaDescription Refused() =>
        new()
        {
            Type = Type,
            Port = 0,
            Protocol = Protocol,
            Formats = Formats.IsEmpty ? ["0"] : [Formats[0]],
        };
}

public static class SdpAttributeList
{
    public static string? FindValue(this ImmutableArray<SdpAttribute> attributes, string name)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute.Value ?? "";
            }
        }

        return null;
    }

    public static bool Has(this ImmutableArray<SdpAttribute> attributes, string name) => attributes.FindValue(name) is not null;

    /// <summary>The last one counts: some peers send the session's default and then their own.</summary>
    public static MediaDirection? FindDirection(this ImmutableArray<SdpAttribute> attributes)
    {
        MediaDirection? found = null;
        foreach (var attribute in attributes)
        {
            if (MediaDirections.TryParse(attribute.Name.ToLowerInvariant(), out var direction))
            {
                found = direction;
            }
        }

        return found;
    }

    /// <summary>a=name:format rest, as rtpmap and fmtp are; null when this format has none.</summary>
    public static string? FindForFormat(this ImmutableArray<SdpAttribute> attributes, string name, string format)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Value is not { } value || !attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var space = value.AsSpan().IndexOfAny(' ', '\t');
            var key = space < 0 ? value.AsSpan() : value.AsSpan(0, space);
            if (key.Equals(format, StringComparison.OrdinalIgnoreCase))
            {
                return space < 0 ? "" : value[(space + 1)..].Trim();
            }
        }

        return null;
    }
}
