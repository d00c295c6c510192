using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

/// <summary>
/// Inward: routes a command to the node and actor that own it. The task ends when what was decided is durable, or at the
/// deadline with <see cref="UnavailableReason.Deadline"/>: the outcome is then unknown and a retry keeps the command id.
/// It never throws for what a peer can cause.
/// </summary>
public interface ICommandSink
{
    ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken);
}
