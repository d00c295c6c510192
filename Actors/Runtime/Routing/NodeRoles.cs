namespace Mcptt.Actors.Routing;

/// <summary>What a node of a cluster does.</summary>
public static class NodeRoles
{
    public const string Edge = "edge";
    public const string Actors = "actors";
    public const string Media = "media";
}
