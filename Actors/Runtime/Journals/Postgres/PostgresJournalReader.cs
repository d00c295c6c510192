using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>A PostgreSQL journal to look at, by a role that may only read; a server may write to it meanwhile.</summary>
public sealed class PostgresJournalReader : JournalEvidenceReadThrough, IDisposable
{
    private readonly PostgresSources _sources;
    private readonly PostgresReaders _readers;

    private PostgresJournalReader(PostgresJournalOptions options)
    {
        _sources = new PostgresSources(options);
        _readers = new PostgresReaders(_sources.Reading, options, static () => { });
        Reading = new PostgresReading(_readers);
        Evidence = new PostgresEvidence(_readers);
    }

    protected override IJournalReader Reading { get; }

    protected override IJournalEvidence Evidence { get; }

    /// <summary>Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
    public static async ValueTask<PostgresJournalReader> OpenAsync(PostgresJournalOptions options, CancellationToken cancellationToken)
    {
        await new PostgresTables(options with { MayMigrate = false }).EnsureAsync(cancellationToken);
        return new PostgresJournalReader(options);
    }

    public void Dispose()
    {
        _readers.Dispose();
        _sources.Dispose();
    }
}
