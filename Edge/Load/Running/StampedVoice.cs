using Mcptt.Load.Measuring;
using Mcptt.Ue.Audio;

namespace Mcptt.Load.Running;

/// <summary>Speech in which each packet says whose it is and when it should have left.</summary>
internal sealed class StampedVoice(TalkBurst burst, TimeProvider time, TimeSpan packetTime, LoadMeasures measures) : IAudioSource
{
    // As the sender: a machine that stood still for longer leaves packets out.
    private const int MaxFramesBehind = 10;

    private readonly long _frameTime = (long)(packetTime.TotalSeconds * time.TimestampFrequency);
    private long _start;
    private long _due;

    public bool TryRead(Span<byte> frame)
    {
        var now = time.GetTimestamp();
        if (_due == 0)
        {
            _start = now;
        }

        _due = Math.Max(_due, ((now - _start) / _frameTime) + 1 - MaxFramesBehind);
        var intended = _start + (_due++ * _frameTime);
        measures.Record(MeasureKind.VoiceLag, Math.Min(intended, now), now);
        frame[SpeechStamp.Octets..].Clear();
        new SpeechStamp(burst.Call.Run, burst.Id, burst.NextFrame(), time.GetElapsedTime(intended, now) <= Pacer.Resolution ? now : intended).Write(frame);
        return true;
    }
}
