using System.Net;
using System.Net.NetworkInformation;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>Who we are on the wire: our hosts, domains and service identities, and the Contact of a call.</summary>
internal sealed class OwnAddresses
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Transport, int Port)> _ports;
    private readonly HashSet<string> _domains;
    private readonly string? _primaryDomain;
    private readonly IReadOnlyList<string> _serviceUsers;
    private readonly Func<SipTransport, IPEndPoint, (string Host, int Port)> _sentBy;

    /// <param name="options">The configuration.</param>
    /// <param name="bound">Where we really listen, known once the ports are open.</param>
    /// <param name="sentBy">Our host and port towards a peer, as the transports write them into a Via.</param>
    public OwnAddresses(SipEdgeOptions options, IReadOnlyList<SipListener> bound, Func<SipTransport, IPEndPoint, (string Host, int Port)> sentBy)
    {
        _sentBy = sentBy;
        _ports = [.. bound.Select(listener => (listener.Transport.ViaName(), listener.Endpoint.Port))];
        _domains = new(options.Domains, StringComparer.OrdinalIgnoreCase);
        _primaryDomain = options.Domains is [var first, ..] ? first.ToLowerInvariant() : null;
        _serviceUsers = options.ServiceUsers is [] ? ["mcptt"] : options.ServiceUsers;
        var addresses = bound.SelectMany(listener => ReachableAt(listener.Endpoint.Address)).Select(address => Bracketed(address.ToString())).ToList();
        _hosts.UnionWith(addresses);
        if (options.AdvertisedHost.Length > 0)
        {
            _hosts.Add(Bracketed(options.AdvertisedHost));
        }

        WarningAgent = options.AdvertisedHost.Length > 0 ? Bracketed(options.AdvertisedHost) : _primaryDomain ?? (addresses is [var any, ..] ? any : "localhost");
        Realm = options.Realm.Length > 0 ? options.Realm : _primaryDomain ?? WarningAgent;
        ServiceIdentity = $"sip:{_serviceUsers[0]}@{_primaryDomain ?? WarningAgent}";
    }

    public string Realm { get; }

    public string WarningAgent { get; }

    /// <summary>Our first PSI: P-Asserted-Identity of what the server sends by itself (TS 24.379 6.3.3.1).</summary>
    public string ServiceIdentity { get; }

    /// <summary>Whether a URI names this server and no user or group of it: without user, or a PSI.</summary>
    public bool IsService(SipUri uri) => !uri.IsTel && IsOurHost(uri.Host) && (uri.UnescapedUser is not { Length: > 0 } user || _serviceUsers.Contains(user));

    public bool IsOurHost(string host) => _hosts.Contains(host) || _domains.Contains(host);

    /// <summary>
    /// A URI as identity: without parameters and port, host in lower case. A phone that was given our address instead of the domain
    /// means the domain.
    /// </summary>
    public string Identity(SipUri uri)
    {
        if (uri.IsTel)
        {
            return uri.AddressOfRecord;
        }

        var host = _primaryDomain is not null && _hosts.Contains(uri.Host) && !_domains.Contains(uri.Host) ? _primaryDomain : uri.Host.ToLowerInvariant();
        return SipUri.Create(uri.UnescapedUser, host).AddressOfRecord;
    }

    /// <summary>The Contact URI of a call: its session identity, reachable by the transport of the flow.</summary>
    public SipUri SessionUri(string callId, Flow? flow) => Uri(McpttIds.SessionUser(callId), flow).With("gr", callId);

    /// <summary>The Contact of the server outside of calls, for instance in a 200 to SUBSCRIBE.</summary>
    public SipUri ServiceUri(Flow? flow) => Uri(_serviceUsers[0], flow);

    public string SessionContact(string callId, Flow? flow, bool mcpttClient)
    {
        var contact = new NameAddr(SessionUri(callId, flow));
        if (mcpttClient)
        {
            contact = contact
                .With(McpttIdentifiers.McpttFeatureTag)
                .With(McpttIdentifiers.IcsiRefFeatureTag, McpttIdentifiers.IcsiInFeatureTag, quoted: true);
        }

        return contact.With(McpttIdentifiers.IsFocus).ToString();
    }

    /// <summary>Whether one of a request's Vias is ours: it came back to who sent it (RFC 3261 16.3).</summary>
    public bool IsOwnVia(Via via) => _hosts.Contains(via.Host) && _ports.Contains((via.Transport, via.Port));

    private SipUri Uri(string user, Flow? flow)
    {
        var peer = SipFlow.From(flow);
        var transport = peer?.Transport ?? SipTransport.Udp;
        var (host, port) = _sentBy(transport, peer?.Remote ?? new IPEndPoint(IPAddress.Loopback, 0));
        var uri = SipUri.Create(user, host, port);
        return transport == SipTransport.Udp ? uri : uri.With("transport", transport.ViaName().ToLowerInvariant());
    }

    // A listener on all addresses is reached at each of this machine's.
    private static IEnumerable<IPAddress> ReachableAt(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? [address]
            : NetworkInterface.GetAllNetworkInterfaces().SelectMany(device => device.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);

    private static string Bracketed(string host) => host.Contains(':') && host[0] != '[' ? $"[{host}]" : host;
}
