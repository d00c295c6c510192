using Mcptt.Domain.Ports;

namespace Mcptt.Actors;

/// <summary>
/// Runs the actors: brings each command to the node that owns its actor's shard, and effects to the ports. Disposing without <see cref="StopAsync"/> is like a
/// crash: what was not handed over is sent again by the next owner. The journal is the caller's to dispose, after this.
/// </summary>
public interface IEngine : ICommandSink, IAsyncDisposable
{
    EngineMetrics Metrics { get; }

    /// <summary>Names this run of the program to the other nodes: what it holds in memory is gone when there is another one. Empty: there are no others.</summary>
    string Run => "";

    /// <summary>Why this node can bring nothing to its actors now, for people; empty: it can. It recovers by itself.</summary>
    string Failure { get; }

    /// <summary>The ports of this node, before or after the start; null where it has not the role. Effects for a port that is not there wait.</summary>
    void Attach(ISipOutbox? sip, IMediaPlane? media);

    /// <summary>Opens the journal and begins to run actors. Throws <see cref="Journals.JournalOpenException"/> when the database does not let it.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Refuses new commands for actors of this node, finishes what is under way, hands effects and, where there are other nodes, shards over: commands for
    /// those still go there, so that what the edge has under way is answered.
    /// </summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Leaves, drained if it was not yet. Nothing is sent or taken afterwards.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
