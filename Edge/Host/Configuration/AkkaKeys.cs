namespace Mcptt.Host.Configuration;

/// <summary>Keys of the Akka.NET engine (ops/docs/akka.md). Everything else of Akka.NET is said in its own language, in the file that akka.hocon names.</summary>
internal static class AkkaKeys
{
    private const long MostPorts = 65_535;

    private const string RoleForm = "letters, digits, - and _";

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            Key(
                "akka.host",
                "Host name or address by which the other nodes of the Akka cluster know this one; Akka.Remote listens there.",
                new TextKind("host name or address", text => Uri.CheckHostName(text) != UriHostNameType.Unknown, "write a host name or an IP address without port and brackets"),
                akka => akka.Host,
                (akka, value) => akka with { Host = value }
            ),
            Key("akka.port", "Port of Akka.Remote. 0 takes a free one.", new NumberKind(0, MostPorts), akka => akka.Port, (akka, value) => akka with { Port = (int)value }),
            Key(
                "akka.seedNodes",
                "Nodes by which a new one finds the cluster, the same list on all. The first of them, and it alone, begins a cluster when none of the others answers.",
                new ListKind<string>(new TextKind("HOST:PORT", AkkaSettings.IsSeedNode, "write HOST:PORT, for instance \"node1.example.org:7071\"")),
                akka => akka.SeedNodes,
                (akka, value) => akka with { SeedNodes = value }
            ),
            Key(
                "akka.system",
                "Name of the actor system, the same on all nodes: it is part of every address.",
                new TextKind(RoleForm, IsRole, "write letters, digits, - or _"),
                akka => akka.System,
                (akka, value) => akka with { System = value }
            ),
            Key(
                "akka.roles",
                "Further roles of this member of the cluster, for the site's own actors and tools.",
                new ListKind<string>(new TextKind(RoleForm, IsRole, "write letters, digits, - or _")),
                akka => akka.Roles,
                (akka, value) => akka with { Roles = value }
            ),
            Key(
                "akka.hocon",
                "File of further configuration of Akka.NET in HOCON; what it says goes before what the server says. Empty: none.",
                new TextKind("path"),
                akka => akka.Hocon,
                (akka, value) => akka with { Hocon = value }
            ),
        ];

    private static bool IsRole(string text) => text.Length is > 0 and <= 63 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static ConfigurationKey<T> Key<T>(string name, string meaning, ValueKind<T> kind, Func<AkkaSettings, T> get, Func<AkkaSettings, T, AkkaSettings> set) =>
        new(name, "", meaning, kind, options => get(options.Akka), (options, value) => options with { Akka = set(options.Akka, value) });
}

internal sealed record AkkaSettings
{
    public const int DefaultPort = 7071;

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = DefaultPort;

    public IReadOnlyList<string> SeedNodes { get; init; } = [];

    public string System { get; init; } = "mcptt";

    public IReadOnlyList<string> Roles { get; init; } = [];

    public string Hocon { get; init; } = "";

    public static bool IsSeedNode(string text) =>
        text.LastIndexOf(':') is var colon && colon > 0
        && Uri.CheckHostName(text[..colon].Trim('[', ']')) != UriHostNameType.Unknown
        && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0;
}
