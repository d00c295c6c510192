using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>What all cells of a node share.</summary>
internal sealed class CellServices
{
    public required ActorKinds Kinds { get; init; }

    public required IJournal Journal { get; init; }

    public required EngineOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required EngineMetrics Metrics { get; init; }

    public required ILogger Logger { get; init; }

    public required EffectGateway Gateway { get; init; }

    /// <summary>Names this run of the program in `writer_uuid` and in the ids of resume effects.</summary>
    public required string WriterUuid { get; init; }

    public required TimerQueue Timers { get; init; }

    /// <summary>Takes an unloaded cell out of the table.</summary>
    public required Action<ActorCell> Unloaded { get; init; }

    /// <summary>Cancelled when the node has drained: waits end.</summary>
    public required CancellationToken Stopping { get; init; }

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
