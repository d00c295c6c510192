using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>Looks at the tables of a PostgreSQL journal, makes them and brings them up to date.</summary>
public sealed class PostgresTables : IJournalTables
{
    private const string Kind = "PostgreSQL";

    // Key of the lock under which tables are changed: "mcptjrnl".
    private const long MigrationLock = 0x6D6370746A726E6C;

    // TABLES: is there anything of ours, of what name it may be; then which version.
    private const string Find = "SELECT to_regclass('journal_schema') IS NOT NULL, to_regclass('journal') IS NOT NULL, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()";

    private const string Ledger = """
        CREATE TABLE IF NOT EXISTS journal_schema (
          version INTEGER PRIMARY KEY,
          what TEXT NOT NULL,
          applied TIMESTAMPTZ NOT NULL DEFAULT now(),
          applied_by TEXT NOT NULL DEFAULT current_user)
        """;

    // Counting every row of a large journal takes minutes; the planner's own figure is near enough, and exact while the journal is small.
    private const long ExactBelow = 1_000_000;

    private const string Estimate = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'journal'::regclass";

    private readonly PostgresJournalOptions _options;
    private readonly IReadOnlyList<JournalMigration> _migrations;

    public PostgresTables(PostgresJournalOptions options)
        : this(options, PostgresMigrations.All)
    {
    }

    internal PostgresTables(PostgresJournalOptions options, IReadOnlyList<JournalMigration> migrations)
    {
        _options = options;
        _migrations = migrations;
    }

    private int Newest => _migrations[^1].Version;

    public ValueTask<JournalStatus> ReadStatusAsync(CancellationToken cancellationToken) =>
        WithConnectionAsync(
            async connection =>
            {
                var version = await ReadVersionAsync(connection, cancellationToken);
                var status = new JournalStatus(_options.Name, await DescribeAsync(connection, cancellationToken), version, Newest, [.. _migrations.Where(step => step.Version > version)]);
                return version == 0 ? status : await CountAsync(connection, status, cancellationToken);
            },
            cancellationToken);

    public ValueTask<IReadOnlyList<JournalMigration>> ReadPendingAsync(CancellationToken cancellationToken) =>
        WithConnectionAsync<IReadOnlyList<JournalMigration>>(
            async connection =>
            {
                var version = await ReadVersionAsync(connection, cancellationToken);
                return [.. _migrations.Where(step => step.Version > version)];
            },
            cancellationToken);

    public ValueTask<IReadOnlyList<JournalMigration>> MigrateAsync(CancellationToken cancellationToken) =>
        WithConnectionAsync(connection => MigrateAsync(connection, cancellationToken), cancellationToken);

    /// <summary>Makes missing tables where that is allowed; else throws with what to run.</summary>
    internal async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        var version = await WithConnectionAsync(connection => ReadVersionAsync(connection, cancellationToken), cancellationToken);
        if (version == Newest)
        {
            return;
        }

        if (!_options.MayMigrate)
        {
            throw new JournalOpenException(
                version == 0
                    ? $"journal {_options.Name}: the database has no journal yet; make its tables with \"mcptt journal migrate\", or let the server do it with data.migrate=true"
                    : $"journal {_options.Name}: its tables are of version {version}, this program needs {Newest}; run \"mcptt journal migrate\", or let the server do it with data.migrate=true");
        }

        await MigrateAsync(cancellationToken);
    }

    private async ValueTask<IReadOnlyList<JournalMigration>> MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken);
        var version = await ReadVersionAsync(connection, cancellationToken);
        List<JournalMigration> missing = [.. _migrations.Where(step => step.Version > version)];
        if (missing.Count > 0)
        {
            await ExecuteAsync(connection, Ledger, cancellationToken);
        }

        foreach (var step in missing)
        {
            await ExecuteAsync(connection, step.Script, cancellationToken);
            await using var entry = new NpgsqlCommand("INSERT INTO journal_schema (version, what) VALUES ($1, $2)", connection)
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = step.Version }, new NpgsqlParameter<string> { TypedValue = step.What } },
            };
            await entry.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing;
    }

    /// <summary>0: there are no tables.</summary>
    private async ValueTask<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (isOurs, isThere) = await FindAsync(connection, cancellationToken);
        if (!isOurs)
        {
            return isThere
                ? throw new JournalOpenException(
                    $"journal {_options.Name}: there is a table \"journal\" that this program did not make; name another database, or another schema with \"Search Path\" in data.journal")
                : 0;
        }

        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM journal_schema", connection);
        var version = (int)(await command.ExecuteScalarAsync(cancellationToken) ?? 0);
        return version <= Newest
            ? version
            : throw new JournalOpenException($"journal {_options.Name}: its tables are of version {version}, this program knows up to {Newest}; run the newer program");
    }

    private async ValueTask<(bool IsOurs, bool IsThere)> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection);
        await using var found = await command.ExecuteReaderAsync(cancellationToken);
        await found.ReadAsync(cancellationToken);
        var encoding = found.GetString(2);
        return encoding == "UTF8"
            ? (found.GetBoolean(0), found.GetBoolean(1))
            : throw new JournalOpenException($"journal {_options.Name}: the database is encoded in {encoding}; create one with ENCODING 'UTF8'");
    }

    private static async ValueTask<string> DescribeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SHOW server_version", connection);
        return $"{Kind} {await command.ExecuteScalarAsync(cancellationToken)}";
    }

    private static async ValueTask<JournalStatus> CountAsync(NpgsqlConnection connection, JournalStatus status, CancellationToken cancellationToken)
    {
        await using var estimate = new NpgsqlCommand(Estimate, connection);
        var events = (long)(await estimate.ExecuteScalarAsync(cancellationToken) ?? 0L);
        var count = events < ExactBelow ? "SELECT count(*) FROM journal" : Estimate;
        await using var command = new NpgsqlCommand(
            $"""
            SELECT ({count}),
              (SELECT count(*) FROM live), (SELECT count(*) FROM snapshot),
              (SELECT sum(pg_total_relation_size(t::regclass))::bigint FROM unnest(ARRAY['journal', 'tags', 'snapshot', 'live']) t),
              (SELECT coalesce(max(ordering), 0) FROM journal),
              (SELECT created FROM journal ORDER BY ordering DESC LIMIT 1)
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return status with
        {
            Events = row.GetInt64(0),
            Live = row.GetInt64(1),
            Snapshots = row.GetInt64(2),
            Bytes = row.GetInt64(3),
            LastOrdering = row.GetInt64(4),
            LastWritten = row.GetInt64(4) == 0 ? null : new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
        };
    }

    private async ValueTask<T> WithConnectionAsync<T>(Func<NpgsqlConnection, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = PostgresSources.ForMigration(_options);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
        catch (Exception failure) when (failure is NpgsqlException or ArgumentException or TimeoutException)
        {
            throw new JournalOpenException(PostgresFailure.Explain(_options, failure), failure);
        }
    }

    private static async ValueTask ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
