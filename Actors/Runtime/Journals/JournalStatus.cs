namespace Mcptt.Actors.Journals;

/// <summary>What `mcptt journal status` tells.</summary>
/// <param name="Version">Of the tables; 0: there are none.</param>
/// <param name="Pending">Steps that are missing, in their order.</param>
public sealed record JournalStatus(string Journal, string Database, int Version, int Newest, IReadOnlyList<JournalMigration> Pending)
{
    public long Events { get; init; }

    public long Live { get; init; }

    public long Snapshots { get; init; }

    public long Bytes { get; init; }

    public long LastOrdering { get; init; }

    public DateTimeOffset? LastWritten { get; init; }
}

/// <summary>The tables of a journal, apart from their use. Throws <see cref="JournalOpenException"/> with what is wrong and what to do.</summary>
public interface IJournalTables
{
    ValueTask<JournalStatus> ReadStatusAsync(CancellationToken cancellationToken);

    /// <summary>Steps that are missing, in their order; all of them where there is no journal yet.</summary>
    ValueTask<IReadOnlyList<JournalMigration>> ReadPendingAsync(CancellationToken cancellationToken);

    /// <summary>Makes the tables or brings them to the newest version, under a lock: of two programs that do it at once, the second finds it done.</summary>
    /// <returns>What was done, in its order.</returns>
    ValueTask<IReadOnlyList<JournalMigration>> MigrateAsync(CancellationToken cancellationToken);
}
