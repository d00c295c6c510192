using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Rtp;

namespace Mcptt.Benchmarks.Calls;

/// <summary>
/// One talker in each call, in a loop: Floor Request, three RTP packets, Floor Release. One thread sends by the clock, whatever the server
/// does, and one waits for Floor Granted, so that neither hides a delay. Every call has a port of its own at the server; that tells the calls apart.
/// </summary>
internal sealed class Talkers : IDisposable
{
    private const int MaxFloorPort = 65536;
    private const int ReceiveBufferOctets = 4 << 20;
    private const int RtpPackets = 3;
    private const int SubtypeMask = 0x0F; // without the bit that asks for a Floor Ack (8.2.2.1)

    private static readonly TimeSpan FirstRtp = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromMilliseconds(20);

    private readonly Socket _rtp = Bound();
    private readonly Socket _floor = Bound();
    private readonly int[] _callAtPort = new int[MaxFloorPort];
    private readonly byte[] _request = FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRequest, 7));
    private readonly byte[] _release = FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRelease, 7));
    private readonly byte[] _speech = new byte[RtpHeader.FixedOctets + 160];
    private readonly List<Line> _lines = [];
    private readonly Thread _listening;
    private List<double> _granted = [];
    private volatile bool _closed;

    public Talkers()
    {
        new RtpHeader { PayloadType = RtpPayloadType.Pcmu, Ssrc = 7 }.Write(_speech);
        new Random(1).NextBytes(_speech.AsSpan(RtpHeader.FixedOctets));
        _listening = new Thread(Listen) { IsBackground = true, Name = "waits for grants" };
        _listening.Start();
    }

    public int RtpPort => ((IPEndPoint)_rtp.LocalEndPoint!).Port;

    public int FloorPort => ((IPEndPoint)_floor.LocalEndPoint!).Port;

    /// <summary>Requests that were not granted before the next one of the same call was due.</summary>
    public int Missed { get; private set; }

    public void Add(int rtpPort, int floorPort)
    {
        _lines.Add(new Line(Address(rtpPort), Address(floorPort)));
        _callAtPort[floorPort] = _lines.Count;
    }

    /// <summary>Microseconds from request to grant, of the first so many calls.</summary>
    public IReadOnlyCollection<double> Talk(int calls, TimeSpan period, TimeSpan time)
    {
        var steps = Steps(calls, period);
        _granted = [];
        var clock = Stopwatch.StartNew();
        for (var turn = TimeSpan.Zero; turn < time; turn += period)
        {
            foreach (var step in steps)
            {
                var wait = turn + step.At - clock.Elapsed;
                if (wait > TimeSpan.Zero)
                {
                    Thread.Sleep(wait);
                }

                Take(step);
            }
        }

        Thread.Sleep(period);
        Missed += _lines.Take(calls).Count(line => Interlocked.Exchange(ref line.AskedAt, 0) != 0);
        return _granted;
    }

    public void Dispose()
    {
        _closed = true;
        _rtp.Dispose();
        _floor.Dispose();
        _listening.Join();
    }

    private static List<Step> Steps(int calls, TimeSpan period)
    {
        var steps = new List<Step>();
        for (var call = 0; call < calls; call++)
        {
            var start = period * call / calls;
            steps.Add(new Step(start, call, StepKind.Request));
            for (var packet = 0; packet < RtpPackets; packet++)
            {
                steps.Add(new Step(start + FirstRtp + (packet * BetweenSteps), call, StepKind.Rtp));
            }

            steps.Add(new Step(start + FirstRtp + (RtpPackets * BetweenSteps), call, StepKind.Release));
        }

        return [.. steps.OrderBy(step => step.At)];
    }

    private static SocketAddress Address(int port) => new IPEndPoint(IPAddress.Loopback, port).Serialize();

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBufferOctets };
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return socket;
    }

    private void Take(Step step)
    {
        var line = _lines[step.Call];
        switch (step.Kind)
        {
            case StepKind.Request:
                if (Interlocked.Exchange(ref line.AskedAt, Stopwatch.GetTimestamp()) != 0)
                {
                    Missed++;
                }

                _floor.SendTo(_request, SocketFlags.None, line.Floor);
                break;
            case StepKind.Rtp when Interlocked.Read(ref line.AskedAt) == 0:
                _rtp.SendTo(_speech, SocketFlags.None, line.Rtp);
                break;
            case StepKind.Release:
                _floor.SendTo(_release, SocketFlags.None, line.Floor);
                break;
        }
    }

    private void Listen()
    {
        var buffer = new byte[8192];
        var source = new SocketAddress(AddressFamily.InterNetwork);
        while (!_closed)
        {
            try
            {
                var octets = _floor.ReceiveFrom(buffer, SocketFlags.None, source);
                var now = Stopwatch.GetTimestamp();
                if (octets > 0 && (FloorMessageType)(buffer[0] & SubtypeMask) == FloorMessageType.FloorGranted)
                {
                    // sin_port, in network order, stands behind the family.
                    Granted(_callAtPort[(source[2] << 8) | source[3]] - 1, now);
                }
            }
            catch (Exception closing) when (_closed && closing is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Granted(int call, long now)
    {
        var asked = call < 0 ? 0 : Interlocked.Exchange(ref _lines[call].AskedAt, 0);
        if (asked != 0)
        {
            _granted.Add(Stopwatch.GetElapsedTime(asked, now).TotalMicroseconds);
        }
    }

    private enum StepKind
    {
        Request,
        Rtp,
        Release,
    }

    private readonly record struct Step(TimeSpan At, int Call, StepKind Kind);

    private sealed class Line(SocketAddress rtp, SocketAddress floor)
    {
        /// <summary>When the request left that is not granted yet; 0: none.</summary>
        public long AskedAt;

        public SocketAddress Rtp { get; } = rtp;

        public SocketAddress Floor { get; } = floor;
    }
}
