using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mcptt.Domain.Ports;
using Mcptt.Media;
using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Rtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Fan;

/// <summary>
/// Processor time of the process per packet that goes out to one of N listeners: our media node, the same while it records, and beside them, in turns, the least
/// that can be done: a thread that receives and calls SendTo in a loop. What sending to them costs is in all. One listener shows what recording adds to a packet.
/// </summary>
internal static class FanOutBenchmark
{
    private const int Rounds = 15;
    private const int PacketsAtOnce = 16;
    private const int SentPerRound = 40_000;

    /// <param name="other">Another way through the node to be measured beside the usual one; null: none.</param>
    public static async Task RunAsync((string Name, Func<IRtpPipeline> Create)? other)
    {
        Console.WriteLine("microseconds of CPU per forwarded packet, median (minimum..maximum)");
        foreach (var listeners in new[] { 1, 10, 100 })
        {
            using var audience = new Audience(listeners);
            var folder = Directory.CreateTempSubdirectory("mcptt-fanout-").FullName;
            await using var node = await NodeForwarder.StartAsync(audience, null);
            await using var recorder = await NodeForwarder.StartAsync(audience, folder);
            await using var piped = other is { } way ? await NodeForwarder.StartAsync(audience, null, way.Create()) : null;
            using var loop = new LoopForwarder(audience);
            var pipedTimes = new List<double>();
            var times = new List<(double Node, double Recorder, double Loop)>();
            for (var round = 0; round <= Rounds; round++)
            {
                var pair = (Measure(audience, node), Measure(audience, recorder), Measure(audience, loop));
                var pipedTime = piped is null ? 0 : Measure(audience, piped);
                if (round > 0)
                {
                    pipedTimes.Add(pipedTime);
                    times.Add(pair);
                }
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{listeners,4} listeners  node {Spread(times.Select(pair => pair.Node))}  recording {Spread(times.Select(pair => pair.Recorder))}  plain SendTo {Spread(times.Select(pair => pair.Loop))}  node/plain {Spread(times.Select(pair => pair.Node / pair.Loop))}  recording/node {Spread(times.Select(pair => pair.Recorder / pair.Node))}"));
            if (piped is not null)
            {
                Console.WriteLine($"     {other?.Name} {Spread(pipedTimes)}  {other?.Name}/node {Spread(pipedTimes.Zip(times, (time, pair) => time / pair.Node))}");
            }

            await recorder.DisposeAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"     recorded {recorder.Recorded}, lost to the recording {recorder.Lost}"));
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Measure(Audience audience, IForwarder forwarder)
    {
        var packets = SentPerRound / audience.Addresses.Count;
        var sent = forwarder.Sent;
        var cpu = Environment.CpuUsage.TotalTime;
        for (var done = 0; done < packets; done += PacketsAtOnce)
        {
            audience.Speak(forwarder.Port, PacketsAtOnce);
            sent += (long)PacketsAtOnce * audience.Addresses.Count;
            for (var naps = 0; forwarder.Sent < sent; naps++)
            {
                if (naps == 5_000)
                {
                    throw new InvalidOperationException($"{sent - forwarder.Sent} packets were not forwarded");
                }

                Thread.Sleep(1);
            }
        }

        var forwarded = (packets + PacketsAtOnce - 1) / PacketsAtOnce * PacketsAtOnce * (double)audience.Addresses.Count;
        return (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / forwarded;
    }

    private static string Spread(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2]:F2} ({sorted[0]:F2}..{sorted[^1]:F2})");
    }

    private interface IForwarder
    {
        int Port { get; }

        long Sent { get; }
    }

    /// <summary>One who speaks, and so many addresses whose packets the system drops when nobody fetches them.</summary>
    private sealed class Audience : IDisposable
    {
        private const int SmallBufferOctets = 4096;

        private readonly Socket _talker = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Socket _ear = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SmallBufferOctets };
        private readonly byte[] _speech = new byte[RtpHeader.FixedOctets + 160];

        public Audience(int listeners)
        {
            _talker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _ear.Bind(new IPEndPoint(IPAddress.Any, 0));
            var port = ((IPEndPoint)_ear.LocalEndPoint!).Port;
            Addresses = [.. Enumerable.Range(2, listeners).Select(host => new IPEndPoint(new IPAddress([127, 0, 1, (byte)host]), port))];
            new RtpHeader { PayloadType = RtpPayloadType.Pcmu, Ssrc = 7 }.Write(_speech);
            new Random(1).NextBytes(_speech.AsSpan(RtpHeader.FixedOctets));
        }

        public string Talker => _talker.LocalEndPoint!.ToString()!;

        public IReadOnlyList<IPEndPoint> Addresses { get; }

        public void Speak(int port, int packets)
        {
            var to = new IPEndPoint(IPAddress.Loopback, port).Serialize();
            for (var packet = 0; packet < packets; packet++)
            {
                _talker.SendTo(_speech, SocketFlags.None, to);
            }
        }

        public void Dispose()
        {
            _talker.Dispose();
            _ear.Dispose();
        }
    }

    private sealed class NodeForwarder : IForwarder, ICommandSink, IAsyncDisposable
    {
        private const string Session = "00112233445566778899aabb";

        private readonly MediaNode _node;
        private readonly TaskCompletionSource<MediaSessionOpened> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private NodeForwarder(string? recordings, IRtpPipeline? pipeline)
        {
            var options = new MediaOptions
            {
                NodeName = "m1",
                BindAddress = IPAddress.Loopback,
                Ports = MediaPortRange.Ephemeral,
                Pipeline = pipeline,
                Recording = recordings is null ? null : new RecordingOptions { Folder = recordings, MinFreeOctets = 0 },
            };
            _node = new MediaNode(options, this, TimeProvider.System, NullLogger.Instance);
        }

        public int Port { get; private set; }

        public long Sent => _node.Counters[MediaCounter.RtpSent];

        public long Recorded => _node.Counters[MediaCounter.RecordedPackets];

        public long Lost => _node.Counters[MediaCounter.RecordingLost];

        public static async Task<NodeForwarder> StartAsync(Audience audience, string? recordings, IRtpPipeline? pipeline = null)
        {
            var forwarder = new NodeForwarder(recordings, pipeline);
            await forwarder._node.StartAsync(CancellationToken.None);
            await forwarder.ApplyAsync(new MediaEffect { Open = new OpenMediaSession { Recorded = recordings is not null } });
            forwarder.Port = (int)(await forwarder._opened.Task).RtpPort;
            await forwarder.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = 1, RtpRemote = audience.Talker, FloorRemote = audience.Talker } });
            for (var i = 0; i < audience.Addresses.Count; i++)
            {
                var address = audience.Addresses[i].ToString();
                await forwarder.ApplyAsync(new MediaEffect { PutLeg = new PutMediaLeg { Leg = (uint)i + 2, RtpRemote = address, FloorRemote = address } });
            }

            await forwarder.ApplyAsync(new MediaEffect { SetTalkers = new SetTalkers { Epoch = 1, Talkers = { new Talker { Leg = 1, T1Ms = 600_000 } } } });
            return forwarder;
        }

        public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken)
        {
            if (command.Call?.MediaOpened is { } opened)
            {
                _opened.TrySetResult(opened);
            }

            return ValueTask.FromResult(new Reply { Accepted = new Accepted() });
        }

        public ValueTask DisposeAsync() => _node.DisposeAsync();

        private async Task ApplyAsync(MediaEffect effect)
        {
            effect.Session = Session;
            if (!await _node.ApplyAsync(effect, CancellationToken.None))
            {
                throw new InvalidOperationException($"not taken: {effect}");
            }
        }
    }

    private sealed class LoopForwarder : IForwarder, IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly SocketAddress[] _listeners;
        private readonly Thread _thread;
        private long _sent;
        private volatile bool _closed;

        public LoopForwarder(Audience audience)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listeners = [.. audience.Addresses.Select(address => address.Serialize())];
            _thread = new Thread(Forward) { IsBackground = true, Name = "plain loop" };
            _thread.Start();
        }

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public long Sent => Interlocked.Read(ref _sent);

        public void Dispose()
        {
            _closed = true;
            _socket.Dispose();
            _thread.Join();
        }

        private void Forward()
        {
            var buffer = new byte[4096];
            var source = new SocketAddress(AddressFamily.InterNetwork);
            try
            {
                while (!_closed)
                {
                    var octets = _socket.ReceiveFrom(buffer, SocketFlags.None, source);
                    foreach (var listener in _listeners)
                    {
                        _socket.SendTo(buffer.AsSpan(0, octets), SocketFlags.None, listener);
                    }

                    Interlocked.Add(ref _sent, _listeners.Length);
                }
            }
            catch (Exception closing) when (_closed && closing is SocketException or ObjectDisposedException)
            {
                // Closing the socket is how its thread is told.
            }
        }
    }
}
