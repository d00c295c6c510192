using Mcptt.Protocol.Rtp;
using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Media;

/// <summary>
/// Sends one frame of a source each packet time (20 ms): the first at once, each later one at its place on the clock, so that a late timer is made
/// up for. The marker bit starts a burst (RFC 3551 4.1); the timestamp goes on through the silence between bursts.
/// </summary>
internal sealed class RtpSender : IDisposable
{
    public const int FrameOctets = 160;

    /// <summary>A machine that stood still for longer does not send all it missed at once; the frames left out are a gap in the timestamps.</summary>
    public const int MaxFramesPerTick = 10;

    private const int ClockRate = WavFile.SampleRate;

    /// <summary>Timers count whole milliseconds: a frame may leave so much before its time rather than up to that much after it.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly uint _ssrc;
    private readonly Action<ReadOnlySpan<byte>> _send;
    private readonly Action<long>? _sourceEnded;
    private readonly ITimer _timer;
    private readonly long _epoch;
    private readonly TimeSpan _frameTime;
    private readonly long _frameTicks;
    private readonly byte[] _packet;
    private IAudioSource? _source;
    private byte _payloadType;
    private long _burstStart;
    private long _burstFrames;
    private long _burstPackets;
    private ushort _sequence;

    /// <param name="send">Takes the whole packet; must not wait.</param>
    /// <param name="sourceEnded">Told how many packets the burst had.</param>
    public RtpSender(TimeProvider time, uint ssrc, Action<ReadOnlySpan<byte>> send, Action<long>? sourceEnded = null, VoicePacket? packet = null)
    {
        var frame = packet ?? VoicePacket.Default;
        _frameTime = frame.Time;
        _frameTicks = (long)(frame.Time.TotalSeconds * ClockRate);
        _packet = new byte[RtpHeader.FixedOctets + frame.Octets];
        (_time, _ssrc, _send, _sourceEnded) = (time, ssrc, send, sourceEnded);
        _sequence = (ushort)(ssrc >> 8);
        _epoch = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Packets { get; private set; }

    public long SkippedFrames { get; private set; }

    public void Start(IAudioSource source, byte payloadType)
    {
        lock (_gate)
        {
            (_source, _payloadType, _burstFrames, _burstPackets) = (source, payloadType, 0, 0);
            _burstStart = _time.GetTimestamp();
            SendDueFrames();
        }
    }

    /// <summary>No packet leaves after this has returned.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            StopLocked();
        }
    }

    public void Dispose()
    {
        Stop();
        _timer.Dispose();
    }

    private void StopLocked()
    {
        _source = null;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        lock (_gate)
        {
            SendDueFrames();
        }
    }

    private void SendDueFrames()
    {
        if (_source is null)
        {
            return;
        }

        var due = (long)((_time.GetElapsedTime(_burstStart) + Early) / _frameTime) + 1;
        if (due - _burstFrames > MaxFramesPerTick)
        {
            SkippedFrames += due - _burstFrames - MaxFramesPerTick;
            _burstFrames = due - MaxFramesPerTick;
        }

        while (_burstFrames < due && _source is not null)
        {
            SendFrame(_source);
        }

        if (_source is not null)
        {
            // A period would drift against the frames, and each frame that it misses waits for the next one.
            var left = (_burstFrames * _frameTime) - _time.GetElapsedTime(_burstStart);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Floor(left.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
        }
    }

    private void SendFrame(IAudioSource source)
    {
        if (!source.TryRead(_packet.AsSpan(RtpHeader.FixedOctets)))
        {
            StopLocked();
            _sourceEnded?.Invoke(_burstPackets);
            return;
        }

        var burstTicks = (long)(_time.GetElapsedTime(_epoch, _burstStart).TotalSeconds * ClockRate);
        var header = new RtpHeader
        {
            Marker = _burstPackets == 0,
            PayloadType = _payloadType,
            SequenceNumber = _sequence++,
            Timestamp = unchecked(_ssrc + (uint)(burstTicks + _burstFrames * _frameTicks)),
            Ssrc = _ssrc,
        };
        header.Write(_packet);
        _burstFrames++;
        _burstPackets++;
        Packets++;
        _send(_packet);
    }
}
