using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Mcptt.Actors.Akka.Streams;

/// <summary>What was received of one session and not pulled yet. Full: the oldest goes.</summary>
internal sealed class RtpBuffer(Action dropped)
{
    /// <summary>More than a second of one talker's speech in 20 ms packets; who is later than that is not worth hearing.</summary>
    public const int Capacity = 64;

    private readonly Lock _gate = new();
    private readonly Queue<RtpPacket> _waiting = new(Capacity);
    private Action? _wake;
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    public void Add(ReadOnlySpan<byte> packet, SocketAddress source)
    {
        Action? wake;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            if (_waiting.Count == Capacity)
            {
                _waiting.Dequeue().Return();
                dropped();
            }

            _waiting.Enqueue(new RtpPacket(packet, source));
            (wake, _wake) = (_wake, null);
        }

        wake?.Invoke();
    }

    /// <summary>False: none is there. Unless the buffer is closed, `wake` is called once when one is there or it is closed.</summary>
    public bool TryTake([NotNullWhen(true)] out RtpPacket? packet, Action wake)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out packet))
            {
                return true;
            }

            _wake = _closed ? null : wake;
            return false;
        }
    }

    /// <summary>What waits is still forwarded, nothing more is taken.</summary>
    public void Close()
    {
        Action? wake;
        lock (_gate)
        {
            _closed = true;
            (wake, _wake) = (_wake, null);
        }

        wake?.Invoke();
    }
}
