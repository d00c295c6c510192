using Mcptt.Host.Commands;
using Mcptt.Host.Tests.Commands;
using Mcptt.Protocol.Messages;
using Mcptt.Ue.Audio;

namespace Mcptt.Host.Tests.Recordings;

/// <summary>`mcptt audit audio` over a journal and files that it did not write.</summary>
public sealed class AuditAudioTests
{
    private const byte Loud = 0x90;
    private const byte Quiet = 0xD0;

    private static readonly short LoudSample = G711.Decode(Loud, G711Law.MuLaw);
    private static readonly short QuietSample = G711.Decode(Quiet, G711Law.MuLaw);

    [Fact]
    public async Task Bursts_lie_where_they_were_heard_with_silence_between_them()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 3)).Burst(RecordedFolder.Bob, 1.5, Packet.Row(Quiet, 2)).SaveAsync();

        var (ran, samples) = await HearAsync(folder);

        Assert.Equal(ExitCodes.Success, ran.Code);
        Assert.Equal([.. Of(LoudSample, 480), .. Of(0, 12_000 - 480), .. Of(QuietSample, 320)], samples);
        Assert.Contains("2 recordings, 5 packets of speech, from 2026-01-01 14:00:00.000 UTC", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_packet_is_silence_a_late_one_where_it_belongs_and_a_doubled_one_no_louder()
    {
        Packet[] packets = [new(0, Loud), new(3, Quiet), new(2, Loud), new(2, Loud), new(5, Loud)];
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, packets).SaveAsync();

        var (_, samples) = await HearAsync(folder);

        Assert.Equal([.. Of(LoudSample, 160), .. Of(0, 160), .. Of(LoudSample, 160), .. Of(QuietSample, 160), .. Of(0, 160), .. Of(LoudSample, 160)], samples);
    }

    [Fact]
    public async Task Who_talks_at_once_is_mixed_and_one_talker_can_be_heard_alone()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Quiet, 4)).Burst(RecordedFolder.Bob, 0.04, Packet.Row(Quiet, 1)).SaveAsync();

        var (both, bob, first) = (await HearAsync(folder), await HearAsync(folder, "--talker", RecordedFolder.Bob), await HearAsync(folder, "--burst", "1"));
        Assert.Equal([.. Of(QuietSample, 320), .. Of((short)(2 * QuietSample), 160), .. Of(QuietSample, 160)], both.Samples);
        Assert.Equal(Of(QuietSample, 160), bob.Samples);
        Assert.Equal(Of(QuietSample, 640), first.Samples);
    }

    [Fact]
    public async Task A_stream_that_begins_anew_goes_on_at_the_time_at_which_it_came()
    {
        Packet[] packets = [new(0, Loud), new(1, Loud), new(0, Quiet, Ssrc: 8, FirstTimestamp: 4_000_000_000), new(1, Quiet, Ssrc: 8, FirstTimestamp: 4_000_000_000), new(0, Loud, Ssrc: 8, FirstTimestamp: 5)];
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, packets).SaveAsync();

        var (_, samples) = await HearAsync(folder);
        Assert.Equal([.. Of(LoudSample, 320), .. Of(QuietSample, 320), .. Of(LoudSample, 160)], samples);
    }

    [Fact]
    public async Task Timestamps_may_wrap_around_within_a_burst()
    {
        Packet[] packets = [.. Enumerable.Range(0, 4).Select(index => new Packet(index, Loud, FirstTimestamp: uint.MaxValue - 200))];
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, packets).SaveAsync();

        Assert.Equal(Of(LoudSample, 640), (await HearAsync(folder)).Samples);
    }

    [Fact]
    public async Task Held_speech_that_left_at_one_go_is_heard_at_its_own_pace()
    {
        Packet[] packets = [.. Enumerable.Range(0, 30).Select(index => new Packet(index, Loud, AfterMs: index < 25 ? 0 : (index - 25) * 20))];
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, packets).SaveAsync();

        Assert.Equal(Of(LoudSample, 30 * 160), (await HearAsync(folder)).Samples);
    }

    [Fact]
    public async Task Speech_that_came_late_is_not_mixed_with_who_talked_after_it()
    {
        // 500 ms of speech that left at one go at 0 s; the next talker begins at 0.1 s, one more after a pause.
        Packet[] held = [.. Enumerable.Range(0, 25).Select(index => new Packet(index, Loud, AfterMs: 0))];
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, held).Burst(RecordedFolder.Bob, 0.1, Packet.Row(Quiet, 10)).Burst(RecordedFolder.Alice, 1, Packet.Row(Loud, 1)).SaveAsync();

        var (_, samples) = await HearAsync(folder);

        Assert.Equal([.. Of(LoudSample, 25 * 160), .. Of(QuietSample, 10 * 160), .. Of(0, 8_000 - (35 * 160)), .. Of(LoudSample, 160)], samples);
    }

    [Fact]
    public async Task Only_what_was_heard_between_two_times_is_in_the_file()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 100)).Burst(RecordedFolder.Bob, 3, Packet.Row(Quiet, 100)).SaveAsync();

        var (_, samples) = await HearAsync(folder, "--from", "14:00:01", "--to", "2026-01-01T14:00:03.5Z");
        Assert.Equal([.. Of(LoudSample, 8_000), .. Of(0, 8_000), .. Of(QuietSample, 4_000)], samples);
        var (ran, _) = await HearAsync(folder, "--from", "15:00");
        Assert.Equal(ExitCodes.Failed, ran.Code);
        Assert.Equal(ExitCodes.Usage, (await HearAsync(folder, "--from", "yesterday")).Ran.Code);
    }

    [Fact]
    public async Task Telephone_events_are_left_out_and_counted()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, new Packet(0, Loud), new Packet(1, 1, PayloadType: 101), new Packet(2, Loud)).SaveAsync();

        var (ran, samples) = await HearAsync(folder);

        Assert.Equal([.. Of(LoudSample, 160), .. Of(0, 160), .. Of(LoudSample, 160)], samples);
        Assert.Contains("1 recording, 2 packets of speech", ran.Out, StringComparison.Ordinal);
        Assert.Contains("1 packets are no speech", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PCMA_is_heard_by_its_own_law()
    {
        await using var folder = await new RecordedFolder("PCMA").Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 1)).SaveAsync();

        Assert.Equal(Of(G711.Decode(Loud, G711Law.ALaw), 160), (await HearAsync(folder)).Samples);
    }

    [Theory]
    [InlineData("AMR-WB", 16000, "RTP/AVP", "speaks AMR-WB/16000")]
    [InlineData("PCMU", 16000, "RTP/AVP", "speaks PCMU/16000")]
    [InlineData("PCMU", 8000, "RTP/SAVP", "encrypted")]
    public async Task What_cannot_be_decoded_is_refused_as_WAV_and_merged_as_pcap(string encoding, uint clockRate, string profile, string reason)
    {
        await using var folder = await new RecordedFolder(encoding, clockRate, profile)
            .Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 3)).Burst(RecordedFolder.Bob, 0.03, Packet.Row(Quiet, 2)).SaveAsync();

        var (refused, _) = await HearAsync(folder);
        var merged = await RunAsync(folder, "-o", folder.File("call.pcap"));

        Assert.Equal(ExitCodes.Usage, refused.Code);
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.Contains("give -o call.pcap", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("call.wav")));
        Assert.Equal(ExitCodes.Success, merged.Code);
        Assert.True(Media.Recording.PcapReader.TryOpen(File.OpenRead(folder.File("call.pcap")), out var reader, out _));
        using (reader)
        {
            var times = new List<long>();
            while (reader.TryNext())
            {
                times.Add((reader.TimeUs - RecordedFolder.StartUs) / 1000);
            }

            Assert.Equal([0, 20, 30, 40, 50], times);
        }
    }

    [Fact]
    public async Task A_changed_file_is_found_named_and_left_out()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 2)).Burst(RecordedFolder.Bob, 0.04, Packet.Row(Quiet, 2)).SaveAsync();
        var octets = await File.ReadAllBytesAsync(folder.PathOf(2));
        octets[^1] ^= 1;
        await File.WriteAllBytesAsync(folder.PathOf(2), octets);

        var (ran, samples) = await HearAsync(folder);

        Assert.Equal(ExitCodes.Tampered, ran.Code);
        Assert.Contains("CHANGED: recording 2: " + folder.PathOf(2), ran.Error, StringComparison.Ordinal);
        Assert.Equal(Of(LoudSample, 320), samples);
    }

    [Fact]
    public async Task A_missing_file_is_tampering_unless_the_journal_says_that_it_was_deleted()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 2)).Burst(RecordedFolder.Bob, 1, Packet.Row(Quiet, 2))
            .Event(new CallEvent { RecordingDropped = new RecordingDropped { File = $"2026-01-01/{RecordedFolder.Call}/1.pcap", Reason = RecordingDropReason.Expired } }).SaveAsync();
        File.Delete(folder.PathOf(1));

        var dropped = await RunAsync(folder);
        File.Delete(folder.PathOf(2));
        var missing = await RunAsync(folder);

        Assert.Equal(ExitCodes.Success, dropped.Code);
        Assert.Contains("DROPPED: recording 1: deleted by the server, as the journal says", dropped.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Tampered, missing.Code);
        Assert.Contains("MISSING: recording 2", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_folder_is_not_followed()
    {
        var folder = new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 2));
        folder.Last.File = "../../../../etc/passwd";
        await using var saved = await folder.SaveAsync();

        var ran = await RunAsync(saved);

        Assert.Equal(ExitCodes.Tampered, ran.Code);
        Assert.Contains("MISNAMED: recording 1", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_exists_is_overwritten_only_by_force_and_a_refusal_leaves_it()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 2)).SaveAsync();
        await File.WriteAllTextAsync(folder.File("call.wav"), "mine");

        Assert.Equal(ExitCodes.Usage, (await RunAsync(folder, "-o", folder.File("call.wav"))).Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.File("call.wav")));
        Assert.Equal(ExitCodes.Success, (await RunAsync(folder, "-o", folder.File("call.wav"), "--force")).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync(folder, "-o", folder.File("call.mp3"))).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync(folder, "--burst", "9")).Code);
    }

    [Fact]
    public async Task Without_output_the_recordings_are_listed()
    {
        await using var folder = await new RecordedFolder().Burst(RecordedFolder.Alice, 0, Packet.Row(Loud, 51)).SaveAsync();

        var ran = await RunAsync(folder);

        Assert.Equal(ExitCodes.Success, ran.Code);
        Assert.Equal(["NUMBER", "1"], ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
        Assert.Contains($"2026-01-01 14:00:00.000  1.0      {RecordedFolder.Alice}  51", ran.Out, StringComparison.Ordinal);
        Assert.Contains("whole", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_not_recorded_or_is_not_there_says_so()
    {
        await using var folder = await new RecordedFolder(recorded: false).SaveAsync();

        var unrecorded = await RunAsync(folder);
        var unknown = await CommandLine.RunAsync(["audit", "--journal", folder.Journal, "audio", "ffff"]);

        Assert.Equal((ExitCodes.Failed, ExitCodes.Failed), (unrecorded.Code, unknown.Code));
        Assert.Contains("was not recorded", unrecorded.Error, StringComparison.Ordinal);
        Assert.Contains("no call \"ffff\"", unknown.Error, StringComparison.Ordinal);
    }

    private static async Task<(Ran Ran, short[] Samples)> HearAsync(RecordedFolder folder, params string[] more)
    {
        var path = folder.File("call.wav");
        var ran = await RunAsync(folder, ["-o", path, "--force", .. more]);
        return (ran, WavFile.TryRead(path, out var samples, out _) ? samples : []);
    }

    // By the beginning of its id, as people write it.
    private static Task<Ran> RunAsync(RecordedFolder folder, params string[] more) =>
        CommandLine.RunAsync(["audit", "--journal", folder.Journal, "audio", RecordedFolder.Call[..6], .. more]);

    private static short[] Of(short sample, int count) => [.. Enumerable.Repeat(sample, count)];
}
