using Mcptt.Actors.Journals;
using Mcptt.Host.Composition;

namespace Mcptt.Host.Commands.Audit;

/// <summary>The journal that an audit command reads, and what must be closed after it.</summary>
internal sealed class AuditJournal(IJournalReader reader, IDisposable held) : IDisposable
{
    public IJournalReader Reader => reader;

    /// <summary>Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
    public static async ValueTask<AuditJournal> OpenAsync(JournalLocation location, CancellationToken cancellationToken)
    {
        var (reader, held) = await location.OpenToReadAsync(cancellationToken);
        return new AuditJournal(reader, held);
    }

    public void Dispose() => held.Dispose();
}
