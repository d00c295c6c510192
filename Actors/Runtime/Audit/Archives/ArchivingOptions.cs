namespace Mcptt.Actors.Audit.Archives;

/// <summary>What is moved, and how gently.</summary>
public sealed record ArchivingOptions
{
    public required string Folder { get; init; }

    /// <summary>A call is moved when its last event and its floor's were stored before this long ago.</summary>
    public required TimeSpan OlderThan { get; init; }

    /// <summary>Only calls of which every event is under a seal.</summary>
    public bool RequireSeal { get; init; } = true;

    /// <summary>In the header of the files: who wrote them.</summary>
    public string Program { get; init; } = "mcptt";

    /// <summary>A file is closed when it has as many calls or rows; the next one begins.</summary>
    public int CallsPerFile { get; init; } = 20_000;

    /// <summary>A call that alone has more makes a file with more.</summary>
    public int RowsPerFile { get; init; } = 500_000;

    /// <summary>Calls that are remembered in one look through the journal; the rest is found by the next look.</summary>
    public int CandidateLimit { get; init; } = 100_000;

    /// <summary>Histories that get their mark in one transaction of the journal.</summary>
    public int MarksPerStep { get; init; } = 32;

    /// <summary>Rows that are removed in one transaction of the journal: a grant waits for one such step at most.</summary>
    public int RowsPerStep { get; init; } = 128;

    /// <summary>After each step of reading, writing or removing, so that calls are not disturbed.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(10);
}

/// <summary>What a run did, or would do.</summary>
public sealed record ArchivingReport
{
    public IReadOnlyList<string> Files { get; init; } = [];

    public long Calls { get; init; }

    public long Rows { get; init; }

    /// <summary>Of the messages as they stand in the journal.</summary>
    public long JournalBytes { get; init; }

    public long FileBytes { get; init; }

    /// <summary>Old enough, but with events that no seal covers.</summary>
    public long NotSealed { get; init; }

    /// <summary>Old enough, but not ended, or their floor is not closed.</summary>
    public long NotEnded { get; init; }

    /// <summary>Old enough, but recordings of them are kept.</summary>
    public long Recorded { get; init; }

    /// <summary>Their history cannot be read; they stay where they are.</summary>
    public long Unreadable { get; init; }
}

public enum ArchivingStage
{
    Looking,
    Reading,
    Writing,
    Verifying,
    Removing,
}

/// <param name="Total">0: not known.</param>
public readonly record struct ArchivingProgress(ArchivingStage Stage, long Done, long Total);
