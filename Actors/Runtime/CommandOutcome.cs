namespace Mcptt.Actors;

/// <summary>What became of a command that reached its actor.</summary>
public enum CommandOutcome
{
    Accepted,
    Rejected,

    /// <summary>It was decided before and wrote nothing: the first reply was given again.</summary>
    Repeated,
}
