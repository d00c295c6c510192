using System.Buffers;

namespace Mcptt.Media.Sessions;

internal enum HeldOutcome
{
    /// <summary>To be forwarded now.</summary>
    Pass,

    /// <summary>In the ring, where it leaves behind those before it or is dropped.</summary>
    Kept,

    /// <summary>The leg may not talk, and nothing of its burst is held.</summary>
    Refused,
}

/// <summary>
/// A phone without floor channel asks for the floor by speaking (architecture.md), and goes on while its request is decided. What it says
/// from the packet that was reported is held here; it leaves first, in its order, when the leg may talk. Meanwhile live packets queue up
/// behind: <c>order out = order in</c>, with one drain at a time. Dropped when somebody else gets the floor, the leg falls silent,
/// or nothing was decided within <see cref="HoldFor"/>.
/// </summary>
internal sealed class HeldSpeech(TimeProvider time, MediaNodeCounters counters)
{
    /// <summary>Longer ago it would be heard too late to be a conversation; the leg is reported, and so asks, again.</summary>
    public static readonly TimeSpan HoldFor = TimeSpan.FromSeconds(1);

    /// <summary>One second in packets of 20 ms. Full: the oldest goes, counted.</summary>
    public const int MaxPackets = 50;

    /// <summary>One second of the widest codec in use (G.711, 64 kbit/s) twice. Full: the oldest goes, counted.</summary>
    public const int MaxOctets = 16 * 1024;

    /// <summary>Live packets that queue up behind a drain. Full: the newest goes, counted, so that the drain of who sends faster than it comes to an end.</summary>
    public const int MaxBehind = MaxPackets;

    private readonly Lock _gate = new();
    private readonly ushort[] _lengths = new ushort[MaxPackets]; // A ring: _count of them from _first on.
    private byte[]? _octets; // The packets one behind the other from _start to _end; rented while something is held.
    private int _first;
    private int _count;
    private int _start;
    private int _end;
    private long _began;
    private Phase _phase = Phase.Silent;
    private int _behind;
    private int _drain; // Number of the drain that is at work; one that was overtaken ends.
    private volatile bool _passes;

    private enum Phase
    {
        /// <summary>May not talk, nothing held.</summary>
        Silent,
        Holding,

        /// <summary>May talk; what was held is on its way.</summary>
        Draining,

        /// <summary>May talk, nothing held.</summary>
        Passing,
    }

    /// <param name="packet">Copied if kept.</param>
    /// <param name="reported">MediaStarted tells of this packet.</param>
    /// <param name="now">Timestamp of the session's TimeProvider.</param>
    public HeldOutcome Offer(ReadOnlySpan<byte> packet, bool reported, long now)
    {
        // A talker's packet: no lock.
        if (_passes)
        {
            return HeldOutcome.Pass;
        }

        lock (_gate)
        {
            DropOverdue(now);
            if (_phase == Phase.Silent && reported)
            {
                (_phase, _began) = (Phase.Holding, now);
            }

            switch (_phase)
            {
                case Phase.Passing:
                    return HeldOutcome.Pass;
                case Phase.Silent:
                    return HeldOutcome.Refused;
                case Phase.Draining when _behind++ >= MaxBehind:
                    counters.Add(MediaCounter.RtpHeldDropped);
                    return HeldOutcome.Kept;
                case Phase.Holding:
                case Phase.Draining:
                default:
                    Append(packet);
                    return HeldOutcome.Kept;
            }
        }
    }

    /// <summary>The leg may talk. Not null: what is held has to be taken, one by one, with this number; until then nothing passes.</summary>
    public int? Permit(long now)
    {
        lock (_gate)
        {
            DropOverdue(now);
            switch (_phase)
            {
                case Phase.Holding:
                    (_phase, _behind) = (Phase.Draining, 0);
                    return ++_drain;
                case Phase.Silent:
                    Pass();
                    return null;
                case Phase.Draining:
                case Phase.Passing:
                default:
                    return null;
            }
        }
    }

    /// <param name="packet">Room for the longest datagram.</param>
    /// <param name="drain">From <see cref="Permit"/>.</param>
    /// <param name="octets">Of the packet.</param>
    /// <returns>False: nothing is left, and live packets pass; or the permission is gone.</returns>
    public bool TryTake(int drain, Span<byte> packet, out int octets)
    {
        lock (_gate)
        {
            octets = 0;
            if (_phase != Phase.Draining || drain != _drain)
            {
                return false;
            }

            if (_count == 0)
            {
                Pass();
                return false;
            }

            octets = _lengths[_first];
            _octets.AsSpan(_start, octets).CopyTo(packet);
            RemoveFirst();
            return true;
        }
    }

    /// <summary>The leg may not talk.</summary>
    /// <param name="decided">Somebody else got the floor, or had it until now: what is held is not what is to be heard next.</param>
    public void Forbid(bool decided)
    {
        lock (_gate)
        {
            if (decided || _phase != Phase.Holding)
            {
                Drop();
            }
        }
    }

    /// <summary>It fell silent or left.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            if (_phase == Phase.Holding)
            {
                Drop();
            }
        }
    }

    public void OnTick(long now)
    {
        lock (_gate)
        {
            DropOverdue(now);
        }
    }

    private void DropOverdue(long now)
    {
        if (_phase == Phase.Holding && time.GetElapsedTime(_began, now) > HoldFor)
        {
            Drop();
        }
    }

    private void Append(ReadOnlySpan<byte> packet)
    {
        _octets ??= ArrayPool<byte>.Shared.Rent(MaxOctets);
        while (_count == MaxPackets || _end - _start + packet.Length > MaxOctets)
        {
            RemoveFirst();
            counters.Add(MediaCounter.RtpHeldDropped);
        }

        if (_end + packet.Length > _octets.Length)
        {
            _octets.AsSpan(_start.._end).CopyTo(_octets);
            (_start, _end) = (0, _end - _start);
        }

        packet.CopyTo(_octets.AsSpan(_end));
        _end += packet.Length;
        _lengths[(_first + _count) % MaxPackets] = (ushort)packet.Length;
        _count++;
    }

    private void RemoveFirst()
    {
        _start += _lengths[_first];
        _first = (_first + 1) % MaxPackets;
        _count--;
    }

    private void Pass()
    {
        Release();
        _phase = Phase.Passing;
        _passes = true;
    }

    private void Drop()
    {
        counters.Add(MediaCounter.RtpHeldDropped, _count);
        Release();
        _phase = Phase.Silent;
        _passes = false;
    }

    private void Release()
    {
        (_first, _count, _start, _end) = (0, 0, 0, 0);
        if (_octets is { } octets)
        {
            _octets = null;
            ArrayPool<byte>.Shared.Return(octets);
        }
    }
}
