using System.Net;
using Mcptt.Media.Sessions;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Media.Tests;

/// <summary>A media node on loopback with one session, and phones in it.</summary>
internal sealed class MediaHarness : IAsyncDisposable
{
    public const string Session = "00112233445566778899aabb";
    public const uint T1Ms = 4000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<Phone> _phones = [];
    private ulong _epoch;

    private MediaHarness(MediaOptions options)
    {
        Node = new MediaNode(options with { Pipeline = Pipeline?.Invoke() }, Sink, Clock, NullLogger.Instance);
    }

    /// <summary>Made for each node of the tests; null: none. The tests of another way through the node run these same ones with it.</summary>
    public static Func<IRtpPipeline>? Pipeline { get; set; }

    public FakeClock Clock { get; } = new();

    public RecordingSink Sink { get; } = new();

    public MediaNode Node { get; }

    public MediaSessionOpened Opened { get; private set; } = new();

    public MediaNodeCounters Counters => Node.Counters;

    public static MediaOptions Options { get; } = new() { BindAddress = IPAddress.Loopback, Ports = MediaPortRange.Ephemeral, NodeName = "m1" };

    public static async Task<MediaHarness> StartAsync(MediaOptions? options = null, bool open = true, bool recorded = false)
    {
        var harness = new MediaHarness(options ?? Options);
        await harness.Node.StartAsync(CancellationToken.None);
        if (open)
        {
            await harness.OpenAsync(recorded: recorded);
        }

        return harness;
    }

    public async Task OpenAsync(uint rtpPort = 0, uint floorPort = 0, bool recorded = false)
    {
        await ApplyAsync(new MediaEffect { Open = new OpenMediaSession { RtpPort = rtpPort, FloorPort = floorPort, Recorded = recorded } });
        Opened = (await Sink.WaitForAsync(command => command.Call?.MediaOpened is not null)).Call.MediaOpened;
    }

    public async Task<Phone> AddAsync(uint leg, Action<PutMediaLeg, Phone>? change = null)
    {
        var phone = new Phone(leg)
        {
            Server = new IPEndPoint(IPAddress.Loopback, (int)Opened.RtpPort),
            FloorServer = new IPEndPoint(IPAddress.Loopback, (int)Opened.FloorPort),
        };
        _phones.Add(phone);
        var put = new PutMediaLeg { Leg = leg, RtpRemote = phone.RtpAddress, FloorRemote = phone.FloorAddress };
        change?.Invoke(put, phone);
        await ApplyAsync(new MediaEffect { PutLeg = put });
        return phone;
    }

    public Task TalkAsync(params Phone[] phones) => SetTalkersAsync(++_epoch, phones);

    public async Task SetTalkersAsync(ulong epoch, params Phone[] phones)
    {
        _epoch = Math.Max(_epoch, epoch);
        var order = new SetTalkers { Epoch = epoch };
        order.Talkers.AddRange(phones.Select(phone => new Talker { Leg = phone.Leg, T1Ms = T1Ms }));
        await ApplyAsync(new MediaEffect { SetTalkers = order });
    }

    public async Task ApplyAsync(MediaEffect effect)
    {
        effect.Session = Session;
        effect.CorrelationId = "correlation";
        Assert.True(await Node.ApplyAsync(effect, CancellationToken.None));
    }

    public async Task WaitForAsync(MediaCounter counter, long number)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Counters[counter] < number)
        {
            Assert.False(patience.IsCancellationRequested, $"{counter} is {Counters[counter]}, not {number}");
            await Task.Delay(1);
        }
    }

    /// <summary>Sends and waits until the node has dealt with it.</summary>
    public async Task SendAsync(Phone phone, byte[] packet)
    {
        await WaitUntilHandledAsync();
        var received = Counters[MediaCounter.RtpReceived];
        phone.Send(packet);
        await WaitForAsync(MediaCounter.RtpReceived, received + 1);
        await WaitUntilHandledAsync();
    }

    public Task SpeakAsync(Phone phone) => SendAsync(phone, phone.Speech());

    public IReadOnlyList<uint> Started => [.. Sink.Floor.Where(command => command.MediaStarted is not null).Select(command => command.MediaStarted.Leg)];

    public IReadOnlyList<uint> Stopped => [.. Sink.Floor.Where(command => command.MediaStopped is not null).Select(command => command.MediaStopped.Leg)];

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        foreach (var phone in _phones)
        {
            phone.Dispose();
        }
    }

    internal MediaSession OpenSession => Node.Find(Session) ?? throw new InvalidOperationException("no session");

    /// <summary>Nothing that was received is still under way.</summary>
    public async Task WaitUntilHandledAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Handled() != Counters[MediaCounter.RtpReceived])
        {
            Assert.False(patience.IsCancellationRequested, "a packet was received and nothing came of it");
            await Task.Delay(1);
        }
    }

    private long Handled() =>
        Counters[MediaCounter.RtpForwarded]
        + Counters[MediaCounter.RtpHeld]
        + Counters[MediaCounter.RtpNotRtp]
        + Counters[MediaCounter.RtpFromUnknown]
        + Counters[MediaCounter.RtpWithoutPermission];
}
