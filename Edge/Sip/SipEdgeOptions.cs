using System.Diagnostics.Metrics;
using System.Net;
using Mcptt.Edge.Transports;

namespace Mcptt.Edge;

/// <summary>What the SIP edge is told by configuration.</summary>
public sealed record SipEdgeOptions
{
    /// <summary>Makes the meters; null: of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>Name of this node: flows that came in here carry it.</summary>
    public string NodeName { get; init; } = "node1";

    public IReadOnlyList<SipListener> Listeners { get; init; } = [];

    /// <summary>Host that Contact and Via show; empty: the address of the listener.</summary>
    public string AdvertisedHost { get; init; } = "";

    /// <summary>Domains whose users and groups live here. The first one replaces our own address where a phone dials that.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>User part of our public service identities (PSI): a request to one of them names its target in the body.</summary>
    public IReadOnlyList<string> ServiceUsers { get; init; } = ["mcptt", "mcptt-server"];

    /// <summary>Realm of digest; empty: the first domain, or the advertised host.</summary>
    public string Realm { get; init; } = "";

    /// <summary>A lab: whoever registers is believed.</summary>
    public bool Open { get; init; }

    /// <summary>In the order in which they are offered (RFC 8760 2.4).</summary>
    public IReadOnlyList<string> DigestAlgorithms { get; init; } = ["SHA-256", "MD5"];

    public IReadOnlyList<SipUpstreamOptions> Upstreams { get; init; } = [];

    /// <summary>Wrong credentials from one address within a minute before it is refused.</summary>
    public int MaxAuthenticationFailuresPerMinute { get; init; } = 20;

    public TimeSpan MinRegistration { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan DefaultRegistration { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan MaxRegistration { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An INVITE that no actor has answered by then is refused with 504 and cancelled.</summary>
    public TimeSpan InviteDeadline { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>RFC 3261 17.1.1.1.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    public ResourcePriorities ResourcePriorities { get; init; } = new();

    /// <summary>What one message may cost; listeners and advertised host are taken from above.</summary>
    public SipTransportOptions Transport { get; init; } = new();
}

/// <summary>A SIP element that we know: a P-CSCF or S-CSCF, a proxy, a partner. A trusted one may assert identities and register for others.</summary>
public sealed record SipUpstreamOptions(string Name, IReadOnlyList<IPAddress> Addresses, bool Trusted);
