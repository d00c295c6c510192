using System.Security.Cryptography;
using Mcptt.Media.Inward;
using Mcptt.Media.Recording;
using Mcptt.Media.Sockets;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Media.Tests.Recording;

/// <summary>A recorder over a folder of its own, without sockets: tapes are written as forwarding would.</summary>
internal sealed class RecordingBench : IAsyncDisposable
{
    public const string Call = "0123456789abcdef01234567";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly EndpointKey Source = EndpointKey.From(System.Net.IPEndPoint.Parse("192.0.2.10:4000"));

    private readonly string _temporary = Directory.CreateTempSubdirectory("mcptt-recording-").FullName;
    private readonly MediaOptions _options;
    private Recorder _recorder;

    public RecordingBench(Func<RecordingOptions, RecordingOptions>? change = null, Action<RecordingBench>? before = null)
    {
        var recording = new RecordingOptions { Folder = Path.Combine(_temporary, "recordings"), FreeSpace = _ => Free };
        _options = MediaHarness.Options with { Recording = change?.Invoke(recording) ?? recording };
        before?.Invoke(this);
        _recorder = Start();
    }

    public FakeClock Clock { get; } = new();

    public RecordingSink Sink { get; } = new();

    public MediaNodeCounters Counters { get; } = new();

    public long Free { get; set; } = long.MaxValue;

    public string Folder => _options.Recording!.Folder; // Set by the constructor.

    public string UnderWay => Path.Combine(Folder, RecordingFolder.UnderWay, "m1");

    public SessionRecorder Session => _recorder.Of(Call, "correlation", 20_000);

    public BurstTape Begin(uint leg = 1, ulong epoch = 1, string call = Call) => _recorder.Of(call, "correlation", 20_000).Begin(leg, $"sip:leg{leg}@example.org", epoch);

    /// <summary>Each 20 ms after the last.</summary>
    public void Speak(BurstTape tape, int packets, int octets = 172)
    {
        var packet = new byte[octets];
        for (var i = 0; i < packets; i++)
        {
            tape.Write(packet, Source, Clock.GetTimestamp());
            Clock.Advance(TimeSpan.FromMilliseconds(20));
        }
    }

    public void End(BurstTape tape)
    {
        Session.End(tape, Clock.GetTimestamp());
        Clock.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Until the writer has seen what was said: with a clock that stands still, by its files.</summary>
    public async Task UntilAsync(Func<bool> wanted, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!wanted())
        {
            Assert.False(patience.IsCancellationRequested, what);
            await Task.Delay(5);
        }
    }

    public async Task<RecordedBurst> RecordedAsync(int number = 1)
    {
        var reports = await Sink.WaitForAsync(number, command => command.Call?.RecordingClosed is not null);
        return reports[number - 1].Call.RecordingClosed.Burst;
    }

    public async Task<BrokenRecording> BrokenAsync(int number = 1) =>
        (await Sink.WaitForAsync(number, command => command.Call?.RecordingBroken is not null))[number - 1].Call.RecordingBroken.Recording;

    public async Task<MissingRecording> MissingAsync(int number = 1) =>
        (await Sink.WaitForAsync(number, command => command.Call?.RecordingIncomplete is not null))[number - 1].Call.RecordingIncomplete.Missing;

    /// <summary>The packets of a finished file that is what its report says.</summary>
    public IReadOnlyList<(long TimeUs, byte[] Packet)> Read(RecordedBurst burst)
    {
        var path = Path.Combine(Folder, burst.File);
        var octets = File.ReadAllBytes(path);
        Assert.Equal(burst.Sha256.ToByteArray(), SHA256.HashData(octets));
        Assert.Equal(burst.Octets, (ulong)octets.Length);
        Assert.True(PcapReader.TryOpen(File.OpenRead(path), out var reader, out var problem), problem);
        using (reader)
        {
            var packets = new List<(long, byte[])>();
            while (reader.TryNext())
            {
                packets.Add((reader.TimeUs, reader.Packet.ToArray()));
            }

            Assert.Equal(burst.Packets, (ulong)packets.Count);
            return packets;
        }
    }

    public async Task RestartAsync()
    {
        await _recorder.DisposeAsync();
        _recorder = Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        Directory.Delete(_temporary, recursive: true);
    }

    private Recorder Start()
    {
        var recorder = new Recorder(_options.Recording!, _options, Sink, new CommandStamp("m1", Clock), Counters, Clock, NullLogger.Instance); // Set by the constructor.
        recorder.Start();
        return recorder;
    }
}
