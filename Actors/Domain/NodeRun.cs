namespace Mcptt.Domain;

/// <summary>One run of a node's process, by the node's name. An empty run: whichever.</summary>
public sealed record NodeRun(string Name, string Run);

/// <summary>What becomes of a node on which an actor leans.</summary>
public enum NodeFate
{
    /// <summary>It is to be emptied, and there is another one.</summary>
    Draining,

    /// <summary>That run is gone, and with it all that it held in memory.</summary>
    Lost,
}
