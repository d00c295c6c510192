using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>A command in a mailbox, and its reply.</summary>
internal sealed class PendingCommand(Command command, CommandSource source)
    : TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private volatile bool _abandoned;

    public Command Command { get; } = command;

    public CommandSource Source { get; } = source;

    /// <summary>When it was put into the mailbox.</summary>
    public long PostedAt { get; set; }

    /// <summary>Its caller's deadline passed while it waited: it is not decided any more.</summary>
    public bool IsAbandoned => _abandoned;

    public void Abandon() => _abandoned = true;
}
