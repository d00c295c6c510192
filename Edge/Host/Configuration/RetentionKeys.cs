using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mcptt.Host.Configuration;

/// <summary>Keys of what happens to calls that ended long ago (ops/docs/retention.md).</summary>
internal static class RetentionKeys
{
    private const long Century = 36_500;
    private const long WeekHours = 168;

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            new ConfigurationKey<string>(
                "audit.archiveFolder",
                "",
                "Folder of archives: calls move there from the journal, audit commands read them from there. Empty: archives in data.folder.",
                new TextKind("path"),
                options => options.Retention.ArchiveFolder,
                (options, value) => options with { Retention = options.Retention with { ArchiveFolder = value } }
            ),
            new ConfigurationKey<long>(
                "retention.archiveAfterDays",
                "days",
                "Calls whose last event is older move into archives. 0: the server moves none.",
                new NumberKind(0, Century),
                options => options.Retention.ArchiveAfterDays,
                (options, value) => options with { Retention = options.Retention with { ArchiveAfterDays = (int)value } }
            ),
            new ConfigurationKey<bool>(
                "retention.requireSeal",
                "",
                "Only calls of which every event is sealed move.",
                new FlagKind(),
                options => options.Retention.RequireSeal,
                (options, value) => options with { Retention = options.Retention with { RequireSeal = value } }
            ),
            new ConfigurationKey<TimeOnly>(
                "retention.at",
                "",
                "Time of the day, in UTC, at which the server archives; choose a quiet one.",
                new TimeOfDayKind(),
                options => options.Retention.At,
                (options, value) => options with { Retention = options.Retention with { At = value } }
            ),
            new ConfigurationKey<long>(
                "retention.everyHours",
                "hours",
                "How often, counted from that time.",
                new NumberKind(1, WeekHours),
                options => options.Retention.EveryHours,
                (options, value) => options with { Retention = options.Retention with { EveryHours = (int)value } }
            ),
        ];

    private sealed record TimeOfDayKind() : ValueKind<TimeOnly>("HH:MM")
    {
        private const string Format = "HH:mm";

        public override Reading<TimeOnly> Read(JsonElement element) =>
            element.ValueKind == JsonValueKind.String && TimeOnly.TryParseExact(element.GetString(), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? new(time)
                : Wrong($"{element.GetRawText()} is no time of the day", "write hours and minutes, for instance \"03:00\"");

        public override JsonNode? Write(TimeOnly value) => JsonValue.Create(value.ToString(Format, CultureInfo.InvariantCulture));
    }
}

internal sealed record RetentionSettings
{
    public const string DefaultFolder = "archives";

    public string ArchiveFolder { get; init; } = "";

    public int ArchiveAfterDays { get; init; }

    public bool RequireSeal { get; init; } = true;

    public TimeOnly At { get; init; } = new(3, 0);

    public int EveryHours { get; init; } = 24;
}
