using SQLitePCL;

namespace Mcptt.Actors.Journals;

/// <summary>One connection to a SQLite file. Not for two threads at once.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    private const int NoCheckpointOnClose = 1006;

    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle) => _handle = handle;

    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Rows that the last statement inserted, changed or removed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>SQLite opens a file that may not be written as one to read.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") == 1;

    public string LastError => raw.sqlite3_errmsg(_handle).utf8_to_string();

    public static SqliteDatabase Open(string path, bool create) =>
        Open(path, raw.SQLITE_OPEN_READWRITE | (create ? raw.SQLITE_OPEN_CREATE : 0), null);

    /// <param name="uri">With parameters, as https://sqlite.org/uri.html has them.</param>
    /// <param name="system">SQLite's name of the layer over files; null: the usual one.</param>
    public static SqliteDatabase OpenReadOnly(string uri, string? system) => Open(uri, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI, system);

    private static SqliteDatabase Open(string path, int flags, string? system)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, system);
        if (code == raw.SQLITE_OK)
        {
            raw.sqlite3_extended_result_codes(handle, 1);
            return new SqliteDatabase(handle);
        }

        var message = raw.sqlite3_errstr(code).utf8_to_string();
        handle?.Dispose();
        throw new SqliteFailureException(code, message);
    }

    /// <summary>The last connection that closes leaves the write-ahead log where it is.</summary>
    public void KeepLogOnClose() => Check(raw.sqlite3_db_config(_handle, NoCheckpointOnClose, 1, out _));

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqliteStatement(this, statement);
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public bool TryExecute(string sql) => raw.sqlite3_exec(_handle, sql) == raw.SQLITE_OK;

    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    public string Text(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteFailureException(code, LastError);
        }
    }

    public void Dispose() => _handle.Dispose();
}

internal sealed class SqliteFailureException(int code, string message) : Exception($"SQLite {code}: {message}")
{
    /// <summary>Result code without its extension.</summary>
    public int Code { get; } = code & 0xff;

    public bool IsUniqueKey => code is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY;
}
