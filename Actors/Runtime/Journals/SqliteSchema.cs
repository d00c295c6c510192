using SQLitePCL;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Looks at the tables of a SQLite journal, makes them and brings them up to date. Their version stands in `PRAGMA user_version`, and `PRAGMA application_id` keeps us
/// out of other programs' files.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>"mcpt".</summary>
    private const int ApplicationId = 0x6D637074;

    /// <summary>More than programs that would make the same tables at once.</summary>
    private const int LogAttempts = 100;

    /// <summary>Opens the file, makes the tables in an empty one, brings older ones up to date where that is allowed, and refuses what is not ours or newer than we are.</summary>
    public static void Ensure(SqliteJournalOptions options) =>
        With(
            options,
            create: true,
            database =>
            {
                var version = ReadVersion(database, options.Path, SqliteMigrations.All);
                if (version > 0 && version < SqliteMigrations.All[^1].Version && !options.MayMigrate)
                {
                    throw new JournalOpenException(
                        $"journal {options.Path}: its tables are of version {version}, this program needs {SqliteMigrations.All[^1].Version}; run \"mcptt journal migrate\", or let the server do it with data.migrate=true");
                }

                return Migrate(database, options.Path, SqliteMigrations.All);
            });

    /// <summary>Opens the file to write for as long as it is used; what goes wrong is told with what to do.</summary>
    public static T With<T>(SqliteJournalOptions options, bool create, Func<SqliteDatabase, T> use)
    {
        try
        {
            if (create && Path.GetDirectoryName(Path.GetFullPath(options.Path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            using var database = SqliteDatabase.Open(options.Path, create);
            database.Execute($"PRAGMA busy_timeout={(int)options.BusyTimeout.TotalMilliseconds}");
            return database.IsReadOnly ? throw new JournalOpenException($"journal {options.Path}: may not be written; check who owns it") : use(database);
        }
        catch (SqliteFailureException failure)
        {
            throw new JournalOpenException(Explain(options.Path, failure), failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalOpenException($"journal {options.Path}: {failure.Message}", failure);
        }
    }

    /// <summary>Applies what is missing, all of it or nothing; of two programs that do it at once the second finds it done.</summary>
    public static List<JournalMigration> Migrate(SqliteDatabase database, string path, IReadOnlyList<JournalMigration> migrations)
    {
        if (ReadVersion(database, path, migrations) == migrations[^1].Version)
        {
            return [];
        }

        UseLog(database);
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            var version = ReadVersion(database, path, migrations);
            List<JournalMigration> missing = [.. migrations.Where(step => step.Version > version)];
            missing.ForEach(step => database.Execute(step.Script));
            database.Execute($"PRAGMA application_id={ApplicationId}");
            database.Execute($"PRAGMA user_version={migrations[^1].Version}");
            database.Execute("COMMIT");
            return missing;
        }
        catch
        {
            database.TryExecute("ROLLBACK");
            throw;
        }
    }

    // Whoever changes the journal mode needs the file alone, and SQLite says "busy" at once where two want that: busy_timeout does not count there.
    // It does for a transaction, so one that does nothing waits for the other. Where the mode is changed the same words only read.
    private static void UseLog(SqliteDatabase database)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                database.Execute("PRAGMA journal_mode=WAL");
                return;
            }
            catch (SqliteFailureException failure) when (failure.Code is raw.SQLITE_BUSY && attempt < LogAttempts)
            {
                database.Execute("BEGIN IMMEDIATE; COMMIT");
            }
        }
    }

    /// <summary>0: the file is empty. Throws when it is another program's or newer than this one.</summary>
    public static int ReadVersion(SqliteDatabase database, string path, IReadOnlyList<JournalMigration> migrations)
    {
        // In one statement, and so of one moment: another program may just be making the tables.
        using var look = database.Prepare("SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version, pragma_application_id");
        look.Step();
        var (version, application) = (look.Number(0), look.Number(1));
        if (version == 0 && application == 0 && look.Number(2) == 0)
        {
            return 0;
        }

        if (application != ApplicationId)
        {
            throw new JournalOpenException($"journal {path}: this SQLite file belongs to another program; name another path");
        }

        return version <= migrations[^1].Version
            ? (int)version
            : throw new JournalOpenException($"journal {path}: its tables are of version {version}, this program knows up to {migrations[^1].Version}; run the newer program");
    }

    /// <summary>Throws <see cref="JournalOpenException"/> when there is no journal that this program can read.</summary>
    public static void CheckToRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new JournalOpenException($"journal {path}: there is no such file; name the journal with --journal or data.journal");
        }

        try
        {
            using var database = SqliteFileStamp.Of(path).OpenReadOnly(path);
            if (ReadVersion(database, path, SqliteMigrations.All) == 0)
            {
                throw new JournalOpenException($"journal {path}: there is no journal in this file; name another path");
            }
        }
        catch (SqliteFailureException failure)
        {
            throw new JournalOpenException(Explain(path, failure), failure);
        }
    }

    private static string Explain(string path, SqliteFailureException failure) =>
        failure.Code switch
        {
            raw.SQLITE_CANTOPEN => $"journal {path}: cannot be opened; check the folder and who may write to it ({failure.Message})",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"journal {path}: another process holds it; stop that one or name another path ({failure.Message})",
            raw.SQLITE_NOTADB => $"journal {path}: this is not a SQLite file; name another path ({failure.Message})",
            raw.SQLITE_CORRUPT => $"journal {path}: the file is damaged; restore it from a backup ({failure.Message})",
            raw.SQLITE_READONLY => $"journal {path}: may not be written; check who owns it ({failure.Message})",
            raw.SQLITE_FULL => $"journal {path}: the disk is full ({failure.Message})",
            _ => $"journal {path}: {failure.Message}",
        };
}
