using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Api;
using Mcptt.Api.Metrics;
using Mcptt.Domain.Ports;
using Mcptt.Edge;
using Mcptt.Edge.Registrar;
using Mcptt.Host.Commands;
using Mcptt.Host.Configuration;
using Mcptt.Host.Telemetry;
using Mcptt.Media;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>
/// The whole server in one process: journal, engine, SIP edge, media node and management API, put together and started in the
/// order in which they need each other.
/// </summary>
internal sealed class McpttServer : IAsyncDisposable
{
    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JournalLocation _location;
    private readonly IDisposable? _lock;
    private readonly IJournal _journal;
    private readonly IEngine _engine;
    private readonly MediaNode? _media;
    private readonly SipEdge? _sip;
    private readonly ApiServer _api;
    private readonly Sealing _sealing;
    private readonly ILoggerFactory _loggers;
    private readonly RetentionJob? _retention;
    private readonly ServerMeters _meters = new();
    private readonly MetricsPage _metricsPage;
    private readonly NodeMetrics _metrics;
    private readonly TelemetryExport? _export;
    private volatile bool _serving;

    private McpttServer(ServerOptions options, Sealing sealing, TimeProvider time, ILoggerFactory loggers)
    {
        _sealing = sealing;
        _loggers = loggers;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<McpttServer>();
        _metricsPage = new MetricsPage(_meters);
        _export = TelemetryExport.Start(options);
        _location = JournalLocation.Of(options);
        _lock = _location.Lock();
        _journal = _location.Create(loggers, time, options.Engine == EngineNames.Local ? JournalWriters.One : JournalWriters.Nodes, _meters);
        var kinds = PartOptions.Kinds(options);
        _engine = EngineChoice.Create(options, _location, kinds, _journal, _meters, time, loggers);
        _media = options.HasMedia
            ? new MediaNode(PartOptions.OfMedia(options) with { Run = _engine.Run, Meters = _meters, Pipeline = AkkaChoice.Pipeline(options, loggers) }, _engine, time, loggers.CreateLogger<MediaNode>())
            : null;
        _sip = options.IsEdge ? Edge(options, time, loggers) : null;
        _engine.Attach(_sip, _media);
        var nodes = EngineChoice.Directory(_engine, options, time);
        var health = new ServerHealth(options, nodes, () => _serving, () => _engine.Failure, () => _journal.Failure, () => _sealing.Status);
        var history = ArchivedJournal.Over(_journal, options.ArchiveFolder);
        var audit = new AuditReader(history, kinds, time, loggers);
        _metrics = new NodeMetrics(_meters, options.NodeName, McpttCommandLine.Version, options.Roles, health, time);
        var ports = new ApiPorts
        {
            Commands = _engine,
            Catalog = new JournalActorCatalog(_journal),
            Audit = audit,
            Stories = new CallStoryReader(history),
            Health = health,
            Metrics = _metricsPage,
            Nodes = nodes,
        };
        _api = new ApiServer(PartOptions.OfApi(options, McpttCommandLine.Version) with { Meters = _meters }, ports, time, loggers);
        _retention = Retention.Job(options, _location, _journal, time, loggers, _meters);
    }

    /// <summary>Where the journal is.</summary>
    public string JournalName => _location.Name;

    public ICommandSink Commands => _engine;

    public IJournalReader Journal => _journal;

    public EngineMetrics EngineMetrics => _engine.Metrics;

    /// <summary>Where SIP is taken, with the ports that the system gave for 0.</summary>
    public IReadOnlyList<Edge.Transports.SipListener> SipListeners => _sip?.Bound ?? [];

    public Uri ApiAddress => _api.Address;

    /// <summary>Address that SDP shows.</summary>
    public IPAddress MediaAddress => OwnAddress.OfMedia(_options);

    /// <summary>Throws <see cref="StartupException"/> with what is wrong; then nothing of it is left running.</summary>
    public static async Task<McpttServer> StartAsync(ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var server = new McpttServer(options, Sealing.Load(options, loggers), time, loggers);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// New calls are refused, what is under way is finished and handed over, then everything is closed; at most for as long as
    /// limits.drainSeconds says. Calls go on at the next start: they are in the journal.
    /// </summary>
    public async Task DrainAsync()
    {
        _serving = false;
        using var limit = new CancellationTokenSource(_options.Limits.Drain, _time);
        try
        {
            _sip?.Drain();
            await (_export?.FlushAsync() ?? Task.CompletedTask);
            await _api.StopAsync(limit.Token);
            await StopRetentionAsync();
            await _engine.DrainAsync(limit.Token);
            await (_sip?.StopAsync(limit.Token) ?? Task.CompletedTask);
            await (_media?.StopAsync(limit.Token) ?? Task.CompletedTask);
            await _engine.StopAsync(limit.Token);
            await _sealing.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("Not everything was finished within limits.drainSeconds; it goes on at the next start");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _serving = false;
        await _api.DisposeAsync();
        await StopRetentionAsync();
        await _engine.DisposeAsync();
        await (_sip?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_media?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _sealing.DisposeAsync();
        await _journal.DisposeAsync();
        _export?.Dispose();
        _metrics.Dispose();
        _metricsPage.Dispose();
        _meters.Dispose();
        _lock?.Dispose();
    }

    // Ports first: a server that cannot listen must not begin to move calls. The journal's actors come back when all that
    // their effects need is there; management last, so that "ready" is true.
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await (_media?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        if (_sip is not null)
        {
            await Startup.OfSipAsync(_sip, _options, cancellationToken);
        }

        await Startup.OfEngineAsync(_engine, _location, _options, cancellationToken);
        _sealing.Start(_location, _journal, _options, _time, _loggers, _meters);
        _serving = true;
        await Startup.OfApiAsync(_api, _options, cancellationToken);
        _retention?.Start();
    }

    private SipEdge Edge(ServerOptions options, TimeProvider time, ILoggerFactory loggers) =>
        new(PartOptions.OfSip(options) with { Meters = _meters }, _engine, new ActorSubscriberDirectory(_engine, time), time, loggers.CreateLogger<SipEdge>())
        {
            IsReady = () => (_engine.Failure + _journal.Failure).Length == 0,
        };

    // Between two steps, whatever it is doing; the next run goes on.
    private ValueTask StopRetentionAsync() => _retention?.DisposeAsync() ?? ValueTask.CompletedTask;
}
