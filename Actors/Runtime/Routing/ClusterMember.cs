namespace Mcptt.Actors.Routing;

/// <summary>A node of a cluster as the others see it, whichever engine it has.</summary>
/// <param name="Instance">Of this membership; a node that joined later has a higher one.</param>
public record ClusterMember(int Instance, string Name, IReadOnlyList<string> Roles, string Site, bool Draining)
{
    /// <summary>Names the run of its process. It outlives a lost membership: what the process holds in memory is still there when it has joined again.</summary>
    public string Run { get; init; } = "";

    /// <summary>What its media sessions weigh, as it said a moment ago; null: it has not.</summary>
    public int? MediaLoad { get; init; }

    public bool TakesSessions => !Draining && Roles.Contains(NodeRoles.Media);
}

public static class ClusterMembers
{
    /// <summary>The one of that name that joined last: a name may be there twice for a moment while its former instance is dying.</summary>
    public static TMember? Named<TMember>(this IEnumerable<TMember> members, string name)
        where TMember : ClusterMember => members.Where(member => member.Name == name).MaxBy(member => member.Instance);
}
