namespace Mcptt.Ue.Media;

/// <summary>What was received of one SSRC, by the rules of RFC 3550 appendices A.1, A.3 and A.8. Not thread safe.</summary>
internal sealed class ReceptionStatistics
{
    /// <summary>RFC 3550 A.1 MAX_DROPOUT: a larger jump of the sequence number is a sender that started over.</summary>
    private const int MaxDropout = 3_000;

    private const int SequenceNumbers = 1 << 16;
    private const int ClockRate = 8_000;

    // Which of the last sequence numbers have been seen: tells a duplicate from a packet that comes late.
    private const int WindowPackets = 64;

    private ulong _window;
    private double _transit;
    private bool _started;
    private long _baseSequence;

    /// <summary>Highest sequence number received, extended by the cycles.</summary>
    public long HighestSequence { get; private set; }

    public long Received { get; private set; }

    public long Duplicates { get; private set; }

    public long Reordered { get; private set; }

    public long Expected => _started ? HighestSequence - _baseSequence + 1 + _expectedBefore : 0;

    public long Lost => Math.Max(0, Expected - (Received - Duplicates));

    /// <summary>Interarrival jitter in units of the RTP clock, smoothed by 1/16 (RFC 3550 6.4.1).</summary>
    public double JitterTicks { get; private set; }

    public TimeSpan Jitter => TimeSpan.FromSeconds(JitterTicks / ClockRate);

    private long _expectedBefore;

    /// <summary>False for a packet that was there before.</summary>
    public bool Take(ushort sequence, uint timestamp, TimeSpan arrival, bool startsBurst)
    {
        Received++;
        if (!_started)
        {
            StartAt(sequence);
        }
        else if (!Advance(sequence))
        {
            Duplicates++;
            return false;
        }

        TakeTransit(arrival.TotalSeconds * ClockRate - timestamp, startsBurst);
        return true;
    }

    private void StartAt(long sequence)
    {
        _started = true;
        _baseSequence = sequence;
        HighestSequence = sequence;
        _window = 1;
    }

    private bool Advance(ushort sequence)
    {
        var ahead = (short)(sequence - (ushort)HighestSequence);
        if (ahead > MaxDropout || ahead < -MaxDropout)
        {
            _expectedBefore += HighestSequence - _baseSequence + 1;
            StartAt(HighestSequence - HighestSequence % SequenceNumbers + SequenceNumbers + sequence);
            return true;
        }

        if (ahead > 0)
        {
            HighestSequence += ahead;
            _window = ahead >= WindowPackets ? 1 : (_window << ahead) | 1;
            return true;
        }

        var bit = -ahead < WindowPackets ? 1UL << -ahead : 0;
        if (bit == 0 || (_window & bit) != 0)
        {
            return false;
        }

        _window |= bit;
        Reordered++;
        if (HighestSequence + ahead < _baseSequence)
        {
            _baseSequence = HighestSequence + ahead;
        }

        return true;
    }

    // The timestamp stands still between bursts of some senders: a burst's first packet gives no transit difference.
    private void TakeTransit(double transit, bool startsBurst)
    {
        if (Received > 1 && !startsBurst)
        {
            JitterTicks += (Math.Abs(transit - _transit) - JitterTicks) / 16;
        }

        _transit = transit;
    }
}
