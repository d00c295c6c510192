namespace Mcptt.Domain.Nodes;

/// <summary>Something that became different between two pictures of a cluster.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Node">Name of the node that it is about; of a shard its new owner.</param>
/// <param name="Shard">Null: it is about a node.</param>
public sealed record ClusterChange(string Kind, string Sentence, string Node, int? Shard = null)
{
    public const string Joined = "node-joined";
    public const string Left = "node-left";
    public const string Draining = "node-draining";
    public const string InService = "node-in-service";

    /// <summary>The node that tells of it has no contact with the cluster; what it shows may be old.</summary>
    public const string CutOff = "node-cut-off";
    public const string Back = "node-back";
    public const string Moved = "shard-moved";

    public static IReadOnlyList<string> Kinds { get; } = [Joined, Left, Draining, InService, CutOff, Back, Moved];

    /// <summary>In this order: who left, who came, who drains, which shards moved.</summary>
    public static IEnumerable<ClusterChange> Between(ClusterPicture before, ClusterPicture after) =>
        [.. Contact(before, after), .. Leavings(before, after), .. Joinings(before, after), .. Drains(before, after), .. Moves(before, after)];

    private static IEnumerable<ClusterChange> Contact(ClusterPicture before, ClusterPicture after)
    {
        if (before.Failure.Length == 0 && after.Failure.Length > 0)
        {
            yield return new(CutOff, after.Failure, "");
        }
        else if (before.Failure.Length > 0 && after.Failure.Length == 0)
        {
            yield return new(Back, "This node is in contact with the cluster again.", "");
        }
    }

    private static IEnumerable<ClusterChange> Leavings(ClusterPicture before, ClusterPicture after) =>
        from member in before.Members
        where after.Members.All(other => other.Instance != member.Instance)
        select new ClusterChange(Left, $"Node {member.Name} (instance {member.Instance}) is gone.", member.Name);

    private static IEnumerable<ClusterChange> Joinings(ClusterPicture before, ClusterPicture after) =>
        from member in after.Members
        where before.Members.All(other => other.Instance != member.Instance)
        select new ClusterChange(Joined, $"Node {member.Name} (instance {member.Instance}, {string.Join(", ", member.Roles)}, version {member.Version}) joined.", member.Name);

    private static IEnumerable<ClusterChange> Drains(ClusterPicture before, ClusterPicture after) =>
        from member in after.Members
        let draining = before.Members.FirstOrDefault(other => other.Instance == member.Instance)?.Draining ?? false
        where member.Draining != draining
        select member.Draining
            ? new ClusterChange(Draining, $"Node {member.Name} drains: its shards go to others.", member.Name)
            : new ClusterChange(InService, $"Node {member.Name} takes shards again.", member.Name);

    private static IEnumerable<ClusterChange> Moves(ClusterPicture before, ClusterPicture after)
    {
        var owners = before.Shards.ToDictionary(place => place.Shard, place => place.Owner);
        return from place in after.Shards
               where place.Owner != 0 && owners.GetValueOrDefault(place.Shard) != place.Owner
               let owner = NameOf(after, place.Owner)
               select new ClusterChange(Moved, $"Shard {place.Shard} is on node {owner} now (epoch {place.Epoch}).", owner, place.Shard);
    }

    private static string NameOf(ClusterPicture picture, int instance) =>
        picture.Members.FirstOrDefault(member => member.Instance == instance)?.Name ?? $"instance {instance}";
}
