using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Mcptt.Domain.Ports;
using Mcptt.Domain.Telemetry;
using Mcptt.Media.Inward;
using Mcptt.Media.Recording;
using Mcptt.Media.Sessions;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media;

/// <summary>
/// A media node: it owns UDP sockets and a forwarding table per call and decides nothing. The call actor opens a session and adds
/// legs, the floor actor names the talkers, and what is heard and said on the sockets goes back to them as commands.
/// </summary>
public sealed class MediaNode : IMediaPlane, IAsyncDisposable
{
    /// <summary>How exactly T1 is kept.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly MediaOptions _options;
    private readonly ICommandSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommandStamp _stamp;
    private readonly CommandDispatch<string> _outcomes;
    private readonly MediaPortPool _ports;
    private readonly Recorder? _recorder;
    private readonly AbsentSessions _absent;
    private readonly MediaMetrics _metrics;
    private readonly ConcurrentDictionary<string, MediaSession> _sessions = new();
    private readonly Lock _opening = new();
    private ITimer? _timer;
    private int _ticking;
    private int _stopped;
    private volatile bool _running;

    public MediaNode(MediaOptions options, ICommandSink sink, TimeProvider time, ILogger logger)
    {
        (_options, _sink, _time, _logger) = (options, sink, time, logger);
        _stamp = new CommandStamp(options.NodeName, time);
        _metrics = new MediaMetrics(options.Meters, Counters);
        _metrics.Watch(() => OpenSessions, () => OpenLegs);
        _outcomes = new CommandDispatch<string>(sink, DispatchLimits.OfOutcomes, Counters, time, logger);
        _ports = new MediaPortPool(options, _stamp.StartUs);
        _absent = new AbsentSessions(time);
        _recorder = options.Recording is { } recording ? new Recorder(recording, options, sink, _stamp, Counters, time, logger) : null;
    }

    public string Name => _options.NodeName;

    public MediaNodeCounters Counters { get; } = new();

    public int OpenSessions => _sessions.Count;

    public int OpenLegs => _sessions.Values.Sum(session => session.Legs);

    /// <summary>Each leg, and a little for a session that has none yet.</summary>
    public int Load => OpenLegs + OpenSessions;

    /// <summary>Throws when the options cannot work: say so at start.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_options.Problems() is { Count: > 0 } problems)
        {
            throw new InvalidOperationException(string.Join(" ", problems));
        }

        _recorder?.Start();
        _running = true;
        _timer = _time.CreateTimer(static node => ((MediaNode)node!).OnTick(), this, Tick, Tick);
        return Task.CompletedTask;
    }

    /// <summary>Closes all sessions. Their calls are not told: a node that comes back takes the same ports again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _running = false;
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        List<MediaSession> sessions;
        lock (_opening)
        {
            sessions = [.. _sessions.Values];
            _sessions.Clear();
        }

        await Task.WhenAll([.. sessions.Select(session => session.DisposeAsync().AsTask()), _outcomes.DisposeAsync().AsTask()]).WaitAsync(cancellationToken);
        if (_recorder is not null)
        {
            await _recorder.DisposeAsync().AsTask().WaitAsync(cancellationToken);
        }

        if (_options.Pipeline is { } pipeline)
        {
            await pipeline.DisposeAsync().AsTask().WaitAsync(cancellationToken);
        }

        _metrics.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken)
    {
        if (!_running)
        {
            return ValueTask.FromResult(false);
        }

        if (effect.MediaNode.Length > 0 && effect.MediaNode != _options.NodeName)
        {
            Counters.Add(MediaCounter.EffectsForOtherNode);
            return ValueTask.FromResult(false);
        }

        using var span = Traces.IsOn ? Traces.Begin($"media {effect.BodyCase}", ActivityKind.Consumer, effect.TraceParent) : null;
        span?.SetTag(Traces.Session, effect.Session).SetTag(Traces.Correlation, effect.CorrelationId);
        return ValueTask.FromResult(
            effect.BodyCase switch
            {
                MediaEffect.BodyOneofCase.Open => Open(effect),
                MediaEffect.BodyOneofCase.Close => Close(effect.Session),
                _ => Apply(effect),
            }
        );
    }

    /// <summary>It goes on forwarding until a call says otherwise.</summary>
    public void CheckSessions()
    {
        var now = _time.GetTimestamp();
        foreach (var session in _sessions.Values)
        {
            session.Claim.CheckAt(now);
        }
    }

    internal MediaSession? Find(string session) => _sessions.GetValueOrDefault(session);

    private bool Apply(MediaEffect effect)
    {
        if (_sessions.TryGetValue(effect.Session, out var session))
        {
            session.Apply(effect);
            return true;
        }

        Counters.Add(MediaCounter.EffectsWithoutSession);
        return _absent.IsVoid(effect.Session);
    }

    private bool Open(MediaEffect effect)
    {
        lock (_opening)
        {
            if (!_running)
            {
                return false;
            }

            if (TryOpen(effect, out var session, out var missed, out var problem))
            {
                session.Claim.Ordered();
                Tell(session, effect.Session, effect.CorrelationId, new CallCommand { MediaOpened = Opened(session, missed) });
            }
            else
            {
                var failed = new MediaSessionFailed { Detail = problem, MediaNode = _options.NodeName };
                _outcomes.Send(effect.Session, _stamp.ToCall(effect.Session, effect.CorrelationId, new CallCommand { MediaFailed = failed }));
            }
        }

        return true;
    }

    // Another rejection may come from an older program that does not know the question. An order that came after the question stands.
    private void Tell(MediaSession session, string name, string correlationId, CallCommand body)
    {
        var orders = session.Claim.Orders;
        _outcomes.Send(name, _stamp.ToCall(name, correlationId, body), rejected: why =>
        {
            lock (_opening)
            {
                if (SessionClaim.IsDenied(why) && session.Claim.Orders == orders && _sessions.GetValueOrDefault(name) == session)
                {
                    _logger.LogInformation("Session {Session} is closed: {Reason}", name, why.Detail);
                    Close(name);
                    Counters.Add(MediaCounter.SessionsUnclaimed);
                }
            }
        });
    }

    private bool TryOpen(MediaEffect effect, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MediaSession? session, out bool missed, out string problem)
    {
        (missed, problem) = (false, "");
        if (_sessions.TryGetValue(effect.Session, out session))
        {
            return true;
        }

        if (_sessions.Count >= _options.MaxSessions)
        {
            problem = $"{_options.NodeName} has {_sessions.Count} sessions, its most";
        }
        else if (_ports.TryOpen((int)effect.Open.RtpPort, (int)effect.Open.FloorPort, out var rtp, out var floor, out problem))
        {
            var claim = new SessionClaim(effect.Session, _options.SessionCheck, _time);
            session = new MediaSession(Context(effect), rtp, floor, RecorderOf(effect, ((IPEndPoint)rtp.LocalEndPoint!).Port), claim); // Bound.
            session.Start();
            _sessions[effect.Session] = session;
            missed = _absent.Opened(effect.Session);
            Counters.Add(MediaCounter.SessionsOpened);
            return true;
        }

        Counters.Add(MediaCounter.SessionsFailed);
        _logger.LogWarning("Session {Session} could not be opened: {Problem}", effect.Session, problem);
        return false;
    }

    private SessionRecorder? RecorderOf(MediaEffect effect, int rtpPort)
    {
        if (effect.Open.Recorded && _recorder is null)
        {
            var broken = new BrokenRecording { Fault = RecordingFault.Unavailable, Detail = "no folder of recordings is configured", MediaNode = _options.NodeName };
            _outcomes.Send(effect.Session, _stamp.ToCall(effect.Session, effect.CorrelationId, new CallCommand { RecordingBroken = new BurstRecordingBroken { Recording = broken } }));
        }

        return effect.Open.Recorded ? _recorder?.Of(effect.Session, effect.CorrelationId, rtpPort) : null;
    }

    private SessionContext Context(MediaEffect effect) =>
        new(
            effect.Session,
            effect.CorrelationId,
            _options,
            _stamp,
            new CommandDispatch<uint>(_sink, DispatchLimits.OfSession, Counters, _time, _logger),
            Counters,
            _metrics,
            _time,
            _logger
        );

    private MediaSessionOpened Opened(MediaSession session, bool missed) =>
        new()
        {
            MediaNode = _options.NodeName,
            Address = _options.ShownAddress,
            RtpPort = (uint)session.RtpPort,
            FloorPort = (uint)session.FloorPort,
            Missed = missed,
            Run = _options.Run.Length > 0 ? _options.Run : _stamp.StartUs.ToString(CultureInfo.InvariantCulture),
        };

    private bool Close(string name)
    {
        _absent.Closed(name);
        if (_sessions.TryRemove(name, out var session))
        {
            Counters.Add(MediaCounter.SessionsClosed);
            _ = CloseAsync(session);
        }

        return true;
    }

    private async Task CloseAsync(MediaSession session)
    {
        await session.DisposeAsync();
        _ports.Release(session.RtpPort, session.FloorPort);
    }

    private void OnTick()
    {
        // A tick that finds the last one still at work is not needed.
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
        {
            return;
        }

        var now = _time.GetTimestamp();
        foreach (var (name, session) in _sessions)
        {
            session.OnTick(now);
            if (session.Claim.IsCheckDue(now))
            {
                var check = new CheckMediaSession { MediaNode = _options.NodeName, RtpPort = (uint)session.RtpPort };
                Tell(session, name, $"media:{_options.NodeName}:{name}", new CallCommand { CheckMedia = check });
            }
        }

        Volatile.Write(ref _ticking, 0);
    }
}
