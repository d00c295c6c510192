namespace Mcptt.Media.Recording;

/// <summary>What is done when less of the disk is free than is to be kept free.</summary>
public enum WhenDiskIsFull
{
    /// <summary>Nothing is recorded until there is room again.</summary>
    Stop,

    /// <summary>The oldest recordings go, each with an event, until there is room.</summary>
    DropOldest,
}

/// <summary>Where and how far the calls of recorded groups are recorded (ops/docs/recording.md).</summary>
public sealed record RecordingOptions
{
    public required string Folder { get; init; }

    /// <summary>So much of the disk stays free: recording stops before the journal or others beside it suffer.</summary>
    public long MinFreeOctets { get; init; } = 512L * 1024 * 1024;

    public WhenDiskIsFull WhenDiskIsFull { get; init; } = WhenDiskIsFull.Stop;

    /// <summary>A burst whose file would grow beyond this is recorded no further.</summary>
    public long MaxBurstOctets { get; init; } = 256L * 1024 * 1024;

    /// <summary>A burst that lasts longer is recorded no further.</summary>
    public TimeSpan MaxBurstDuration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Packets between forwarding and the writer, each of up to <see cref="PacketQueue.CellOctets"/>; a longer one counts as several. Full: the packet is not recorded.</summary>
    public int QueuePackets { get; init; } = 8192;

    /// <summary>Older recordings are deleted; zero: never.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.Zero;

    /// <summary>Octets free on the disk of a folder.</summary>
    internal Func<string, long> FreeSpace { get; init; } = static folder => new DriveInfo(folder).AvailableFreeSpace;

    public IEnumerable<string> Problems()
    {
        if (Folder.Length == 0)
        {
            yield return $"{nameof(Folder)} is empty: give the folder of recordings.";
        }

        if (QueuePackets is < 1 or > PacketQueue.MaxCells)
        {
            yield return $"{nameof(QueuePackets)} is {QueuePackets}: 1 to {PacketQueue.MaxCells}.";
        }
    }
}
