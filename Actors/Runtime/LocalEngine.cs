using Mcptt.Actors.Journals;
using Mcptt.Actors.Shards;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors;

/// <summary>
/// The engine for one machine: every actor lives here, in one shard.
/// </summary>
public sealed class LocalEngine : IEngine, ICommandRouter
{
    private readonly ShardHost _host;
    private readonly ActorShard _shard;

    public LocalEngine(ActorKinds kinds, IJournal journal, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _host = new ShardHost(kinds, journal, options, this, time, loggers.CreateLogger<LocalEngine>());
        _shard = new ActorShard(_host, SoleOwner.Instance);
    }

    public EngineMetrics Metrics => _host.Metrics;

    /// <summary>Always empty: no other node is needed.</summary>
    public string Failure => "";

    /// <summary>Actors in memory.</summary>
    public int Loaded => _host.Loaded;

    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _host.Attach(sip, media);

    /// <summary>Opens the journal and loads every actor that somebody relies on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _host.Journal.OpenAsync(cancellationToken);
        await _shard.StartAsync(_host.Journal.ReadLiveAsync("", "", cancellationToken), cancellationToken);
    }

    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken) =>
        _shard.SendAsync(command, CommandSource.Outside, cancellationToken);

    ValueTask<Reply> ICommandRouter.RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken) =>
        _shard.SendAsync(command, source, cancellationToken);

    /// <summary>Ends when nothing is under way.</summary>
    internal Task IdleAsync() => _shard.IdleAsync();

    /// <summary>Refuses new commands, finishes what is under way, hands effects over, and writes snapshots and marks.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _shard.DrainAsync(cancellationToken);
        await _host.Journal.FlushAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => DrainAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _shard.DisposeAsync();
        _host.Dispose();
    }
}
