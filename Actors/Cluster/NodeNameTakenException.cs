namespace Mcptt.Actors.Cluster;

/// <summary>Another node that lives has this one's name; the message says which.</summary>
public sealed class NodeNameTakenException(string message) : Exception(message);
