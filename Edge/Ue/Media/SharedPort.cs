using System.Net;

namespace Mcptt.Ue.Media;

/// <summary>
/// One UDP socket for one leg of each of many calls. The server has a port of its own for each call, so the source of a datagram tells the
/// call; two legs of the same call must not share a socket, because the server tells legs apart by their address.
/// </summary>
internal sealed class SharedPort : IAsyncDisposable
{
    /// <summary>What comes before the SDP answer that names its source waits here; at the bound the oldest goes and is counted.</summary>
    public const int MaxEarlyDatagrams = 1024;

    /// <summary>What came longer ago belonged to a call that is gone.</summary>
    public static readonly TimeSpan EarlyFor = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly UdpPort _port;
    private readonly TimeProvider _time;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<SocketAddress, Lease> _leases = new();
    private readonly Queue<(SocketAddress From, byte[] Datagram, long At)> _early = new();
    private long _earlyDropped;

    public SharedPort(UdpPort port, TimeProvider time)
    {
        (_port, _time) = (port, time);
        _port.StartThread(Take);
    }

    public long EarlyDropped => Interlocked.Read(ref _earlyDropped);

    public IDatagramPort Open() => new Lease(this);

    public ValueTask DisposeAsync() => _port.DisposeAsync();

    private void Take(ReadOnlySpan<byte> datagram, SocketAddress from)
    {
        if (_leases.TryGetValue(from, out var lease))
        {
            lease.Handle(datagram);
            return;
        }

        lock (_gate)
        {
            // It may have been expected while we waited for the gate.
            if (_leases.TryGetValue(from, out lease))
            {
                lease.Handle(datagram);
                return;
            }

            if (_early.Count == MaxEarlyDatagrams)
            {
                _early.Dequeue();
                Interlocked.Increment(ref _earlyDropped);
            }

            _early.Enqueue((Copy(from), datagram.ToArray(), _time.GetTimestamp()));
        }
    }

    // What came early goes first; the receive loop waits at the gate meanwhile, so nothing overtakes it.
    private void Expect(Lease lease, SocketAddress from)
    {
        lock (_gate)
        {
            for (var left = _early.Count; left > 0; left--)
            {
                var early = _early.Dequeue();
                if (_time.GetElapsedTime(early.At) >= EarlyFor)
                {
                    continue;
                }

                if (early.From.Equals(from))
                {
                    lease.Handle(early.Datagram);
                }
                else
                {
                    _early.Enqueue(early);
                }
            }

            _leases[from] = lease;
        }
    }

    private void Release(Lease lease, IEnumerable<SocketAddress> sources)
    {
        foreach (var source in sources)
        {
            _leases.TryRemove(new(source, lease)); // A later call from the same source keeps it.
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }

    private sealed class Lease(SharedPort owner) : IDatagramPort
    {
        private readonly List<SocketAddress> _sources = [];
        private volatile DatagramHandler? _handler;
        private volatile Target? _target;

        public IPEndPoint Local => owner._port.Local;

        public void Start(DatagramHandler handler) => _handler = handler;

        public void Handle(ReadOnlySpan<byte> datagram) => _handler?.Invoke(datagram);

        public void Expect(IPEndPoint remote)
        {
            if (_target is { } known && known.Remote.Equals(remote))
            {
                return;
            }

            var address = remote.Serialize();
            lock (_sources)
            {
                _sources.Add(address);
            }

            _target = new Target(remote, address);
            owner.Expect(this, address);
        }

        public bool TrySend(ReadOnlySpan<byte> datagram, IPEndPoint to) =>
            _target is { } target && target.Remote.Equals(to) ? owner._port.TrySend(datagram, target.Address) : owner._port.TrySend(datagram, to);

        public ValueTask DisposeAsync()
        {
            _handler = null;
            lock (_sources)
            {
                owner.Release(this, _sources);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed record Target(IPEndPoint Remote, SocketAddress Address);
}
