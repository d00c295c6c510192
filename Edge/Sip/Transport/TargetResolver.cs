using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transports;

/// <summary>From a URI to address and transport, as far as configured peers and phones need it (RFC 3263 4.1, 4.2 without NAPTR and SRV).</summary>
public sealed class TargetResolver(TimeProvider time)
{
    /// <summary>A name that takes longer is not reachable.</summary>
    public static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The URI names an address: nothing to look up.</summary>
    public static bool TryNumeric(SipUri uri, [NotNullWhen(true)] out SipFlow? target)
    {
        var good = !uri.IsTel && IPAddress.TryParse(uri.Parameters["maddr"] ?? uri.Host, out _);
        target = good ? Target(uri, IPAddress.Parse(uri.Parameters["maddr"] ?? uri.Host)) : null;
        return target is not null;
    }

    /// <summary>Null: it names nothing that can be reached.</summary>
    public async ValueTask<SipFlow?> ResolveAsync(SipUri uri, CancellationToken cancellationToken)
    {
        if (uri.IsTel || TryNumeric(uri, out var target))
        {
            return uri.IsTel || !TryNumeric(uri, out target) ? null : target;
        }

        using var timeout = new CancellationTokenSource(LookupTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(uri.Host, linked.Token);
            return addresses.Length == 0 ? null : Target(uri, addresses[0]);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }

    private static SipFlow Target(SipUri uri, IPAddress address)
    {
        var transport = uri.IsSips ? SipTransport.Tls : uri.Parameters["transport"]?.ToLowerInvariant() switch
        {
            "tcp" => SipTransport.Tcp,
            "tls" => SipTransport.Tls,
            _ => SipTransport.Udp,
        };
        return new SipFlow(transport, new IPEndPoint(address, uri.Port > 0 ? uri.Port : ViaRouting.DefaultPortOf(transport)));
    }
}
