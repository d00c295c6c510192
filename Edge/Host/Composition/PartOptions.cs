using System.Net;
using Mcptt.Actors;
using Mcptt.Api;
using Mcptt.Edge;
using Mcptt.Host.Configuration;
using Mcptt.Media;
using Mcptt.Protocol.Sip;
using SipListener = Mcptt.Edge.Transports.SipListener;

namespace Mcptt.Host.Composition;

/// <summary>What each part is told of the configuration.</summary>
internal static class PartOptions
{
    public static EngineOptions OfEngine(ServerOptions options) =>
        new()
        {
            LoadedLimit = options.Limits.LoadedActors,
            IdleTime = options.Limits.ActorIdle,
            CommandDeadline = options.Limits.CommandDeadline,
            DrainTime = options.Limits.Drain,
        };

    public static MediaOptions OfMedia(ServerOptions options) =>
        new()
        {
            NodeName = options.NodeName,
            BindAddress = BindAddress(OwnAddress.OfMedia(options)),
            AdvertisedAddress = OwnAddress.OfMedia(options).ToString(),
            Ports = new MediaPortRange(options.Media.FirstPort, options.Media.LastPort),
        };

    public static SipEdgeOptions OfSip(ServerOptions options) =>
        new()
        {
            NodeName = options.NodeName,
            Listeners = [.. options.Sip.Listeners.Select(listener => new SipListener(TransportOf(listener), listener.EndPoint))],
            AdvertisedHost = options.Sip.AdvertisedAddress,
            Domains = options.Sip.Domains,
            Realm = options.Sip.Realm,
            Open = options.Sip.Open,
            DigestAlgorithms = options.Sip.DigestAlgorithms,
            Upstreams = [.. options.Sip.Upstreams.Select(upstream => new SipUpstreamOptions(upstream.Name, upstream.Addresses, upstream.Trusted))],
            T1 = options.Sip.T1,
            T2 = options.Sip.T2,
            T4 = options.Sip.T4,
        };

    public static ApiOptions OfApi(ServerOptions options, string version) =>
        new()
        {
            Endpoint = options.Api.Listener,
            Token = options.Api.Token,
            NodeName = options.NodeName,
            Version = version,
            Realm = options.Sip.Realm,
            DigestAlgorithms = options.Sip.DigestAlgorithms,
            MaxRequestBytes = options.Api.MaxRequestBytes,
            MaxConnections = options.Api.MaxConnections,
            CommandDeadline = options.Limits.CommandDeadline,
        };

    // A loopback address keeps the ports from the outside; any other may be that of a router in front of us.
    private static IPAddress BindAddress(IPAddress shown) =>
        IPAddress.IsLoopback(shown) ? shown
        : shown.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any
        : IPAddress.Any;

    private static SipTransport TransportOf(Configuration.SipListener listener) => listener.Transport == "udp" ? SipTransport.Udp : SipTransport.Tcp;
}
