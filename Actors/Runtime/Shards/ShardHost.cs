using System.Security.Cryptography;
using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Shards;

/// <summary>What all shards of a node share: journal, kinds, bounds, ports, counts.</summary>
public sealed class ShardHost : IDisposable
{
    private const int RunNameBytes = 8;

    private int _loaded;

    /// <param name="nodes">Null: there is only this one.</param>
    public ShardHost(
        ActorKinds kinds, IJournal journal, EngineOptions options, ICommandRouter router, TimeProvider time, ILogger logger, INodeWatch? nodes = null)
    {
        Nodes = nodes ?? SoleNode.Instance;
        Kinds = kinds;
        Journal = journal;
        Options = options;
        Time = time;
        Logger = logger;
        Metrics = new EngineMetrics(options.Meters);
        Gateway = new EffectGateway(router, Metrics, logger);
        Metrics.Loaded(() => Loaded);
    }

    public IJournal Journal { get; }

    public EngineOptions Options { get; }

    public TimeProvider Time { get; }

    public EngineMetrics Metrics { get; }

    /// <summary>Names this run of the program in `writer_uuid` and in the ids of resume effects.</summary>
    public string WriterUuid { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RunNameBytes));

    /// <summary>Actors in memory, of all shards.</summary>
    public int Loaded => Volatile.Read(ref _loaded);

    internal INodeWatch Nodes { get; }

    internal ActorKinds Kinds { get; }

    internal ILogger Logger { get; }

    internal EffectGateway Gateway { get; }

    /// <summary>SIP and media use the engine and are therefore made after it; until then, and where there is none, effects for them wait.</summary>
    public void Attach(ISipOutbox? sip, IMediaPlane? media) => Gateway.Attach(sip, media);

    public void Dispose() => Metrics.Dispose();

    internal void Added() => Interlocked.Increment(ref _loaded);

    internal void Removed() => Interlocked.Decrement(ref _loaded);
}
