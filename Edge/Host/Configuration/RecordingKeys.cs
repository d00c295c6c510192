namespace Mcptt.Host.Configuration;

/// <summary>Keys of the recorder (ops/docs/recording.md).</summary>
internal static class RecordingKeys
{
    private const decimal DaySeconds = 86_400m;

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            new ConfigurationKey<string>(
                "recording.folder",
                "",
                "Folder of the recordings of groups that are recorded. Empty: recordings in data.folder.",
                new TextKind("path"),
                options => options.Recording.Folder,
                (options, value) => options with { Recording = options.Recording with { Folder = value } }
            ),
            new ConfigurationKey<string>(
                "recording.diskFull",
                "",
                "At recording.minFreeMegabytes: stop recording until there is room, or delete the oldest recordings, each with an event.",
                new ChoiceKind(RecordingSettings.WhenFull),
                options => options.Recording.DiskFull,
                (options, value) => options with { Recording = options.Recording with { DiskFull = value } }
            ),
            Number("recording.minFreeMegabytes", "megabytes", "So much of the disk stays free: the journal beside the recordings goes on.", new NumberKind(0, 100_000_000), settings => settings.MinFreeMegabytes, (settings, value) => settings with { MinFreeMegabytes = value }),
            Number("recording.maxBytesPerBurst", "bytes", "A burst whose file would become longer is recorded no further.", new NumberKind(65_536, 1L << 40), settings => settings.MaxBytesPerBurst, (settings, value) => settings with { MaxBytesPerBurst = value }),
            new ConfigurationKey<TimeSpan>(
                "recording.maxBurstSeconds",
                "seconds",
                "A burst that lasts longer is recorded no further.",
                new SecondsKind(1m, 7 * DaySeconds),
                options => options.Recording.MaxBurst,
                (options, value) => options with { Recording = options.Recording with { MaxBurst = value } }
            ),
            Number("recording.queuePackets", "", "Packets between forwarding and the disk. When they are used up packets are forwarded and not recorded, and the call's history says so.", new NumberKind(64, 1_048_576), settings => settings.QueuePackets, (settings, value) => settings with { QueuePackets = (int)value }),
            Number("recording.retentionDays", "days", "Older recordings are deleted, each with an event; the journal keeps their hashes. 0: never.", new NumberKind(0, 36_500), settings => settings.RetentionDays, (settings, value) => settings with { RetentionDays = (int)value }),
        ];

    private static ConfigurationKey<long> Number(
        string name,
        string unit,
        string meaning,
        NumberKind kind,
        Func<RecordingSettings, long> get,
        Func<RecordingSettings, long, RecordingSettings> set
    ) => new(name, unit, meaning, kind, options => get(options.Recording), (options, value) => options with { Recording = set(options.Recording, value) });
}
