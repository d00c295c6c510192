using System.Security.Cryptography;
using Mcptt.Actors.Routing;

namespace Mcptt.Actors.Akka;

/// <summary>Every bound of the Akka.NET engine, with what happens at it. What the site's HOCON says goes before all of it.</summary>
public sealed record AkkaOptions
{
    private const int RunBytes = 8;

    /// <summary>Kept over restarts: bindings and media sessions name it.</summary>
    public required string NodeName { get; init; }

    /// <summary>Name of the actor system, the same on all nodes: it is part of every address.</summary>
    public string SystemName { get; init; } = "mcptt";

    /// <summary>Host name or address by which the other nodes know this one; Akka.Remote listens there.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// HOST:PORT of nodes by which a new one finds the cluster. The first of the list, and it alone, begins a cluster when none of the others answers. Empty: the HOCON
    /// says how the cluster is found.
    /// </summary>
    public IReadOnlyList<string> SeedNodes { get; init; } = [];

    /// <summary>Without seed nodes: begins a cluster at once.</summary>
    public bool BeginsAlone { get; init; }

    /// <summary>What the node does: edge, actors, media. Nodes with `actors` take shards.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [AkkaRoles.Edge, AkkaRoles.Actors, AkkaRoles.Media];

    /// <summary>Further roles of the cluster member, for the site's own actors and tools.</summary>
    public IReadOnlyList<string> ExtraRoles { get; init; } = [];

    /// <summary>Where the node stands; media sessions are placed near their callers by it.</summary>
    public string Site { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>Names this run of the program: who finds a node there again under another one knows that what it held in memory is gone.</summary>
    public string Run { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RunBytes));

    /// <summary>When the program was started, for operators; not given: when its engine was made.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>HOCON text of the site; empty: none.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>The same on all nodes; a node with another number does not stay in the cluster.</summary>
    public int Shards { get; init; } = 64;

    /// <summary>How often two nodes ask each other whether they live.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A node that is silent for longer counts as unreachable; what only pauses for less goes on.</summary>
    public TimeSpan HeartbeatPause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>When for so long nobody became reachable or unreachable, the split-brain resolver decides: the majority goes on, the others are downed.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After a downed node was removed, its shards are taken over only so much later: the other side of a partition has stopped them by then. What is written needs no
    /// such wait, the journal guards it; what is only said does.
    /// </summary>
    public TimeSpan RemovalMargin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the coordinator looks whether shards are spread evenly.</summary>
    public TimeSpan RebalanceInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a start looks for the cluster; then it fails.</summary>
    public TimeSpan JoinTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A command without an answer after this time is sent again with its id, in the order of its shard; after twice the time where its shard was silent before, up to the deadline of a command.</summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a shard is looked for whose owner is not known.</summary>
    public TimeSpan QueryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often every shard is asked whether it still runs: one that stopped is started by that, and its timers with it.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a node tells what its media sessions weigh.</summary>
    public TimeSpan TellInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A media node that is no member any more is lost after this time, and its calls move; one that joins again under its former run is not.</summary>
    public TimeSpan NodeGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for one that this node has not seen since it joined itself.</summary>
    public TimeSpan JoinGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a media node that leaves waits for its sessions to move to others; what is left then ends with it, and is opened elsewhere.</summary>
    public TimeSpan MediaLeaveTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long what is for an edge that is away waits for it; then any edge sends it.</summary>
    public TimeSpan EdgeGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Wait before a node that lost its membership joins again.</summary>
    public TimeSpan RejoinWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A message between nodes is at most so long; a longer one is dropped by Akka.Remote with an error in the log.</summary>
    public int MaxFrameBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a command may wait for its shard and its answer; then DEADLINE.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bounds of the way to a shard's owner.</summary>
    public LaneOptions Lanes => new() { Shards = Shards, CommandDeadline = CommandDeadline };
}

public static class AkkaRoles
{
    public const string Edge = NodeRoles.Edge;
    public const string Actors = NodeRoles.Actors;
    public const string Media = NodeRoles.Media;

    // What a member says of itself is in its roles, where every node and every tool of Akka sees it.
    internal const string NamePrefix = "node.";
    internal const string SitePrefix = "site.";
    internal const string ShardsPrefix = "shards.";
    internal const string RunPrefix = "run.";
    internal const string StartedPrefix = "started.";

    /// <summary>Without what the member says of itself in the same list.</summary>
    internal static IEnumerable<string> Plain(IEnumerable<string> roles) =>
        roles.Where(role => !Prefixes.Any(prefix => role.StartsWith(prefix, StringComparison.Ordinal)));

    private static IReadOnlyList<string> Prefixes { get; } = [NamePrefix, SitePrefix, ShardsPrefix, RunPrefix, StartedPrefix];
}
