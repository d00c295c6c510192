using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>What all cells of a shard share.</summary>
internal sealed class CellServices
{
    public required ShardHost Host { get; init; }

    public required IShardLease Lease { get; init; }

    public required TimerQueue Timers { get; init; }

    /// <summary>Takes an unloaded cell out of the table.</summary>
    public required Action<ActorCell> Unloaded { get; init; }

    /// <summary>Cancelled when the shard has drained or was lost: waits end.</summary>
    public required CancellationToken Stopping { get; init; }

    public ActorKinds Kinds => Host.Kinds;

    public IJournal Journal => Host.Journal;

    public EngineOptions Options => Host.Options;

    public TimeProvider Time => Host.Time;

    public EngineMetrics Metrics => Host.Metrics;

    public ILogger Logger => Host.Logger;

    public INodeWatch Nodes => Host.Nodes;

    public EffectGateway Gateway => Host.Gateway;

    public string WriterUuid => Host.WriterUuid;

    /// <summary>Cells and outboxes that are at work: a drain waits for none.</summary>
    public WorkCount Work { get; } = new();

    public Reply Unavailable(UnavailableReason reason, string detail)
    {
        Metrics.CommandUnavailable(reason);
        return Replies.Unavailable(reason, detail, Options.RetryAfterSeconds);
    }

    public void Post(JournalNote note)
    {
        if (!Journal.TryPost(note))
        {
            Metrics.NoteLost();
        }
    }
}
