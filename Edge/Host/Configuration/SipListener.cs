using System.Net;

namespace Mcptt.Host.Configuration;

/// <summary>Where SIP is taken: "udp:0.0.0.0:5060", "tcp:[::]:5060". Port 0 takes a free one.</summary>
internal sealed record SipListener(string Transport, IPEndPoint EndPoint)
{
    public const int DefaultPort = 5060;
    public const string Fix = "write udp:ADDRESS:PORT or tcp:ADDRESS:PORT, for instance \"udp:0.0.0.0:5060\"";

    private static readonly string[] Transports = ["udp", "tcp"];

    public static SipListener? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return null;
        }

        var transport = text[..colon].ToLowerInvariant();
        return Transports.Contains(transport) && EndPoints.Parse(text[(colon + 1)..]) is { } endPoint ? new SipListener(transport, endPoint) : null;
    }

    public override string ToString() => $"{Transport}:{EndPoint}";
}

internal static class EndPoints
{
    /// <summary>An address with a port that is written out; "localhost" is 127.0.0.1.</summary>
    public static IPEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), out var port) || !char.IsAsciiDigit(text[colon + 1]))
        {
            return null;
        }

        var host = text[..colon];
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        return IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address) && host.Contains(':', StringComparison.Ordinal) == bracketed
            ? new IPEndPoint(address, port)
            : null;
    }
}
