namespace Mcptt.Actors.Journals.Postgres;

/// <summary>Who else may write while this process does. It is kept by a lock that lives with the writing connection.</summary>
public enum JournalWriters
{
    /// <summary>Whoever likes: for tools. The unique key keeps every history right.</summary>
    Any,

    /// <summary>Nobody: a server with the local engine, which believes that every actor is its own.</summary>
    One,

    /// <summary>Other nodes of the same cluster, which agree on who has which shard.</summary>
    Nodes,
}
