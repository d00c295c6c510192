namespace Mcptt.Host.Configuration;

/// <summary>Keys of what is kept, and where.</summary>
internal static class DataKeys
{
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            new ConfigurationKey<string>(
                "data.folder",
                "",
                "Folder of everything that is kept; made at start if missing.",
                new TextKind("path", text => text.Length > 0, "write a path"),
                options => options.DataFolder,
                (options, value) => options with { DataFolder = value }
            ),
            new ConfigurationKey<string>(
                "data.journal",
                "",
                "The journal: a SQLite file, or a PostgreSQL database (postgres://..., also with several hosts, or Host=...;Database=...). Empty: journal.db in data.folder.",
                new JournalKind(),
                options => options.Journal,
                (options, value) => options with { Journal = value }
            ),
            new ConfigurationKey<string>(
                "data.journalPassword",
                "",
                "Password of the journal's PostgreSQL role; better in a file or in the environment than in the configuration file.",
                new TextKind("text"),
                options => options.JournalPassword,
                (options, value) => options with { JournalPassword = value }
            )
            {
                IsSecret = true,
            },
            new ConfigurationKey<string>(
                "data.journalPasswordFile",
                "",
                "File whose first line is that password.",
                new TextKind("path"),
                options => options.JournalPasswordFile,
                (options, value) => options with { JournalPasswordFile = value }
            ),
            new ConfigurationKey<string>(
                "data.migrate",
                "",
                "Whether the server makes or changes the journal's tables itself when they are missing or older. auto: true for SQLite, false for PostgreSQL, where \"mcptt journal migrate\" does it.",
                new ChoiceKind(MigrateNames.All),
                options => options.Migrate,
                (options, value) => options with { Migrate = value }
            ),
        ];
}

internal static class MigrateNames
{
    public const string Auto = "auto";
    public const string Yes = "true";
    public const string No = "false";

    public static IReadOnlyList<string> All { get; } = [Auto, Yes, No];
}
