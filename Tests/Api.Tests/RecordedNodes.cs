using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;

namespace Mcptt.Api.Tests;

/// <summary>A cluster of two nodes and three shards, which does what it is told at once.</summary>
internal sealed class RecordedNodes : INodeDirectory
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);

    private volatile ClusterPicture _picture = new(
        [
            new ClusterMember("n2", 4, "http://10.0.0.2:7070/", ["actors", "media"], "east", "1.2.3", Start, Draining: false, MediaLoad: 7),
            new ClusterMember("n1", 3, "http://10.0.0.1:7070/", ["edge", "actors"], "", "1.2.3", Start, Draining: false, MediaLoad: null),
        ],
        [new ShardPlace(0, 3, 1, ""), new ShardPlace(1, 4, 2, "n2"), new ShardPlace(2, 0, 5, "")],
        "");

    /// <summary>What an order is answered with instead of being obeyed.</summary>
    public NodeOrder? Refuses { get; set; }

    public ClusterPicture Picture
    {
        get => _picture;
        set => _picture = value;
    }

    public ClusterPicture Read() => _picture;

    public ValueTask<NodeOrder> DrainAsync(string node, bool draining, CancellationToken cancellationToken)
    {
        if (Refuses is { } refused)
        {
            return new(refused);
        }

        Picture = Picture with { Members = [.. Picture.Members.Select(member => member.Name == node ? member with { Draining = draining } : member)] };
        return new(new NodeOrder(NodeOrderOutcome.Ordered));
    }

    public ValueTask<NodeOrder> MoveAsync(int shard, string node, CancellationToken cancellationToken)
    {
        if (Refuses is { } refused)
        {
            return new(refused);
        }

        Picture = Picture with { Shards = [.. Picture.Shards.Select(place => place.Shard == shard ? place with { Pinned = node } : place)] };
        return new(new NodeOrder(NodeOrderOutcome.Ordered));
    }
}
