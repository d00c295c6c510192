using Mcptt.Actors.Journals;

namespace Mcptt.Host.Commands.Audit;

/// <summary>The journal that an audit command reads, and what must be closed after it.</summary>
internal sealed class AuditJournal(IJournalReader reader, IDisposable held) : IDisposable
{
    public IJournalReader Reader => reader;

    /// <summary>Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
    /// <param name="location">Path of a SQLite file.</param>
    public static ValueTask<AuditJournal> OpenAsync(string location, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sqlite = SqliteJournalReader.Open(new SqliteJournalOptions { Path = location });
        return new(new AuditJournal(sqlite, sqlite));
    }

    public void Dispose() => held.Dispose();
}
