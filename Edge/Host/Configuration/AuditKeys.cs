using Mcptt.Actors.Audit;

namespace Mcptt.Host.Configuration;

/// <summary>Keys of what an auditor relies on: ops/docs/audit.md.</summary>
internal static class AuditKeys
{
    private const decimal LeastSeconds = 1m;
    private const decimal DaySeconds = 86_400m;

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            Path("audit.sealKey", "Private key that seals are signed with (\"mcptt audit keygen\"). Empty: the journal is not sealed.", audit => audit.SealKey, (audit, value) => audit with { SealKey = value }),
            Path("audit.sealKeyPasswordFile", "File whose first line is the password of that key, where it has one.", audit => audit.SealKeyPasswordFile, (audit, value) => audit with { SealKeyPasswordFile = value }),
            new ConfigurationKey<TimeSpan>(
                "audit.sealEverySeconds",
                "seconds",
                "A seal is made when events wait and the last one is so old.",
                new SecondsKind(LeastSeconds, DaySeconds),
                options => options.Audit.SealEvery,
                (options, value) => options with { Audit = options.Audit with { SealEvery = value } }
            ),
            new ConfigurationKey<long>(
                "audit.sealEveryEvents",
                "",
                "A seal is made when so many events wait, and covers as many at most.",
                new NumberKind(1, SealLimits.Rows),
                options => options.Audit.SealEveryEvents,
                (options, value) => options with { Audit = options.Audit with { SealEveryEvents = (int)value } }
            ),
            Path("audit.sealReceipts", "File outside the database to which one line per seal is added. Empty: none.", audit => audit.SealReceipts, (audit, value) => audit with { SealReceipts = value }),
        ];

    private static ConfigurationKey<string> Path(string name, string meaning, Func<AuditSettings, string> get, Func<AuditSettings, string, AuditSettings> set) =>
        new(name, "", meaning, new TextKind("path"), options => get(options.Audit), (options, value) => options with { Audit = set(options.Audit, value) });
}

internal sealed record AuditSettings
{
    public string SealKey { get; init; } = "";

    public string SealKeyPasswordFile { get; init; } = "";

    public TimeSpan SealEvery { get; init; } = TimeSpan.FromSeconds(60);

    public int SealEveryEvents { get; init; } = 10_000;

    public string SealReceipts { get; init; } = "";
}
