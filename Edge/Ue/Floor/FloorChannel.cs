using System.Net;
using Mcptt.Protocol.Floor;
using Mcptt.Ue.Events;
using Mcptt.Ue.Media;

namespace Mcptt.Ue.Floor;

/// <summary>What the floor orders outside its own channel. Called one at a time; must not wait.</summary>
internal interface IFloorDuties
{
    void StartMedia();

    void StopMedia();

    void LeaveCall();
}

/// <summary>The floor control channel of one call: its UDP port, the participant machine, and what the client does wrong on purpose.</summary>
internal sealed class FloorChannel : IAsyncDisposable
{
    /// <summary>Messages that come before the SDP answer is known; later ones push the oldest out.</summary>
    private const int MaxEarlyDatagrams = 16;

    private readonly Lock _gate = new();
    private readonly IDatagramPort _port;
    private readonly ParticipantRunner _runner;
    private readonly IFloorDuties _duties;
    private readonly UeEventLog _events;
    private readonly TimeProvider _time;
    private readonly Misbehaviour _misbehaviour;
    private readonly IFloorTap? _tap;
    private readonly string _user;
    private readonly FaultyWire? _inward;
    private readonly FaultyWire? _outward;
    private readonly uint _ssrc;
    private readonly bool _logsMessages;
    private Queue<byte[]>? _early = new();
    private IPEndPoint? _remote;

    public FloorChannel(UeOptions options, uint ssrc, UeEventLog events, TimeProvider time, IFloorDuties duties, IMediaPorts? ports = null)
    {
        (_ssrc, _events, _time, _duties, _misbehaviour) = (ssrc, events, time, duties, options.Misbehaviour);
        (_tap, _user) = (options.FloorTap, options.User.AddressOfRecord);
        (_inward, _outward) = _misbehaviour.TouchesTheWire
            ? (new FaultyWire(_misbehaviour, direction: 1), new FaultyWire(_misbehaviour, direction: 2))
            : (null, null);
        _runner = new ParticipantRunner(options.Floor, time, Do);
        _logsMessages = options.LogFloorMessages;
        _port = (ports ?? options.EffectiveMediaPorts).OpenFloor();
        _port.Start(Receive);
    }

    public int Port => _port.Local.Port;

    /// <summary>The call stands: what came early is read now. Called again when a new offer moves the other side.</summary>
    public void Connect(IPEndPoint remote, ParticipantInput.CallEstablished established)
    {
        _port.Expect(remote);
        Queue<byte[]>? early;
        lock (_gate)
        {
            _remote = remote;
            (early, _early) = (_early, null);
        }

        if (early is null)
        {
            return;
        }

        _runner.Apply(established);
        foreach (var datagram in early)
        {
            Read(datagram);
        }
    }

    public void Apply(ParticipantInput input) => _runner.Apply(input);

    /// <summary>Requests without asking the machine.</summary>
    public void Flood(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            Send(new FloorMessage(FloorMessageType.FloorRequest, _ssrc));
        }
    }

    /// <summary>A message that no procedure of the participant sends; whatever comes of it is the machine's to judge.</summary>
    public void Inject(FloorMessage message) => Send(message with { Ssrc = _ssrc });

    public async ValueTask DisposeAsync()
    {
        _runner.Dispose();
        await _port.DisposeAsync();
    }

    private void Receive(ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_early is not null)
            {
                if (_early.Count == MaxEarlyDatagrams)
                {
                    _early.Dequeue();
                }

                _early.Enqueue(datagram.ToArray());
                return;
            }
        }

        if (_inward is null)
        {
            Read(datagram);
            return;
        }

        foreach (var passed in _inward.Pass(datagram))
        {
            Read(passed);
        }
    }

    // Several messages may share one datagram (8.1.1): each is found by the length of the one before.
    private void Read(ReadOnlySpan<byte> datagram)
    {
        _tap?.Received(_user, _remote!, _port.Local, datagram); // Nothing is read before the other side is known.
        while (!datagram.IsEmpty)
        {
            if (FloorCodec.TryDecode(datagram, out var message, out var octets))
            {
                Take(message);
            }

            if (octets <= 0)
            {
                return;
            }

            datagram = datagram[octets..];
        }
    }

    private void Take(FloorMessage message)
    {
        Log(message, sent: false);
        if (FloorTranslation.ToInput(message) is { } input && !(input is ParticipantInput.Revoke && _misbehaviour.IgnoreRevoke))
        {
            _runner.Apply(input);
        }
    }

    private void Do(ParticipantAction action)
    {
        switch (action)
        {
            case ParticipantAction.Tell tell:
                _events.Append(new FloorChanged(_time.GetUtcNow(), tell.Notice));
                break;
            case ParticipantAction.StartMedia:
                _duties.StartMedia();
                break;
            case ParticipantAction.StopMedia:
                _duties.StopMedia();
                break;
            case ParticipantAction.LeaveCall:
                _duties.LeaveCall();
                break;
            default:
                if (FloorTranslation.ToMessage(action, _ssrc) is { } message)
                {
                    Send(message);
                }

                break;
        }
    }

    private void Log(FloorMessage message, bool sent)
    {
        if (_logsMessages)
        {
            _events.Append(new FloorMessagePassed(_time.GetUtcNow(), sent, FloorTranslation.Describe(message)));
        }
    }

    private void Send(FloorMessage message)
    {
        if (_remote is not { } remote)
        {
            return;
        }

        Log(message, sent: true);
        var datagram = FloorCodec.Encode(message);
        foreach (var passed in _outward?.Pass(datagram) ?? [datagram])
        {
            _tap?.Sent(_user, _port.Local, remote, passed); // Before the answer can come.
            _port.TrySend(passed, remote);
        }
    }
}
