using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Routing;

/// <summary>A command on its way to the owner of its shard, and its reply.</summary>
public sealed class PendingRoute(Command command, CommandSource source) : TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Command Command => command;

    public CommandSource Source => source;

    /// <summary>Which attempt it is in; an answer to an earlier one is void.</summary>
    public int Attempt { get; set; }

    public bool IsUnderWay { get; set; }
}

/// <summary>Who owns a shard as far as this node knows.</summary>
/// <param name="Send">Hands a command to the owner, in the order of the calls; null: it was not reached, the outcome is unknown.</param>
public sealed record ShardRoute(int Owner, long Epoch, bool IsHere, Func<Command, CommandSource, ValueTask<Reply?>> Send);
