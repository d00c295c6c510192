using Mcptt.Protocol.Floor;

namespace Mcptt.Media.Sessions;

/// <summary>A leg's request for the floor, from the press of the button until the first word about it (TS 22.179 6.15.3, KPI 1). A repeated request is the same one.</summary>
internal sealed class FloorAccess(MediaMetrics metrics, TimeProvider time)
{
    // The type without the bit that asks for an acknowledgement (TS 24.380 8.2.2).
    private const int TypeBits = 0x0F;

    private long _askedAt;
    private bool _bySpeech;

    public void Asked(long now, bool bySpeech)
    {
        if (Interlocked.CompareExchange(ref _askedAt, now, 0) == 0)
        {
            _bySpeech = bySpeech;
        }
    }

    /// <summary>It wants the floor no more, or nobody will tell it.</summary>
    public void Forget() => Interlocked.Exchange(ref _askedAt, 0);

    /// <summary>A floor message went to the leg.</summary>
    public void Told(ReadOnlySpan<byte> message)
    {
        if (Volatile.Read(ref _askedAt) == 0 || message.IsEmpty)
        {
            return;
        }

        switch ((FloorMessageType)(message[0] & TypeBits))
        {
            case FloorMessageType.FloorGranted:
                Answered(FloorAnswer.Granted);
                break;
            case FloorMessageType.FloorDeny:
                Answered(FloorAnswer.Denied);
                break;
            case FloorMessageType.FloorQueuePositionInfo:
                Answered(FloorAnswer.Queued);
                break;
            default:
                break;
        }
    }

    public void Answered(FloorAnswer answer)
    {
        if (Interlocked.Exchange(ref _askedAt, 0) is not 0 and var asked)
        {
            metrics.Answered(answer, _bySpeech, time.GetElapsedTime(asked));
        }
    }
}
