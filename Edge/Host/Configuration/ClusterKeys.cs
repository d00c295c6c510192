using System.Net;

namespace Mcptt.Host.Configuration;

/// <summary>Keys of what runs the actors, and of the nodes that do it together (ops/docs/cluster.md).</summary>
internal static class ClusterKeys
{
    private const long MostShards = 4096;
    private const decimal LeastLease = 0.5m;
    private const decimal MostLease = 60m;

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            new ConfigurationKey<string>(
                "engine.kind",
                "",
                "What runs the actors. local: this node alone. postgresql: all nodes of one PostgreSQL journal together. akka: the same, placed by an Akka.NET cluster, where that is built in (ops/docs/akka.md).",
                new ChoiceKind(EngineNames.All),
                options => options.Engine,
                (options, value) => options with { Engine = value }
            ),
            Key(
                "cluster.listener",
                "Where the other nodes reach this one. Port 0 takes a free one.",
                new ParsedKind<IPEndPoint>("ADDRESS:PORT", EndPoints.Parse, "write ADDRESS:PORT, for instance \"10.0.0.1:7070\""),
                cluster => cluster.Listener,
                (cluster, value) => cluster with { Listener = value }
            ),
            Key(
                "cluster.advertisedAddress",
                "Host name or address, without port, that the other nodes are told. Empty: that of cluster.listener.",
                new TextKind("host name or address", text => text.Length == 0 || Uri.CheckHostName(text) != UriHostNameType.Unknown, "write a host name or an IP address without port and brackets"),
                cluster => cluster.AdvertisedAddress,
                (cluster, value) => cluster with { AdvertisedAddress = value }
            ),
            Key(
                "cluster.shards",
                "Parts into which the actors are divided, many more than there will ever be nodes. Decided by the first start on a database; all nodes say the same.",
                new NumberKind(1, MostShards),
                cluster => cluster.Shards,
                (cluster, value) => cluster with { Shards = (int)value }
            ),
            Key(
                "cluster.site",
                "Where this node stands, a label of your own; voice of a call is placed near its callers by it.",
                new TextKind("letters, digits, - and _", text => text.Length <= 63 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'), "write up to 63 letters, digits, - or _"),
                cluster => cluster.Site,
                (cluster, value) => cluster with { Site = value }
            ),
            new ConfigurationKey<TimeSpan>(
                "cluster.leaseSeconds",
                "seconds",
                "A node that the database has not heard for so long has lost its shards. It is for frozen and cut-off nodes: a killed one is noticed at once. The same on all nodes.",
                new SecondsKind(LeastLease, MostLease),
                options => options.Cluster.LeaseTime,
                (options, value) => options with { Cluster = options.Cluster with { LeaseTime = value } }
            ),
            Path("cluster.certificate", "This node's certificate in PEM (\"mcptt certs issue\"); nodes know each other by them. Read again when it changes.", cluster => cluster.Certificate, (cluster, value) => cluster with { Certificate = value }),
            Path("cluster.certificateKey", "Its private key.", cluster => cluster.CertificateKey, (cluster, value) => cluster with { CertificateKey = value }),
            Path("cluster.authority", "Certificate of the authority that all nodes have theirs from (\"mcptt certs init\").", cluster => cluster.Authority, (cluster, value) => cluster with { Authority = value }),
            Key(
                "cluster.insecure",
                "Other nodes are believed without certificates, also from elsewhere than this machine. Only where nobody else can reach cluster.listener.",
                new FlagKind(),
                cluster => cluster.Insecure,
                (cluster, value) => cluster with { Insecure = value }
            ),
        ];

    private static ConfigurationKey<string> Path(string name, string meaning, Func<ClusterSettings, string> get, Func<ClusterSettings, string, ClusterSettings> set) =>
        Key(name, meaning, new TextKind("path"), get, set);

    private static ConfigurationKey<T> Key<T>(string name, string meaning, ValueKind<T> kind, Func<ClusterSettings, T> get, Func<ClusterSettings, T, ClusterSettings> set) =>
        new(name, "", meaning, kind, options => get(options.Cluster), (options, value) => options with { Cluster = set(options.Cluster, value) });
}

internal static class EngineNames
{
    public const string Local = "local";
    public const string Postgresql = "postgresql";

    public const string Akka = "akka";

    public static IReadOnlyList<string> All { get; } = [Local, Postgresql, Akka];
}

internal sealed record ClusterSettings
{
    public const int DefaultPort = 7070;

    public IPEndPoint Listener { get; init; } = new(IPAddress.Loopback, DefaultPort);

    public string AdvertisedAddress { get; init; } = "";

    public int Shards { get; init; } = 64;

    public string Site { get; init; } = "";

    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(3);

    public string Certificate { get; init; } = "";

    public string CertificateKey { get; init; } = "";

    public string Authority { get; init; } = "";

    public bool Insecure { get; init; }

    public bool HasCertificates => Certificate.Length > 0;
}
