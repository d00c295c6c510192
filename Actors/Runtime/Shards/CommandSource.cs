namespace Mcptt.Actors.Shards;

/// <summary>Who sent a command: what other actors tell is taken where what comes from outside is refused.</summary>
public enum CommandSource
{
    Outside,
    Actor,
}
