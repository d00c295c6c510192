using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>What the next file is to hold. In memory are eight bytes a row.</summary>
internal sealed class ArchiveDraft
{
    private readonly List<long> _orderings = [];
    private long _firstCreatedTicks = long.MaxValue;
    private long _lastCreatedTicks;

    public int Calls { get; private set; }

    public int Rows => _orderings.Count;

    public int Histories { get; private set; }

    public long JournalBytes { get; private set; }

    public void Add(InspectedCall call)
    {
        Calls++;
        Histories += call.Histories.Count;
        JournalBytes += call.Bytes;
        _orderings.AddRange(call.Orderings);
        _firstCreatedTicks = Math.Min(_firstCreatedTicks, call.FirstCreatedTicks);
        _lastCreatedTicks = Math.Max(_lastCreatedTicks, call.LastCreatedTicks);
    }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<long> Orderings()
    {
        _orderings.Sort();
        return _orderings;
    }

    public ArchiveHeader Header(long nowUs, string program)
    {
        var orderings = Orderings();
        return new ArchiveHeader
        {
            Version = ArchiveFormat.Version,
            CreatedUs = nowUs,
            Program = program,
            Calls = (ulong)Calls,
            PersistenceIds = (ulong)Histories,
            Rows = (ulong)Rows,
            FirstOrdering = orderings[0],
            LastOrdering = orderings[^1],
            FirstCreatedTicks = _firstCreatedTicks,
            LastCreatedTicks = _lastCreatedTicks,
        };
    }

    /// <summary>When it happened and what it holds: the same content has the same name, and no two contents have one.</summary>
    public static string FileName(ArchiveHeader header, byte[] sha256) =>
        $"calls-{Day(header.FirstCreatedTicks)}-{Day(header.LastCreatedTicks)}-{Convert.ToHexStringLower(sha256.AsSpan(0, 8))}{ArchiveFormat.Extension}";

    private static string Day(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyyMMdd");
}
