using System.Net;

namespace Mcptt.Media.Sockets;

/// <summary>
/// What could not be sent because the socket would have blocked. Full: the oldest goes, because old speech is worth less than
/// new. Costs nothing until it is needed for the first time.
/// </summary>
internal sealed class SendBacklog(Func<ReadOnlyMemory<byte>, SocketAddress, ValueTask> sendAsync, MediaNodeCounters counters)
{
    public const int Capacity = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Datagram, SocketAddress Destination)> _waiting = new();
    private bool _sending;

    /// <summary>While something waits, what comes later waits behind it.</summary>
    public bool IsBusy => Volatile.Read(ref _sending);

    public void Add(ReadOnlySpan<byte> datagram, SocketAddress destination)
    {
        lock (_gate)
        {
            if (_waiting.Count == Capacity)
            {
                _waiting.Dequeue();
                counters.Add(MediaCounter.SendDroppedOldest);
            }

            _waiting.Enqueue((datagram.ToArray(), destination));
            if (_sending)
            {
                return;
            }

            _sending = true;
        }

        _ = DrainAsync();
    }

    private async Task DrainAsync()
    {
        while (TryTake(out var datagram, out var destination))
        {
            await sendAsync(datagram, destination);
        }
    }

    private bool TryTake(out byte[] datagram, out SocketAddress destination)
    {
        lock (_gate)
        {
            _sending = _waiting.TryDequeue(out var next);
            (datagram, destination) = next;
            return _sending;
        }
    }
}
