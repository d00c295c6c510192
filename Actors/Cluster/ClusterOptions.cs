using System.Net;
using System.Security.Cryptography;
using Mcptt.Actors.Routing;

namespace Mcptt.Actors.Cluster;

/// <summary>Every bound of the PostgreSQL engine, with what happens at it.</summary>
public sealed record ClusterOptions
{
    /// <summary>A media node's load that is older counts as not known; each says it anew with every look at the tables, four times per lease time.</summary>
    public static readonly TimeSpan LoadFresh = TimeSpan.FromSeconds(5);

    /// <summary>How often a node that waits for its name asks for it.</summary>
    public static readonly TimeSpan NameRetry = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan NameMargin = TimeSpan.FromSeconds(2);

    private const int RunBytes = 8;

    /// <summary>The database that places the shards; the journal is in the same one.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Kept over restarts: bindings and media sessions name it.</summary>
    public required string NodeName { get; init; }

    /// <summary>Where other nodes reach this one. Port 0 takes a free one.</summary>
    public required IPEndPoint Listener { get; init; }

    /// <summary>Host that other nodes are told; empty: the listener's address.</summary>
    public string AdvertisedHost { get; init; } = "";

    public IReadOnlyList<string> Roles { get; init; } = [ClusterRoles.Edge, ClusterRoles.Actors, ClusterRoles.Media];

    /// <summary>Where the node stands; media sessions are placed near their callers by it.</summary>
    public string Site { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>Names this run of the program: who finds a node there again under another one knows that what it held in memory is gone.</summary>
    public string Run { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RunBytes));

    /// <summary>Of this program.</summary>
    public EventFormat Format { get; init; } = EventFormat.Current;

    /// <summary>Decided once for a database; a node that is told another number is refused.</summary>
    public int Shards { get; init; } = 64;

    /// <summary>
    /// A node that the database has not heard for this long has lost its shards. A killed one is noticed at once, whatever this is: it is for
    /// frozen and cut-off nodes, and must be longer than the longest pause that is to be forgiven.
    /// </summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A media node that the others do not see for this long is lost, and its calls move. One whose session with the database broke joins again sooner; one
    /// that was killed stays away.
    /// </summary>
    public TimeSpan NodeGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The same for one that this node has not seen since it joined: after an outage of the database all join anew, one after the other.</summary>
    public TimeSpan JoinGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a media node that leaves waits for its sessions to move to others; what is left then ends with it, and is opened elsewhere.</summary>
    public TimeSpan MediaLeaveTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The node stops answering so long before the database lets others take over.</summary>
    public TimeSpan LeaseMargin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a node waits for its name to become free; then it is refused. A little longer than the database takes to end the session of a former run of
    /// the same node that it does not hear any more.
    /// </summary>
    public TimeSpan NamePatience => LeaseTime + NameMargin;

    /// <summary>How long a command may wait for its shard and its answer; then DEADLINE.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Commands that may wait for one shard while its owner is not known; further ones are answered OVERLOADED.</summary>
    public int LaneLimit { get; init; } = new LaneOptions().LaneLimit;

    /// <summary>Bounds of the way to a shard's owner.</summary>
    public LaneOptions Lanes => new() { Shards = Shards, LaneLimit = LaneLimit, CommandDeadline = CommandDeadline };

    /// <summary>Requests and replies that may wait to be written to one node; further requests count as not delivered.</summary>
    public int StreamLimit { get; init; } = 16_384;

    /// <summary>Octets of one write between nodes; what waits beyond goes with the next.</summary>
    public int FrameBytes { get; init; } = 256 * 1024;

    /// <summary>A longer frame ends the stream: the other side is no node of ours.</summary>
    public int MaxFrameBytes { get; init; } = 16 * 1024 * 1024;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Wait before a node that could not be reached is tried again; doubled up to <see cref="ReconnectMax"/>.</summary>
    public TimeSpan ReconnectFirst { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An edge that died may just be started again: what is for its phones waits so long for it, then any other edge sends it.</summary>
    public TimeSpan EdgeGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Actors that a node recovers before it joins, as it will have to when it takes shards over, without anything coming of it; 0: it does not rehearse.</summary>
    public int RehearsedActors { get; init; } = 64;

    /// <summary>A rehearsal that takes longer is broken off.</summary>
    public TimeSpan RehearsalTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Shards that are handed over at the same time; the others stay in service until their turn.</summary>
    public int MovesAtOnce { get; init; } = 4;
}

public static class ClusterRoles
{
    public const string Edge = NodeRoles.Edge;
    public const string Actors = NodeRoles.Actors;
    public const string Media = NodeRoles.Media;
}
