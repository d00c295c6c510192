namespace Mcptt.Actors.Journals;

/// <summary>Looks at the tables of a SQLite journal, makes them and brings them up to date.</summary>
public sealed class SqliteTables : IJournalTables
{
    private readonly SqliteJournalOptions _options;
    private readonly IReadOnlyList<JournalMigration> _migrations;

    public SqliteTables(SqliteJournalOptions options)
        : this(options, SqliteMigrations.All)
    {
    }

    internal SqliteTables(SqliteJournalOptions options, IReadOnlyList<JournalMigration> migrations)
    {
        _options = options;
        _migrations = migrations;
    }

    public ValueTask<JournalStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_options.Path))
        {
            throw new JournalOpenException($"journal {_options.Path}: there is no such file; name the journal with data.journal, or make it with \"mcptt journal migrate\"");
        }

        return new(SqliteSchema.With(_options, create: false, Status));
    }

    public ValueTask<IReadOnlyList<JournalMigration>> ReadPendingAsync(CancellationToken cancellationToken) =>
        new(File.Exists(_options.Path) ? SqliteSchema.With(_options, create: false, Status).Pending : _migrations);

    public ValueTask<IReadOnlyList<JournalMigration>> MigrateAsync(CancellationToken cancellationToken) =>
        new(SqliteSchema.With(_options, create: true, database => SqliteSchema.Migrate(database, _options.Path, _migrations)));

    private JournalStatus Status(SqliteDatabase database)
    {
        var version = SqliteSchema.ReadVersion(database, _options.Path, _migrations);
        var status = new JournalStatus(
            _options.Path, $"SQLite {database.Text("SELECT sqlite_version()")}", version, _migrations[^1].Version, [.. _migrations.Where(step => step.Version > version)]);
        return version == 0
            ? status
            : status with
            {
                Events = database.Number("SELECT count(*) FROM journal"),
                Live = database.Number("SELECT count(*) FROM live"),
                Snapshots = database.Number("SELECT count(*) FROM snapshot"),
                Bytes = Length(_options.Path) + Length(_options.Path + "-wal"),
                LastOrdering = database.Number("SELECT coalesce(max(ordering), 0) FROM journal"),
                LastWritten = database.Number("SELECT created FROM journal ORDER BY ordering DESC LIMIT 1") is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            };
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
