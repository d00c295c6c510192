using System.Net.Sockets;
using Mcptt.Media.Recording;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Media.Sessions;

/// <summary>One call on this node: an RTP port, a floor port, and who is behind them.</summary>
internal sealed class MediaSession : IAsyncDisposable
{
    private readonly SessionContext _context;
    private readonly SessionTopology _topology;
    private readonly DatagramPort _rtpPort;
    private readonly DatagramPort _floorPort;
    private readonly FloorPath _floorPath;
    private readonly PipedReceiver? _piped;

    public MediaSession(SessionContext context, Socket rtp, Socket floor, SessionRecorder? recorder, SessionClaim claim)
    {
        (_context, Claim) = (context, claim);
        _topology = new SessionTopology(context, rtp.AddressFamily, recorder);
        _rtpPort = new DatagramPort(rtp, context.Counters, context.Time, context.Logger);
        _floorPort = new DatagramPort(floor, context.Counters, context.Time, context.Logger);
        _floorPath = new FloorPath(context, _topology, _floorPort);
        RtpPath = new RtpPath(context, _topology, _rtpPort);
        _piped = context.Options.Pipeline is { } pipeline ? new PipedReceiver(pipeline.Open(RtpPath.OnDatagram, () => context.Counters.Add(MediaCounter.SendDroppedOldest))) : null;
        (RtpPort, FloorPort) = (_rtpPort.Port, _floorPort.Port);
    }

    public int RtpPort { get; }

    public int FloorPort { get; }

    public SessionClaim Claim { get; }

    public int Legs => _topology.Table.Routes.Length;

    internal RtpPath RtpPath { get; }

    public void Start()
    {
        _rtpPort.Start(_piped is null ? RtpPath : _piped);
        _floorPort.Start(_floorPath);
    }

    /// <summary>Nothing here waits for anything.</summary>
    public void Apply(MediaEffect effect)
    {
        switch (effect.BodyCase)
        {
            case MediaEffect.BodyOneofCase.PutLeg:
                Put(effect.PutLeg);
                break;
            case MediaEffect.BodyOneofCase.RemoveLeg:
                _topology.Remove(effect.RemoveLeg.Leg);
                break;
            case MediaEffect.BodyOneofCase.SetMediaFlow:
                _topology.SetFlow(effect.SetMediaFlow);
                break;
            case MediaEffect.BodyOneofCase.SetTalkers:
                foreach (var (leg, drain) in _topology.SetTalkers(effect.SetTalkers))
                {
                    RtpPath.SendHeld(leg, drain);
                }

                break;
            case MediaEffect.BodyOneofCase.SendFloor:
                _floorPath.Send(effect.SendFloor);
                break;
            default:
                _context.Logger.LogError("Media effect {EffectId} of session {Session} says nothing", effect.EffectId, _context.Session);
                break;
        }
    }

    /// <summary>T1 of talkers, and the silence of others.</summary>
    public void OnTick(long now)
    {
        foreach (var route in _topology.Table.Routes)
        {
            var report = route.Leg.Burst.OnTick(now);
            if (report == BurstReport.Stopped)
            {
                route.Leg.Held.Abandon();
            }

            route.Leg.Held.OnTick(now);
            _context.Report(route.Leg, report);
        }
    }

    /// <summary>The sockets are closed when it returns; what was under way has ended when the task has.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_rtpPort.CloseAsync(), _floorPort.CloseAsync());
        await (_piped?.DisposeAsync() ?? ValueTask.CompletedTask);
        _topology.EndRecordings();
        await _context.Dispatch.DisposeAsync();
    }

    private void Put(PutMediaLeg put)
    {
        if (_topology.Put(put) is not { } leg)
        {
            _context.Logger.LogError("Session {Session} has {Legs} legs: leg {Leg} gets no media", _context.Session, SessionTopology.MaxLegs, put.Leg);
            return;
        }

        if (leg.Rtp.Destination is null)
        {
            _context.Logger.LogWarning(
                "Leg {Leg} of session {Session} has no address that this node can send to ({Remote}): it is served when its own packets show one",
                put.Leg,
                _context.Session,
                put.RtpRemote
            );
        }

        _floorPath.Welcome(put.Leg);
    }
}
