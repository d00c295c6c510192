using System.Net;

namespace Mcptt.Protocol.Sdp;

/// <summary>o= (RFC 8866 5.2). Session id and version stay text: peers send numbers beyond 64 bits.</summary>
public sealed record SdpOrigin(string Username, string SessionId, string SessionVersion, string NetType, string AddressType, string Address)
{
    public override string ToString() => $"{Username} {SessionId} {SessionVersion} {NetType} {AddressType} {Address}";
}

/// <summary>c= (RFC 8866 5.7).</summary>
public sealed record SdpConnection(string NetType, string AddressType, string Address)
{
    /// <summary>RFC 2543 peers put a call on hold with 0.0.0.0.</summary>
    public bool IsUnspecified => Address is "0.0.0.0" or "::";

    public static SdpConnection For(IPAddress address) =>
        new("IN", address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4", address.ToString());

    /// <summary>False for a host name. A multicast address may carry "/ttl" (RFC 8866 5.7).</summary>
    public bool TryGetAddress([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        var slash = Address.IndexOf('/', StringComparison.Ordinal);
        return IPAddress.TryParse(slash < 0 ? Address : Address[..slash], out address);
    }

    public override string ToString() => $"{NetType} {AddressType} {Address}";
}

/// <summary>a=name or a=name:value.</summary>
public readonly record struct SdpAttribute(string Name, string? Value = null)
{
    public override string ToString() => Value is null ? Name : $"{Name}:{Value}";
}

/// <summary>A line kept as it came, because nobody here interprets it: i, u, e, p, b, t, r, z, k.</summary>
public readonly record struct SdpLine(char Type, string Value)
{
    public override string ToString() => $"{Type}={Value}";
}

public enum MediaDirection
{
    SendReceive,
    SendOnly,
    ReceiveOnly,
    Inactive,
}

public static class MediaDirections
{
    public static bool TryParse(ReadOnlySpan<char> name, out MediaDirection direction)
    {
        (var known, direction) = name switch
        {
            "sendrecv" => (true, MediaDirection.SendReceive),
            "sendonly" => (true, MediaDirection.SendOnly),
            "recvonly" => (true, MediaDirection.ReceiveOnly),
            "inactive" => (true, MediaDirection.Inactive),
            _ => (false, MediaDirection.SendReceive),
        };
        return known;
    }

    public static string ToAttribute(this MediaDirection direction) =>
        direction switch
        {
            MediaDirection.SendOnly => "sendonly",
            MediaDirection.ReceiveOnly => "recvonly",
            MediaDirection.Inactive => "inactive",
            _ => "sendrecv",
        };

    /// <summary>The answer to it (RFC 3264 6.1).</summary>
    public static MediaDirection Mirrored(this MediaDirection direction) =>
        direction switch
        {
            MediaDirection.SendOnly => MediaDirection.ReceiveOnly,
            MediaDirection.ReceiveOnly => MediaDirection.SendOnly,
            _ => direction,
        };
}
