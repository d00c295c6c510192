using System.Diagnostics.Metrics;

namespace Mcptt.Actors.Journals;

public sealed record SqliteJournalOptions
{
    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    public required string Path { get; init; }

    /// <summary>Older tables are changed by <see cref="IJournal.OpenAsync"/>; otherwise it refuses and says what to run. An empty file gets its tables in any case.</summary>
    public bool MayMigrate { get; init; } = true;

    /// <summary>Appends and notes that may wait for the writer; beyond it callers are answered "overloaded".</summary>
    public int QueueLimit { get; init; } = 16_384;

    /// <summary>Appends and notes in one transaction; the rest waits for the next one.</summary>
    public int BatchLimit { get; init; } = 1_024;

    /// <summary>How long the writer waits for another process's write lock before it fails a batch.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections that read at once; further readers wait.</summary>
    public int ReaderLimit { get; init; } = 4;

    /// <summary>Pages of 4 KiB that the file may have; beyond it appends fail as on a full disk. 0: as many as the disk has.</summary>
    public int MaxPages { get; init; }

    /// <summary>Cache of the writer's connection.</summary>
    public int CacheKilobytes { get; init; } = 32_768;
}
