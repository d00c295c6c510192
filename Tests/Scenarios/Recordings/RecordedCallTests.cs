using System.Diagnostics;
using Mcptt.Host.Commands;
using Mcptt.Host.Recordings;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Audio;

namespace Mcptt.Scenarios.Recordings;

/// <summary>A call of a recorded group, from the phones' voice to the auditor's file.</summary>
public sealed class RecordedCallTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan BetweenBursts = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_an_auditor_hears_is_sample_for_sample_what_the_listener_heard()
    {
        await using var scene = await Scene.OpenAsync(group => group.Recorded = true);
        var heard = new HeardSpeech();
        var (call, _) = await TalkTwiceAsync(scene, heard);
        var recording = await RecordedAsync(scene, call, 2);

        var ran = await AuditAsync(scene, call, "-o", scene.File("call.wav"));

        Assert.True(ran.Code == ExitCodes.Success, ran.Output);
        Assert.True(WavFile.TryRead(scene.File("call.wav"), out var samples, out var fault), fault);
        var second = (int)Math.Round((recording.Bursts[1].Burst.StartedUs - recording.Bursts[0].Burst.StartedUs) * 8 / 1e3, MidpointRounding.AwayFromZero);
        Assert.Equal(heard.Bursts[0], samples[..heard.Bursts[0].Length]);
        Assert.All(samples[heard.Bursts[0].Length..second], sample => Assert.Equal(0, sample));
        Assert.Equal(heard.Bursts[1], samples[second..]);
        Assert.Equal([$"sip:alice@{Scene.Domain}", $"sip:bob@{Scene.Domain}"], recording.Bursts.Select(burst => burst.Talker));
        Assert.Equal(0ul, recording.MissingPackets + recording.Bursts[0].Burst.Lost + recording.Bursts[1].Burst.Lost);
    }

    [Fact]
    public async Task A_recording_names_the_grant_that_it_belongs_to()
    {
        await using var scene = await Scene.OpenAsync(group => group.Recorded = true);
        var (call, _) = await TalkTwiceAsync(scene, new HeardSpeech());
        var recording = await RecordedAsync(scene, call, 2);
        var grants = new List<(uint, ulong)>();
        await foreach (var stored in scene.Journal.ReadActorAsync("floor-" + call, 1, CancellationToken.None))
        {
            if (stored.TryReadEnvelope(out var envelope) && envelope.Event.Floor.Granted is { } granted)
            {
                grants.Add((granted.Request.Leg, granted.TalkersEpoch));
            }
        }

        Assert.Equal(grants, recording.Bursts.Select(burst => (burst.Burst.Leg, burst.Burst.TalkersEpoch)));
    }

    [RequiresToolFact("sox", "tshark")]
    public async Task Tools_that_nobody_here_wrote_read_the_WAV_and_every_packet_of_the_pcap()
    {
        await using var scene = await Scene.OpenAsync(group => group.Recorded = true);
        var (call, port) = await TalkTwiceAsync(scene, new HeardSpeech());
        var recording = await RecordedAsync(scene, call, 2);
        await AuditAsync(scene, call, "-o", scene.File("call.wav"));
        await AuditAsync(scene, call, "-o", scene.File("call.pcap"));

        Assert.Equal("8000\n", await OutputAsync("sox", "--i", "-r", scene.File("call.wav")));
        var seconds = double.Parse(await OutputAsync("sox", "--i", "-D", scene.File("call.wav")), System.Globalization.CultureInfo.InvariantCulture);
        var spoken = (recording.Bursts[1].Burst.EndedUs - recording.Bursts[0].Burst.StartedUs) / 1e6;
        Assert.InRange(seconds, spoken - 0.1, spoken + 0.2);
        var lines = (await OutputAsync("tshark", "-r", scene.File("call.pcap"), "-d", $"udp.port=={port},rtp", "-Y", "rtp.p_type == 0", "-T", "fields", "-e", "rtp.ssrc", "-e", "rtp.seq"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(recording.Bursts.Sum(burst => (long)burst.Burst.Packets), lines.Length);
        Assert.Equal(2, lines.Select(line => line.Split('\t')[0]).Distinct().Count());
    }

    [Fact]
    public async Task A_recording_that_was_changed_afterwards_is_found_and_the_rest_is_heard()
    {
        await using var scene = await Scene.OpenAsync(group => group.Recorded = true);
        var heard = new HeardSpeech();
        var (call, _) = await TalkTwiceAsync(scene, heard);
        var recording = await RecordedAsync(scene, call, 2);
        var path = Path.Combine(scene.File("recordings"), recording.Bursts[0].Burst.File);
        var octets = await File.ReadAllBytesAsync(path);
        octets[octets.Length / 2] ^= 0x80;
        await File.WriteAllBytesAsync(path, octets);

        var ran = await AuditAsync(scene, call, "-o", scene.File("call.wav"));

        Assert.Equal(ExitCodes.Tampered, ran.Code);
        Assert.Contains($"CHANGED: recording {recording.Bursts[0].Number}", ran.Output, StringComparison.Ordinal);
        Assert.True(WavFile.TryRead(scene.File("call.wav"), out var samples, out var fault), fault);
        Assert.Equal(heard.Bursts[1], samples);
    }

    [Fact]
    public async Task A_group_that_is_not_recorded_leaves_nothing()
    {
        await using var scene = await Scene.OpenAsync();
        var (call, _) = await TalkTwiceAsync(scene, new HeardSpeech());

        Assert.Empty(Directory.GetFiles(scene.File("recordings"), "*", SearchOption.AllDirectories));
        Assert.Equal(ExitCodes.Failed, (await AuditAsync(scene, call)).Code);
    }

    /// <summary>Alice, then bob; carol's ears are the measure.</summary>
    private static async Task<(string Call, int Port)> TalkTwiceAsync(Scene scene, HeardSpeech ears)
    {
        var (alice, bob) = (await scene.PhoneAsync("alice"), await scene.PhoneAsync("bob"));
        var carol = await scene.PhoneAsync("carol", options => options with { Tap = ears });
        await alice.CallAsync(Scene.Group);
        foreach (var phone in new[] { alice, bob, carol })
        {
            await phone.ExpectAllAsync("established", "idle");
        }

        var call = (await scene.GroupViewAsync()).Call;
        var view = await scene.OrderAsync(new Command { To = Mcptt.Domain.ActorAddresses.Call(call), Call = new CallCommand { GetCall = new GetCall() } });
        await HearAsync(scene, alice, bob, ears);

        // A busy machine may send the first packets late and the others after them at once; the bursts are to lie apart by their arrival all the same.
        await Task.Delay(BetweenBursts);
        await HearAsync(scene, bob, alice, ears);
        return (call, (int)view.Accepted.Call.RtpPort);
    }

    private static async Task HearAsync(Scene scene, Phone talker, Phone listener, HeardSpeech ears)
    {
        await talker.TalkAsync(Burst);
        await scene.HeardAllAsync(talker, listener);
        await Hearing.UntilAsync(() => ears.Samples == 160 * scene.Ledger.SentFrames[talker.User]);
        Assert.Equal(160 * scene.Ledger.SentFrames[talker.User], ears.Samples);
        ears.Cut();
    }

    // A file is finished a moment after its burst.
    private static async Task<CallRecording> RecordedAsync(Scene scene, string call, int bursts)
    {
        CallRecording? recording = null;
        await Hearing.UntilAsync(async () => (recording = await CallRecording.ReadAsync(scene.Journal, call, CancellationToken.None))?.Bursts.Count == bursts, TimeSpan.FromSeconds(15));
        Assert.Equal(bursts, recording?.Bursts.Count);
        return recording!; // Not null: it has bursts.
    }

    private static async Task<(int Code, string Output)> AuditAsync(Scene scene, string call, params string[] more)
    {
        await using var output = new StringWriter();
        var context = new CommandContext
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Environment = new Dictionary<string, string>(),
        };
        var code = await McpttCommandLine.RunAsync(["audit", "--journal", scene.File("journal.db"), "audio", call, .. more], context);
        return (code, output.ToString());
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
