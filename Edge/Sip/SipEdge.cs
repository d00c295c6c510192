using Mcptt.Domain.Ports;
using Mcptt.Edge.Outbox;
using Mcptt.Edge.Registrar;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Translation;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge;

/// <summary>
/// The SIP edge of a node, put together: transports, transactions, translation of requests into commands, and of effects into SIP.
/// Order at start: this, then the engine; at the end <see cref="Drain"/>, the engine, then <see cref="StopAsync"/>.
/// </summary>
public sealed class SipEdge : ISipOutbox, IAsyncDisposable
{
    /// <summary>How often <see cref="StopAsync"/> looks whether the last request is answered.</summary>
    private static readonly TimeSpan StopPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>How long <see cref="StopAsync"/> takes effects for INVITEs of others that their calls have not answered. Those of a sole node are answered after its next start.</summary>
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(2);

    private readonly SipEdgeOptions _options;
    private readonly ISubscriberDirectory _directory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommandSender _commands;
    private readonly CommandStamp _stamp;
    private readonly SipTransportLayer _transport;
    private readonly PendingInvites _pending;
    private readonly LegReports _reports;
    private readonly EdgeCore _core;
    private readonly TransactionLayer _transactions;
    private readonly SipMetrics _metrics;
    private RequestRouter? _router;
    private EffectSender? _effects;
    private SipWire? _wire;
    private int _disposed;

    public SipEdge(SipEdgeOptions options, ICommandSink sink, ISubscriberDirectory directory, TimeProvider time, ILogger<SipEdge> logger)
    {
        (_options, _directory, _time, _logger) = (options, directory, time, logger);
        _commands = new CommandSender(sink, time);
        _stamp = new CommandStamp(time);
        _transport = new SipTransportLayer(options.Transport with { Listeners = options.Listeners, AdvertisedHost = options.AdvertisedHost, Meters = options.Meters }, time, logger);
        _pending = new PendingInvites(time, options.InviteDeadline);
        _reports = new LegReports(_commands, _stamp, logger);
        _metrics = new SipMetrics(options.Meters, time);
        _core = new EdgeCore(options, _pending, _reports, _metrics, logger);
        _transactions = new TransactionLayer(_transport, _core, new TransactionOptions { T1 = options.T1, T2 = options.T2, T4 = options.T4 }, time, _metrics);
        _metrics.Watch(() => _transactions.Count, () => _transactions.Refused, () => _core.Serving);
    }

    /// <summary>Whether new requests can be served at all; OPTIONS is answered 503 while they cannot, so that a peer that looks for a server takes another one.</summary>
    public Func<bool> IsReady { get; init; } = static () => true;

    /// <summary>What the sockets are bound to, in the order of the options; known after the start.</summary>
    public IReadOnlyList<SipListener> Bound => _transport.Bound;

    public SipTransportCounters Counters => _transport.Counters;

    /// <summary>Throws <see cref="System.Net.Sockets.SocketException"/> when a port is taken; nothing is left open then.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _transport.StartAsync(_transactions, cancellationToken);
        var own = new OwnAddresses(_options, _transport.Bound, _transport.SentBy);
        var digest = new DigestAuthenticator(_directory, _time, _options, own.Realm, _logger);
        var callers = new CallerIdentification(_options, own, digest, _commands, _stamp);
        var wire = new SipWire(_transactions, _transport, new TargetResolver(_time), _pending);
        _wire = wire;
        _router = new RequestRouter(
            own,
            new RegisterTranslation(_options, own, digest, _commands, _stamp),
            new PublishTranslation(own, callers, _commands, _stamp),
            new SubscribeTranslation(own, callers, _commands, _stamp),
            new InviteTranslation(own, callers, _commands, _stamp),
            new DialogTranslation(own, callers, _commands, _stamp),
            IsReady);
        var effects = new EffectSender(own, wire, _reports, _options.NodeName, _options.ResourcePriorities);
        _core.Attach(_transactions, _router, effects, own);
        Volatile.Write(ref _effects, effects);
    }

    /// <summary>From now on new requests get a 503 with Retry-After; requests within calls still pass.</summary>
    public void Drain()
    {
        if (_router is not null)
        {
            _router.IsDraining = true;
        }
    }

    /// <summary>
    /// Ends when every request under way, of others and of ours, is answered and every outcome reported, or when cancelled; then the sockets close.
    /// Effects are taken until the requests of others are answered, within a short grace, and no more while ours end: what was taken is on the wire.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Drain();
        try
        {
            using var grace = new CancellationTokenSource(AnswerGrace, _time);
            await UntilAsync(() => _core.Serving == 0 && (_pending.Count == 0 || grace.IsCancellationRequested), cancellationToken);
            _effects?.Close();
            await UntilAsync(() => _core.Serving == 0 && _effects is null or { InHand: 0 } && _wire is null or { UnderWay: 0 } && _reports.Pending == 0, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("Stopped with {Requests} requests unanswered and {Reports} outcomes not reported", _core.Serving + (_wire?.UnderWay ?? 0), _reports.Pending);
        }

        await DisposeAsync();
    }

    public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken) => new(Volatile.Read(ref _effects)?.TrySend(effect) ?? false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _effects?.Close();
            await _transport.DisposeAsync();
            _core.Dispose();
            _reports.Dispose();
            _metrics.Dispose();
        }
    }

    private async Task UntilAsync(Func<bool> isDone, CancellationToken cancellationToken)
    {
        while (!isDone())
        {
            await Task.Delay(StopPoll, _time, cancellationToken);
        }
    }
}
