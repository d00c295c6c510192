using System.Text;
using SQLitePCL;

namespace Mcptt.Actors.Journals;

/// <summary>A prepared statement: bind by position from 1, step, read columns from 0, reset.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    public SqliteStatement Bind(int position, string value)
    {
        database.Check(raw.sqlite3_bind_text(statement, position, value));
        return this;
    }

    public SqliteStatement Bind(int position, long value)
    {
        database.Check(raw.sqlite3_bind_int64(statement, position, value));
        return this;
    }

    public SqliteStatement Bind(int position, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(statement, position, value));
        return this;
    }

    /// <summary>True: there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        var failure = new SqliteFailureException(code, database.LastError);
        raw.sqlite3_reset(statement);
        throw failure;
    }

    /// <summary>For a statement without rows. False: a unique key forbids it.</summary>
    public bool TryRun()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(statement);
            return true;
        }

        var failure = new SqliteFailureException(code, database.LastError);
        raw.sqlite3_reset(statement);
        return failure.IsUniqueKey ? false : throw failure;
    }

    public void Reset() => raw.sqlite3_reset(statement);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    /// <summary>The text of the row before where it is the same: in most columns it is, and a journal has many rows.</summary>
    public string Text(int column, ref string before)
    {
        var octets = raw.sqlite3_column_blob(statement, column);
        if (!Equals(octets, before))
        {
            before = Encoding.UTF8.GetString(octets);
        }

        return before;
    }

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    // ASCII only; other texts are made anew.
    private static bool Equals(ReadOnlySpan<byte> octets, string text) => octets.Length == text.Length && Ascii.Equals(octets, text);

    public void Dispose() => statement.Dispose();
}
