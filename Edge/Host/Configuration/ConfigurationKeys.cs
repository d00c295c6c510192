using System.Net;
using Mcptt.Api;

namespace Mcptt.Host.Configuration;

/// <summary>The one table of what can be configured. ops/docs/configuration.md shows it and is tested against it.</summary>
internal static class ConfigurationKeys
{
    private const string Seconds = "seconds";
    private const string Bytes = "bytes";

    // Wider than any site needs, narrow enough that a slip of a unit is found.
    private const decimal HourSeconds = 3600m;

    public static IReadOnlyList<ConfigurationKey> All { get; } = [.. Node(), .. Sip(), .. SipLimits(), .. SipTimers(), .. ResourcePriorityKeys.All, .. FloorKeys.All, .. Media(), .. RecordingKeys.All, .. RetentionKeys.All, .. Api(), .. Bounds(), .. AuditKeys.All, .. TelemetryKeys.All];

    public static ConfigurationKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);

    private static IEnumerable<ConfigurationKey> Node() =>
        [
            new ConfigurationKey<string>(
                "node.name",
                "",
                "Name of this node. Bindings in the journal name it: keep it the same over restarts.",
                new TextKind("letters, digits, - and _", text => text.Length is > 0 and <= 63 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'), "write 1 to 63 letters, digits, - or _"),
                options => options.NodeName,
                (options, value) => options with { NodeName = value }
            ),
            new ConfigurationKey<IReadOnlyList<string>>(
                "node.roles",
                "",
                "What this node does. edge: SIP. actors: users, groups, calls and floors. media: voice. With the local engine it must do all.",
                new ListKind<string>(new ChoiceKind(RoleNames.All), MayBeEmpty: false),
                options => options.Roles,
                (options, value) => options with { Roles = value }
            ),
            .. ClusterKeys.All,
            .. AkkaKeys.All,
            .. DataKeys.All,
            new ConfigurationKey<string>(
                "log.level",
                "",
                "Least severity that is logged to stderr.",
                new ChoiceKind(LogNames.Levels),
                options => options.LogLevel,
                (options, value) => options with { LogLevel = value }
            ),
            new ConfigurationKey<string>(
                "log.format",
                "",
                "One line of text or one JSON object per entry.",
                new ChoiceKind(LogNames.Formats),
                options => options.LogFormat,
                (options, value) => options with { LogFormat = value }
            ),
        ];

    private static IEnumerable<ConfigurationKey> Sip() =>
        [
            new ConfigurationKey<IReadOnlyList<SipListener>>(
                "sip.listeners",
                "",
                "Where SIP is taken. Port 0 takes a free one.",
                new ListKind<SipListener>(new ParsedKind<SipListener>("udp:ADDRESS:PORT or tcp:ADDRESS:PORT", SipListener.Parse, SipListener.Fix), MayBeEmpty: false),
                options => options.Sip.Listeners,
                (options, value) => options with { Sip = options.Sip with { Listeners = value } }
            ),
            new ConfigurationKey<string>(
                "sip.advertisedAddress",
                "",
                "Host name or address, without port, that our Contact and Via show. Empty: the address of the listener, or of the interface towards the peer when it listens on all.",
                new TextKind("host name or address", text => text.Length == 0 || Uri.CheckHostName(text) != UriHostNameType.Unknown, "write a host name or an IP address without port and brackets"),
                options => options.Sip.AdvertisedAddress,
                (options, value) => options with { Sip = options.Sip with { AdvertisedAddress = value } }
            ),
            new ConfigurationKey<string>(
                "sip.realm",
                "",
                "Realm of digest authentication. Stored passwords are bound to it: after a change all must be set again.",
                new TextKind("text without quotes", text => text.Length is > 0 and <= 255 && !text.Any(letter => letter is '"' or '\\' or ':' || char.IsControl(letter)), "write 1 to 255 characters without quotes, backslashes and colons"),
                options => options.Sip.Realm,
                (options, value) => options with { Sip = options.Sip with { Realm = value } }
            ),
            new ConfigurationKey<IReadOnlyList<string>>(
                "sip.domains",
                "",
                "Domains whose users and groups live here. Where a phone dials our address instead, the first one is meant. Empty: identities keep the host that phones use.",
                new ListKind<string>(new TextKind("host name", text => Uri.CheckHostName(text) != UriHostNameType.Unknown, "write a host name or an IP address")),
                options => options.Sip.Domains,
                (options, value) => options with { Sip = options.Sip with { Domains = value } }
            ),
            new ConfigurationKey<bool>(
                "sip.open",
                "",
                "For labs only: no credentials are asked for, and users become known by registering.",
                new FlagKind(),
                options => options.Sip.Open,
                (options, value) => options with { Sip = options.Sip with { Open = value } }
            ),
            new ConfigurationKey<IReadOnlyList<string>>(
                "sip.digestAlgorithms",
                "",
                "Offered in this order. MD5 is for phones that know nothing better; put it first for those that look only at the first challenge.",
                new ListKind<string>(new ChoiceKind(Mcptt.Api.DigestPassword.Algorithms), MayBeEmpty: false),
                options => options.Sip.DigestAlgorithms,
                (options, value) => options with { Sip = options.Sip with { DigestAlgorithms = value } }
            ),
            new ConfigurationKey<IReadOnlyList<Upstream>>(
                "sip.upstreams",
                "",
                "SIP peers such as the S-CSCF. A trusted one may assert identities and send third-party REGISTER.",
                new ListKind<Upstream>(new UpstreamKind()),
                options => options.Sip.Upstreams,
                (options, value) => options with { Sip = options.Sip with { Upstreams = value } }
            ),
        ];

    private static IEnumerable<ConfigurationKey> SipLimits() =>
        [
            new ConfigurationKey<TimeSpan>(
                "sip.minRegistrationSeconds",
                Seconds,
                "A registration that asks for less is answered 423 with Min-Expires.",
                new SecondsKind(1m, 7 * 24 * HourSeconds),
                options => options.Sip.MinRegistration,
                (options, value) => options with { Sip = options.Sip with { MinRegistration = value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "sip.defaultRegistrationSeconds",
                Seconds,
                "What a registration gets that asks for nothing.",
                new SecondsKind(1m, 7 * 24 * HourSeconds),
                options => options.Sip.DefaultRegistration,
                (options, value) => options with { Sip = options.Sip with { DefaultRegistration = value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "sip.maxRegistrationSeconds",
                Seconds,
                "What a registration gets that asks for more.",
                new SecondsKind(1m, 7 * 24 * HourSeconds),
                options => options.Sip.MaxRegistration,
                (options, value) => options with { Sip = options.Sip with { MaxRegistration = value } }
            ),
            new ConfigurationKey<long>(
                "sip.maxAuthenticationFailuresPerMinute",
                "",
                "Wrong credentials from one address within a minute before it is refused with 403.",
                new NumberKind(1, 1_000_000),
                options => options.Sip.MaxAuthenticationFailuresPerMinute,
                (options, value) => options with { Sip = options.Sip with { MaxAuthenticationFailuresPerMinute = (int)value } }
            ),
            new ConfigurationKey<long>(
                "sip.maxConnections",
                "",
                "TCP connections; a further one is closed at once.",
                new NumberKind(1, 1_000_000),
                options => options.Sip.MaxConnections,
                (options, value) => options with { Sip = options.Sip with { MaxConnections = (int)value } }
            ),
        ];

    private static IEnumerable<ConfigurationKey> SipTimers() =>
        [
            new ConfigurationKey<TimeSpan>(
                "sip.t1Seconds",
                Seconds,
                "T1 of RFC 3261: estimated round trip time; first retransmission.",
                new SecondsKind(0.05m, 10m),
                options => options.Sip.T1,
                (options, value) => options with { Sip = options.Sip with { T1 = value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "sip.t2Seconds",
                Seconds,
                "T2 of RFC 3261: longest interval between retransmissions.",
                new SecondsKind(0.1m, 60m),
                options => options.Sip.T2,
                (options, value) => options with { Sip = options.Sip with { T2 = value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "sip.t4Seconds",
                Seconds,
                "T4 of RFC 3261: longest time that a message stays in the network.",
                new SecondsKind(0.1m, 60m),
                options => options.Sip.T4,
                (options, value) => options with { Sip = options.Sip with { T4 = value } }
            ),
        ];

    private static IEnumerable<ConfigurationKey> Media() =>
        [
            new ConfigurationKey<string>(
                "media.address",
                "",
                "IP address that SDP shows for voice and floor control. Empty: that of SIP.",
                new TextKind("IP address", text => text.Length == 0 || (IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)), "write an IP address that phones can reach, not 0.0.0.0"),
                options => options.Media.Address,
                (options, value) => options with { Media = options.Media with { Address = value } }
            ),
            new ConfigurationKey<long>(
                "media.firstPort",
                "",
                "First UDP port for voice and floor control; even. 0, with media.lastPort 0: any free port.",
                new NumberKind(0, 65_534),
                options => options.Media.FirstPort,
                (options, value) => options with { Media = options.Media with { FirstPort = (int)value } }
            ),
            new ConfigurationKey<long>(
                "media.lastPort",
                "",
                "Last of them. Each call takes two.",
                new NumberKind(0, 65_535),
                options => options.Media.LastPort,
                (options, value) => options with { Media = options.Media with { LastPort = (int)value } }
            ),
            new ConfigurationKey<string>(
                "media.pipeline",
                "",
                "How received voice gets to the forwarding. direct: at once, which costs least. akka-streams: through a graph of Akka.Streams, where that is built in (ops/docs/akka.md).",
                new ChoiceKind(MediaSettings.Pipelines),
                options => options.Media.Pipeline,
                (options, value) => options with { Media = options.Media with { Pipeline = value } }
            ),
        ];

    private static IEnumerable<ConfigurationKey> Api() =>
        [
            new ConfigurationKey<IPEndPoint>(
                "api.listener",
                "",
                "Where the HTTP API is served. Port 0 takes a free one.",
                new ParsedKind<IPEndPoint>("ADDRESS:PORT", EndPoints.Parse, "write ADDRESS:PORT, for instance \"127.0.0.1:7060\""),
                options => options.Api.Listener,
                (options, value) => options with { Api = options.Api with { Listener = value } }
            ),
            new ConfigurationKey<string>(
                "api.token",
                "",
                "Bearer token of the operator. Needed, here or in api.tokens, when the API is served elsewhere than on loopback.",
                new TextKind("text", text => text.Length == 0 || ApiTokenKind.IsToken(text), "write at least 16 visible ASCII characters"),
                options => options.Api.Token,
                (options, value) => options with { Api = options.Api with { Token = value } }
            )
            {
                IsSecret = true,
            },
            new ConfigurationKey<IReadOnlyList<ApiToken>>(
                "api.tokens",
                "",
                "Further tokens, each with its roles: operator provisions, looks at calls and releases them; auditor reads the journal below /v1/audit and nothing else; monitor looks at /metrics, nodes, shards and events.",
                new ListKind<ApiToken>(new ApiTokenKind()),
                options => options.Api.Tokens,
                (options, value) => options with { Api = options.Api with { Tokens = value } }
            )
            {
                IsSecret = true,
            },
            new ConfigurationKey<bool>(
                "api.metricsOpen",
                "",
                "Whoever reaches the API may read /metrics without a token.",
                new FlagKind(),
                options => options.Api.MetricsOpen,
                (options, value) => options with { Api = options.Api with { MetricsOpen = value } }
            ),
            new ConfigurationKey<long>(
                "api.maxAuditReadings",
                "",
                "Audit answers that are read from the journal at once; a further one is refused with 503.",
                new NumberKind(1, 64),
                options => options.Api.MaxAuditReadings,
                (options, value) => options with { Api = options.Api with { MaxAuditReadings = (int)value } }
            ),
            new ConfigurationKey<long>(
                "api.maxRequestBytes",
                Bytes,
                "A larger request is refused with 413.",
                new NumberKind(1024, 256 * 1024 * 1024),
                options => options.Api.MaxRequestBytes,
                (options, value) => options with { Api = options.Api with { MaxRequestBytes = value } }
            ),
            new ConfigurationKey<long>(
                "api.maxConnections",
                "",
                "Connections beyond this are closed at once.",
                new NumberKind(1, 65_535),
                options => options.Api.MaxConnections,
                (options, value) => options with { Api = options.Api with { MaxConnections = (int)value } }
            ),
        ];

    private static IEnumerable<ConfigurationKey> Bounds() =>
        [
            new ConfigurationKey<long>(
                "limits.loadedActors",
                "",
                "Actors in memory at once. At the limit a command for another one is answered 503.",
                new NumberKind(100, 100_000_000),
                options => options.Limits.LoadedActors,
                (options, value) => options with { Limits = options.Limits with { LoadedActors = (int)value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "limits.actorIdleSeconds",
                Seconds,
                "An actor without work for so long leaves the memory; its history stays.",
                new SecondsKind(1m, 24 * HourSeconds),
                options => options.Limits.ActorIdle,
                (options, value) => options with { Limits = options.Limits with { ActorIdle = value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "limits.commandDeadlineSeconds",
                Seconds,
                "A command without a reply by then is answered as unavailable.",
                new SecondsKind(0.1m, 60m),
                options => options.Limits.CommandDeadline,
                (options, value) => options with { Limits = options.Limits with { CommandDeadline = value } }
            ),
            new ConfigurationKey<TimeSpan>(
                "limits.drainSeconds",
                Seconds,
                "How long a stop waits for what is under way.",
                new SecondsKind(0m, HourSeconds),
                options => options.Limits.Drain,
                (options, value) => options with { Limits = options.Limits with { Drain = value } }
            ),
        ];
}
