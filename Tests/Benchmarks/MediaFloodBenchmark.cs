using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mcptt.Domain.Ports;
using Mcptt.Media;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Rtp;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks;

/// <summary>
/// A talker's way through the media node, and a Floor Request's to the sink, before and during ten thousand garbled floor datagrams per
/// second at the same session; all in one process over loopback, so that the flood's own cost counts against the node.
/// </summary>
internal sealed class MediaFloodBenchmark : ICommandSink
{
    private const string Session = "00112233445566778899aabb";
    private const int DatagramsPerSecond = 10_000;
    private const int RtpOctets = 172;
    private const uint TalkerLeg = 1;
    private const uint ListenerLeg = 2;

    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource<MediaSessionOpened> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<long> _requests = new();

    /// <param name="args">Seconds of each part; 10 when none are given.</param>
    public static async Task RunAsync(string[] args)
    {
        var time = TimeSpan.FromSeconds(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10);
        var benchmark = new MediaFloodBenchmark();
        var options = new MediaOptions { BindAddress = IPAddress.Loopback, Ports = MediaPortRange.Ephemeral };
        await using var node = new MediaNode(options, benchmark, TimeProvider.System, NullLogger.Instance);
        await node.StartAsync(CancellationToken.None);
        await benchmark.RunAsync(node, time);
    }

    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken)
    {
        if (command.Call?.MediaOpened is { } opened)
        {
            _opened.TrySetResult(opened);
        }
        else if (command.Floor?.Request?.Leg == ListenerLeg)
        {
            _requests.Enqueue(Stopwatch.GetTimestamp());
        }

        return ValueTask.FromResult(new Reply { Accepted = new Accepted() });
    }

    private async Task RunAsync(MediaNode node, TimeSpan time)
    {
        using var talker = Bound();
        using var listener = Bound();
        using var floor = Bound();
        await ApplyAsync(node, new MediaEffect { Open = new OpenMediaSession() });
        var opened = await _opened.Task;
        await ApplyAsync(node, new MediaEffect { PutLeg = new PutMediaLeg { Leg = TalkerLeg, RtpRemote = $"{talker.LocalEndPoint}", FloorRemote = "" } });
        await ApplyAsync(node, new MediaEffect { PutLeg = new PutMediaLeg { Leg = ListenerLeg, RtpRemote = $"{listener.LocalEndPoint}", FloorRemote = $"{floor.LocalEndPoint}" } });
        await ApplyAsync(node, new MediaEffect { SetTalkers = new SetTalkers { Epoch = 1, Talkers = { new Talker { Leg = TalkerLeg } } } });
        talker.Connect(IPAddress.Loopback, (int)opened.RtpPort);
        floor.Connect(IPAddress.Loopback, (int)opened.FloorPort);

        Console.WriteLine("                 sent  heard  speech p50, p99, max us    request p50, p99, max us (arrived of sent)");
        await PartAsync("warm", talker, listener, floor, TimeSpan.FromSeconds(1));
        var before = await PartAsync("before", talker, listener, floor, time);
        var garbage = node.Counters[MediaCounter.FloorDatagramsReceived];
        (double P50, double P99) during;
        long sent;
        using (var flood = new DatagramFlood(new IPEndPoint(IPAddress.Loopback, (int)opened.FloorPort), DatagramsPerSecond, Good(), seed: 1))
        {
            during = await PartAsync("during the flood", talker, listener, floor, time);
            sent = flood.Sent;
        }

        Console.WriteLine($"flood: {sent} datagrams sent, {node.Counters[MediaCounter.FloorDatagramsReceived] - garbage} read");
        Console.WriteLine($"speech during/before: p50 {during.P50 / before.P50:F2}, p99 {during.P99 / before.P99:F2}");
    }

    private async Task<(double P50, double P99)> PartAsync(string name, Socket talker, Socket listener, Socket floor, TimeSpan time)
    {
        _requests.Clear();
        var packets = (int)(time / PacketTime);
        var heard = Task.Run(() => Listen(listener, packets));
        var asked = new List<double>();
        var requests = 0;
        var began = Stopwatch.GetTimestamp();
        long askedAt = 0;
        for (var i = 0; i < packets; i++)
        {
            Speak(talker, (ushort)i);
            asked.AddRange(Arrived(askedAt));
            if (i % (int)(RequestInterval / PacketTime) == 0)
            {
                askedAt = Stopwatch.GetTimestamp();
                floor.Send(FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRequest, 7)));
                requests++;
            }

            var wait = ((i + 1) * PacketTime) - Stopwatch.GetElapsedTime(began);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }

        asked.AddRange(Arrived(askedAt));
        var delays = await heard;
        Console.WriteLine($"{name,-16} {packets,5}  {delays.Count,5}  {Figures(delays)}    {Figures(asked)} ({asked.Count} of {requests})");
        return (At(delays, 0.5), At(delays, 0.99));
    }

    // The next one is sent when this one has long been read.
    private IEnumerable<double> Arrived(long askedAt)
    {
        while (_requests.TryDequeue(out var arrived))
        {
            yield return Stopwatch.GetElapsedTime(askedAt, arrived).TotalMicroseconds;
        }
    }

    private static void Speak(Socket talker, ushort number)
    {
        Span<byte> packet = stackalloc byte[RtpOctets];
        new RtpHeader { PayloadType = RtpPayloadType.Pcmu, SequenceNumber = number, Timestamp = 160u * number, Ssrc = 1 }.Write(packet);
        BinaryPrimitives.WriteInt64BigEndian(packet[RtpHeader.FixedOctets..], Stopwatch.GetTimestamp());
        talker.Send(packet);
    }

    private static List<double> Listen(Socket listener, int packets)
    {
        listener.ReceiveTimeout = (int)Late.TotalMilliseconds;
        var delays = new List<double>();
        var buffer = new byte[RtpOctets];
        try
        {
            while (delays.Count < packets)
            {
                listener.Receive(buffer);
                delays.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64BigEndian(buffer.AsSpan(RtpHeader.FixedOctets))).TotalMicroseconds);
            }
        }
        catch (SocketException late) when (late.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            // What is missing shows in the number that was heard.
        }

        return delays;
    }

    private static string Figures(List<double> values) => $"{At(values, 0.5),7:F0}, {At(values, 0.99),7:F0}, {At(values, 1),7:F0}";

    private static double At(List<double> values, double part) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt((int)Math.Min(values.Count - 1, part * values.Count));

    private static async Task ApplyAsync(MediaNode node, MediaEffect effect)
    {
        effect.Session = Session;
        if (!await node.ApplyAsync(effect, CancellationToken.None))
        {
            throw new InvalidOperationException($"not applied: {effect}");
        }
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static List<byte[]> Good() =>
    [
        FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorRequest, 7) { Priority = 5, Indicator = FloorIndicator.NormalCall }),
        FloorCodec.Encode(new FloorMessage(FloorMessageType.FloorTaken, 7) { GrantedPartyIdentity = "sip:alice@example.org", SequenceNumber = 3 }),
    ];
}
