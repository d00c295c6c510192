using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals;

/// <summary>
/// A SQLite journal to look at: of a server that writes meanwhile, of one that was killed, on a read-only medium, or a copy. Nothing in the
/// file or beside it is created or changed.
/// </summary>
public sealed class SqliteJournalReader : JournalEvidenceReadThrough, IDisposable
{
    private readonly SqliteReaders _readers;

    private SqliteJournalReader(SqliteReaders readers)
    {
        _readers = readers;
        Reading = new SqliteReading(readers);
        Evidence = new SqliteEvidence(readers);
    }

    protected override IJournalReader Reading { get; }

    protected override IJournalEvidence Evidence { get; }

    /// <summary>Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
    public static SqliteJournalReader Open(SqliteJournalOptions options)
    {
        var path = Path.GetFullPath(options.Path);
        SqliteSchema.CheckToRead(path);
        return new SqliteJournalReader(new SqliteReaders(path, options.ReaderLimit, () => OpenReader(path, options.BusyTimeout)));
    }

    public void Dispose() => _readers.Dispose();

    private static SqliteReader OpenReader(string path, TimeSpan busyTimeout)
    {
        var seen = SqliteFileStamp.Of(path);
        return new SqliteReader(seen.OpenReadOnly(path), busyTimeout, () => !seen.IsLive && seen != SqliteFileStamp.Of(path));
    }
}
