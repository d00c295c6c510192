using SQLitePCL;

namespace Mcptt.Actors.Journals;

/// <summary>
/// Tables of the SQLite journal. `journal`, `tags` and `snapshot` have the names and columns of Akka.Persistence.Sql's default mapping; `live` is ours.
/// The version stands in `PRAGMA user_version`, and `PRAGMA application_id` keeps us out of other programs' files.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>"mcpt".</summary>
    private const int ApplicationId = 0x6D637074;

    private const string Tables = """
        CREATE TABLE journal (
          ordering INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
          deleted BOOLEAN NOT NULL DEFAULT 0,
          persistence_id VARCHAR(255) NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          tags VARCHAR(100) NULL,
          message BLOB NOT NULL,
          identifier INTEGER NULL,
          manifest VARCHAR(500) NULL,
          writer_uuid VARCHAR(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE tags (
          ordering_id BIGINT NOT NULL,
          tag VARCHAR(256) NOT NULL,
          persistence_id VARCHAR(255) NOT NULL,
          sequence_nr BIGINT NOT NULL,
          PRIMARY KEY (tag, ordering_id)) WITHOUT ROWID;
        CREATE TABLE snapshot (
          persistence_id VARCHAR(255) NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          snapshot BLOB NOT NULL,
          manifest VARCHAR(500) NOT NULL,
          serializer_id INTEGER NULL,
          PRIMARY KEY (persistence_id, sequence_number)) WITHOUT ROWID;
        CREATE TABLE live (
          persistence_id VARCHAR(255) NOT NULL PRIMARY KEY,
          handed_over BIGINT NOT NULL,
          due_us BIGINT NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Opens the file, makes the tables in an empty one, and refuses what is not ours or newer than we are.</summary>
    public static void Ensure(SqliteJournalOptions options)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(options.Path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            using var database = SqliteDatabase.Open(options.Path, create: true);
            database.Execute($"PRAGMA busy_timeout={(int)options.BusyTimeout.TotalMilliseconds}");
            if (database.IsReadOnly)
            {
                throw new JournalOpenException($"journal {options.Path}: may not be written; check who owns it");
            }

            Ensure(database, options.Path);
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
            if (database.Number("SELECT count(*) FROM sqlite_schema") == 0)
            {
                throw new JournalOpenException($"journal {path}: there is no journal in this file; name another path");
            }

            Check(database, path);
        }
        catch (SqliteFailureException failure)
        {
            throw new JournalOpenException(Explain(path, failure), failure);
        }
    }

    private static void Ensure(SqliteDatabase database, string path)
    {
        if (database.Number("PRAGMA user_version") == 0
            && database.Number("PRAGMA application_id") == 0
            && database.Number("SELECT count(*) FROM sqlite_schema") == 0)
        {
            Create(database);
        }
        else
        {
            Check(database, path);
        }
    }

    private static void Check(SqliteDatabase database, string path)
    {
        var version = database.Number("PRAGMA user_version");
        if (database.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new JournalOpenException($"journal {path}: this SQLite file belongs to another program; name another path");
        }

        if (version > JournalFormat.SchemaVersion)
        {
            throw new JournalOpenException(
                $"journal {path}: its tables are of version {version}, this program knows up to {JournalFormat.SchemaVersion}; run the newer program");
        }
    }

    private static void Create(SqliteDatabase database)
    {
        database.Execute("PRAGMA journal_mode=WAL");
        database.Execute("BEGIN IMMEDIATE");
        database.Execute(Tables);
        database.Execute($"PRAGMA application_id={ApplicationId}");
        database.Execute($"PRAGMA user_version={JournalFormat.SchemaVersion}");
        database.Execute("COMMIT");
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
