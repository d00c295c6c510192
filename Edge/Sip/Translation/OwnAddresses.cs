using System.Net;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>Who we are on the wire: our hosts, domains and service identities, and the Contact of a call.</summary>
internal sealed class OwnAddresses
{
    private readonly IReadOnlyDictionary<SipTransport, IPEndPoint> _bound;
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _domains;
    private readonly string? _primaryDomain;
    private readonly IReadOnlyList<string> _serviceUsers;
    private readonly string _advertisedHost;

    /// <param name="options">The configuration.</param>
    /// <param name="bound">Where each transport really listens, known once the ports are open.</param>
    public OwnAddresses(SipEdgeOptions options, IReadOnlyDictionary<SipTransport, IPEndPoint> bound)
    {
        _bound = bound;
        _advertisedHost = options.AdvertisedHost.Length > 0 ? options.AdvertisedHost : DefaultHost(bound);
        _domains = new(options.Domains, StringComparer.OrdinalIgnoreCase);
        _primaryDomain = options.Domains is [var first, ..] ? first.ToLowerInvariant() : null;
        _serviceUsers = options.ServiceUsers is [] ? ["mcptt"] : options.ServiceUsers;
        _hosts.Add(Bracketed(_advertisedHost));
        foreach (var endpoint in bound.Values)
        {
            _hosts.Add(Bracketed(endpoint.Address.ToString()));
        }

        Realm = options.Realm.Length > 0 ? options.Realm : _primaryDomain ?? _advertisedHost;
        WarningAgent = Bracketed(_advertisedHost);
        ServiceIdentity = $"sip:{_serviceUsers[0]}@{_primaryDomain ?? Bracketed(_advertisedHost)}";
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
    public SipUri SessionUri(string callId, Flow? flow)
    {
        var transport = flow?.Transport switch { Transport.Tcp => SipTransport.Tcp, Transport.Tls => SipTransport.Tls, _ => SipTransport.Udp };
        var (host, port) = HostAndPort(transport);
        var uri = SipUri.Create(McpttIds.SessionUser(callId), host, port);
        return (transport == SipTransport.Udp ? uri : uri.With("transport", transport.ViaName().ToLowerInvariant())).With("gr", callId);
    }

    /// <summary>The Contact of the server outside of calls, for instance in a 200 to SUBSCRIBE.</summary>
    public SipUri ServiceUri(Flow? flow)
    {
        var transport = flow?.Transport switch { Transport.Tcp => SipTransport.Tcp, Transport.Tls => SipTransport.Tls, _ => SipTransport.Udp };
        var (host, port) = HostAndPort(transport);
        var uri = SipUri.Create(_serviceUsers[0], host, port);
        return transport == SipTransport.Udp ? uri : uri.With("transport", transport.ViaName().ToLowerInvariant());
    }

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
    public bool IsOwnVia(Via via) =>
        Enum.GetValues<SipTransport>().Any(transport =>
            via.Transport == transport.ViaName() && _bound.ContainsKey(transport) && HostAndPort(transport) is var (host, port)
            && via.Host.Equals(host, StringComparison.OrdinalIgnoreCase) && via.Port == port);

    public (string Host, int Port) HostAndPort(SipTransport transport)
    {
        var endpoint = _bound.TryGetValue(transport, out var own) ? own : _bound.Values.FirstOrDefault();
        return (Bracketed(_advertisedHost), endpoint?.Port ?? 5060);
    }

    // A wildcard address reaches nobody; a server on one machine without configuration is a lab.
    private static string DefaultHost(IReadOnlyDictionary<SipTransport, IPEndPoint> bound)
    {
        var address = bound.Values.FirstOrDefault()?.Address;
        return address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : address.ToString();
    }

    private static string Bracketed(string host) => host.Contains(':') && host[0] != '[' ? $"[{host}]" : host;
}
