using System.Net;
using Mcptt.Api;

namespace Mcptt.Host.Configuration;

/// <summary>Everything that can be configured, with its defaults. Each value has its key in <see cref="ConfigurationKeys"/>.</summary>
internal sealed record ServerOptions
{
    public const string DefaultJournalFile = "journal.db";

    // Stable by default: bindings in the journal name the node that their phones came by.
    public string NodeName { get; init; } = "node1";

    public IReadOnlyList<string> Roles { get; init; } = RoleNames.All;

    public string Engine { get; init; } = EngineNames.Local;

    public ClusterSettings Cluster { get; init; } = new();

    public AkkaSettings Akka { get; init; } = new();

    public string DataFolder { get; init; } = "./mcptt-data";

    public string Journal { get; init; } = "";

    public string JournalPassword { get; init; } = "";

    public string JournalPasswordFile { get; init; } = "";

    public string Migrate { get; init; } = MigrateNames.Auto;

    public string LogLevel { get; init; } = LogNames.DefaultLevel;

    public string LogFormat { get; init; } = LogNames.Text;

    public bool IsEdge => Roles.Contains(RoleNames.Edge);

    public bool HasActors => Roles.Contains(RoleNames.Actors);

    public bool HasMedia => Roles.Contains(RoleNames.Media);

    public SipOptions Sip { get; init; } = new();

    public FloorSettings Floor { get; init; } = new();

    public MediaSettings Media { get; init; } = new();

    public RecordingSettings Recording { get; init; } = new();

    public ApiSettings Api { get; init; } = new();

    public Limits Limits { get; init; } = new();

    public RetentionSettings Retention { get; init; } = new();

    public string ArchiveFolder => Retention.ArchiveFolder.Length > 0 ? Retention.ArchiveFolder : Path.Combine(DataFolder, RetentionSettings.DefaultFolder);

    public string RecordingFolder => Recording.Folder.Length > 0 ? Recording.Folder : Path.Combine(DataFolder, RecordingSettings.DefaultFolder);

    public AuditSettings Audit { get; init; } = new();

    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>A path or a PostgreSQL address; <see cref="Composition.JournalLocation"/> knows which.</summary>
    public string JournalPath => Journal.Length > 0 ? Journal : Path.Combine(DataFolder, DefaultJournalFile);
}

internal sealed record SipOptions
{
    public IReadOnlyList<SipListener> Listeners { get; init; } =
        [new("udp", new IPEndPoint(IPAddress.Any, SipListener.DefaultPort)), new("tcp", new IPEndPoint(IPAddress.Any, SipListener.DefaultPort))];

    public string AdvertisedAddress { get; init; } = "";

    public string Realm { get; init; } = "mcptt";

    public IReadOnlyList<string> Domains { get; init; } = [];

    public bool Open { get; init; }

    public IReadOnlyList<string> DigestAlgorithms { get; init; } = ["SHA-256", "MD5"];

    public IReadOnlyList<Upstream> Upstreams { get; init; } = [];

    public TimeSpan MinRegistration { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan DefaultRegistration { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan MaxRegistration { get; init; } = TimeSpan.FromHours(24);

    public int MaxAuthenticationFailuresPerMinute { get; init; } = 20;

    public int MaxConnections { get; init; } = 10_000;

    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    public string EmergencyPriority { get; init; } = "mcpttp.15";

    public string ImminentPerilPriority { get; init; } = "mcpttp.14";

    public string NormalPriority { get; init; } = "";
}

/// <summary>A SIP peer whose word counts: it may assert identities.</summary>
internal sealed record Upstream(string Name, IReadOnlyList<IPAddress> Addresses, bool Trusted);

/// <summary>Timers and counters of the floor control server where a group's document says nothing (TS 24.380 11.1.3, 11.2.3).</summary>
internal sealed record FloorSettings
{
    public TimeSpan T1 { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan T3 { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Zero: Floor Idle is not repeated.</summary>
    public TimeSpan T7 { get; init; }

    public TimeSpan T8 { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan T11 { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan T12 { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan T20 { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>0: a request waits in the queue until it is served or withdrawn.</summary>
    public TimeSpan MaxQueueTime { get; init; } = TimeSpan.Zero;

    public uint C7 { get; init; } = 10;

    public uint C20 { get; init; } = 3;

    public uint Release { get; init; } = 18;
}

internal sealed record MediaSettings
{
    public const string Direct = "direct";
    public const string AkkaStreams = "akka-streams";

    public static IReadOnlyList<string> Pipelines { get; } = [Direct, AkkaStreams];

    public string Pipeline { get; init; } = Direct;

    public string Address { get; init; } = "";

    public int FirstPort { get; init; } = 20_000;

    public int LastPort { get; init; } = 29_999;
}

internal sealed record RecordingSettings
{
    public const string DefaultFolder = "recordings";
    public const string Stop = "stop";
    public const string Oldest = "oldest";

    public static IReadOnlyList<string> WhenFull { get; } = [Stop, Oldest];

    public string Folder { get; init; } = "";

    public string DiskFull { get; init; } = Stop;

    public long MinFreeMegabytes { get; init; } = 512;

    public long MaxBytesPerBurst { get; init; } = 256L * 1024 * 1024;

    public TimeSpan MaxBurst { get; init; } = TimeSpan.FromHours(4);

    public int QueuePackets { get; init; } = 8192;

    public int RetentionDays { get; init; }
}

internal sealed record ApiSettings
{
    public const int DefaultPort = 7060;

    public IPEndPoint Listener { get; init; } = new(IPAddress.Loopback, DefaultPort);

    public string Token { get; init; } = "";

    public IReadOnlyList<ApiToken> Tokens { get; init; } = [];

    public int MaxAuditReadings { get; init; } = 4;

    public bool MetricsOpen { get; init; }

    /// <summary>By which this program itself provisions at start; empty: none has the role.</summary>
    public string OperatorToken => Token.Length > 0 ? Token : Tokens.FirstOrDefault(token => token.Roles.Contains(ApiRoles.Operator))?.Token ?? "";

    public bool HasTokens => Token.Length > 0 || Tokens.Count > 0;

    public long MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    public int MaxConnections { get; init; } = 256;
}

internal sealed record Limits
{
    public int LoadedActors { get; init; } = 200_000;

    public TimeSpan ActorIdle { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);
}

internal static class RoleNames
{
    public const string Edge = "edge";
    public const string Actors = "actors";
    public const string Media = "media";

    public static IReadOnlyList<string> All { get; } = [Edge, Actors, Media];
}

internal static class LogNames
{
    public const string DefaultLevel = "information";
    public const string Text = "text";
    public const string Json = "json";

    public static IReadOnlyList<string> Levels { get; } = ["trace", "debug", DefaultLevel, "warning", "error", "critical"];

    public static IReadOnlyList<string> Formats { get; } = [Text, Json];
}
