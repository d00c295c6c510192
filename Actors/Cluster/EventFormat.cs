namespace Mcptt.Actors.Cluster;

/// <summary>
/// Which generation of events a program writes, and up to which one it reads. Raise <see cref="Reads"/> with the release that first understands new events or commands, and
/// <see cref="Writes"/> with a later one that makes use of them: then nodes of both can be in one cluster, and a release can be taken back. A shard that was ever owned by
/// a node that writes a generation is placed on nodes alone that read it, so that no event meets a program that does not know it.
/// </summary>
public readonly record struct EventFormat(int Reads, int Writes)
{
    public static EventFormat Current { get; } = new(Reads: 1, Writes: 1);
}
