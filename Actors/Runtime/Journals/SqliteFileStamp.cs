using System.Runtime.InteropServices;

namespace Mcptt.Actors.Journals;

/// <summary>What can be seen of a SQLite file from the outside, which says how it can be read without changing anything.</summary>
/// <param name="LogLength">Of the write-ahead log; 0: there is none, or nothing in it.</param>
/// <param name="HasIndex">The log's index in shared memory is there: somebody has the file open, or was killed.</param>
internal readonly record struct SqliteFileStamp(long Length, DateTime Changed, long LogLength, DateTime LogChanged, bool HasIndex)
{
    /// <summary>SQLite's own locks and log keep the reader's view whole, whoever writes.</summary>
    public bool IsLive => LogLength > 0 && HasIndex;

    public static SqliteFileStamp Of(string path)
    {
        var file = new FileInfo(path);
        var log = new FileInfo(path + "-wal");
        return new SqliteFileStamp(
            file.Exists ? file.Length : 0,
            file.LastWriteTimeUtc,
            log.Exists ? log.Length : 0,
            log.LastWriteTimeUtc,
            File.Exists(path + "-shm"));
    }

    public SqliteDatabase OpenReadOnly(string path)
    {
        var name = "file:" + (path.StartsWith('/') ? "" : "/") + path.Replace('\\', '/')
            .Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3F", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);

        // The index may be written by its owner; where nobody is left who could, it is rebuilt in our memory.
        return IsLive ? Prepared(SqliteDatabase.OpenReadOnly($"{name}?readonly_shm=1", null))
            : LogLength == 0 ? Prepared(SqliteDatabase.OpenReadOnly($"{name}?immutable=1", null))
            : WithLogAlone(name);
    }

    // A copy of file and log without the index: no locks are taken, because nobody else has it open, and the index is made in our memory.
    private static SqliteDatabase WithLogAlone(string name)
    {
        var database = Prepared(SqliteDatabase.OpenReadOnly(name, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win32-none" : "unix-none"));
        database.Execute("PRAGMA locking_mode=EXCLUSIVE");
        return database;
    }

    private static SqliteDatabase Prepared(SqliteDatabase database)
    {
        database.KeepLogOnClose();
        return database;
    }
}
