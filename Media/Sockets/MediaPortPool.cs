using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Mcptt.Media.Sockets;

/// <summary>Opens the two sockets of a session, on ports of the configured range or on those that a session had before a restart.</summary>
internal sealed class MediaPortPool
{
    /// <summary>So many ports may be taken by others before a session fails.</summary>
    private const int MaxBindFailures = 64;

    private readonly MediaOptions _options;
    private readonly HashSet<int> _open = [];
    private readonly Lock _gate = new();
    private int _next;

    /// <param name="options">Their range is dealt out in turn, so that a port just closed rests.</param>
    /// <param name="start">Where to begin: another place at each start, because sessions from before it come back for their ports.</param>
    public MediaPortPool(MediaOptions options, long start)
    {
        _options = options;
        _next = (int)((ulong)start % (ulong)options.Ports.Pairs);
    }

    public bool TryOpen(
        int rtpPort,
        int floorPort,
        [NotNullWhen(true)] out Socket? rtp,
        [NotNullWhen(true)] out Socket? floor,
        out string problem
    )
    {
        lock (_gate)
        {
            var opened = rtpPort != 0 || floorPort != 0 || _options.Ports.IsEphemeral
                ? TryOpenPair(rtpPort, floorPort, out rtp, out floor, out problem)
                : TryOpenNext(out rtp, out floor, out problem);
            if (opened)
            {
                _open.Add(PortOf(rtp!));
                _open.Add(PortOf(floor!));
            }

            return opened;
        }
    }

    public void Release(int rtpPort, int floorPort)
    {
        lock (_gate)
        {
            _open.Remove(rtpPort);
            _open.Remove(floorPort);
        }
    }

    private bool TryOpenNext(out Socket? rtp, out Socket? floor, out string problem)
    {
        (rtp, floor, problem) = (null, null, $"all media ports {_options.Ports.First}-{_options.Ports.Last} are in use");
        var pairs = _options.Ports.Pairs;
        var failures = 0;
        for (var i = 0; i < pairs && failures < MaxBindFailures; i++)
        {
            var port = _options.Ports.FirstEven + (2 * _next);
            _next = (_next + 1) % pairs;
            if (_open.Contains(port) || _open.Contains(port + 1))
            {
                continue;
            }

            if (TryOpenPair(port, port + 1, out rtp, out floor, out problem))
            {
                return true;
            }

            failures++;
        }

        return false;
    }

    private bool TryOpenPair(int rtpPort, int floorPort, out Socket? rtp, out Socket? floor, out string problem)
    {
        floor = null;
        if (!TryBindEven(rtpPort, out rtp, out problem))
        {
            return false;
        }

        if (TryBind(floorPort, out floor, out problem))
        {
            return true;
        }

        rtp!.Dispose();
        rtp = null;
        return false;
    }

    // RFC 3550 11: RTP has an even port. The system knows nothing of that when it chooses.
    private bool TryBindEven(int port, out Socket? socket, out string problem)
    {
        for (var i = 0; i < MaxBindFailures; i++)
        {
            if (!TryBind(port, out socket, out problem))
            {
                return false;
            }

            if (port != 0 || (PortOf(socket!) & 1) == 0)
            {
                return true;
            }

            socket!.Dispose();
        }

        (socket, problem) = (null, "the system gives no even port");
        return false;
    }

    private bool TryBind(int port, out Socket? socket, out string problem)
    {
        var candidate = new Socket(_options.BindAddress.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (_options.BindAddress.Equals(IPAddress.IPv6Any))
            {
                candidate.DualMode = true;
            }

            candidate.Bind(new IPEndPoint(_options.BindAddress, port));
            (socket, problem) = (candidate, "");
            return true;
        }
        catch (SocketException failure)
        {
            candidate.Dispose();
            (socket, problem) = (null, $"UDP port {port} on {_options.BindAddress}: {failure.SocketErrorCode}");
            return false;
        }
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
