using System.Security.Cryptography;
using Mcptt.Actors.Journals;
using Mcptt.Host.Recordings;
using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Running;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Crash;

/// <summary>A recorder that dies or has no disk: the call goes on, and its history says what is missing.</summary>
public sealed class RecordedTroubleTests
{
    // The recordings have a disk of their own, of which a megabyte stays free.
    private const string SmallDisk = "mkdir -p \"$0\" && mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Killed_in_a_burst_the_recording_ends_at_its_last_whole_packet_and_the_rest_of_the_burst_is_recorded_by_the_next_run()
    {
        await using var scene = await KillableScene.OpenAsync(recorded: true);
        await scene.CallAsync();
        var call = await CallAsync(scene);
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        await Task.Delay(TimeSpan.FromSeconds(1));
        scene.PassOver();
        await scene.RestartAsync();
        await scene.Alice.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        scene.Alice.Release();
        await scene.Alice.ExpectAsync("released");

        var recording = await RecordedAsync(scene, call, 2);
        Assert.Equal([true, false], recording.Bursts.Select(burst => burst.Burst.Interrupted));
        Assert.Equal(recording.Bursts[0].Burst.TalkersEpoch, recording.Bursts[1].Burst.TalkersEpoch);
        Assert.All(recording.Bursts, burst => Assert.Equal("sip:alice@example.org", burst.Talker));
        Assert.True(recording.Bursts[0].Burst.Packets > 30, $"{recording.Bursts[0].Burst.Packets} packets before the kill");
        foreach (var burst in recording.Bursts)
        {
            var verdict = await RecordingCheck.OfAsync(Folder(scene), burst, CancellationToken.None);
            Assert.True(verdict.IsWhole, verdict.Detail);
            Assert.Equal(burst.Burst.Packets, Count(verdict.Path));
        }

        await scene.LeaveAsync();
    }

    [RequiresRootFact("unshare", "mount")]
    public async Task A_full_disk_of_recordings_is_in_the_history_and_the_call_goes_on_and_is_recorded_again_when_there_is_room()
    {
        await using var scene = await KillableScene.OpenAsync(
            data => ServerProcess.StartWithinAsync(["unshare", "--mount", "bash", "-c", SmallDisk, Path.Combine(data, "recordings")], data, "recording.minFreeMegabytes=1"),
            recorded: true);
        await scene.CallAsync();
        var call = await CallAsync(scene);
        var ballast = scene.Server.InsideData("recordings/ballast");
        await File.WriteAllBytesAsync(ballast, new byte[7 * 512 * 1024]);
        scene.Alice.Press();
        await scene.Alice.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Alice, scene.Bob, scene.Carol, scene.Dave);
        var failed = await EventAsync(scene, call, happened => happened.RecordingFailed is not null);
        Assert.Equal(RecordingFault.DiskFull, failed.RecordingFailed.Recording.Fault);
        scene.Alice.Release();
        await scene.Alice.ExpectAsync("released");
        var gap = await EventAsync(scene, call, happened => happened.RecordingGap is not null);
        Assert.True(gap.RecordingGap.Missing.Packets >= 5, gap.ToString());
        Assert.Equal("sip:alice@example.org", gap.RecordingGap.McpttId);

        File.Delete(ballast);
        scene.Bob.Press();
        await scene.Bob.ExpectAsync("granted");
        await scene.HearsOnAsync(scene.Bob, scene.Alice, scene.Carol, scene.Dave);
        scene.Bob.Release();
        await scene.Bob.ExpectAsync("released");
        var recording = await RecordedAsync(scene, call, 1);
        Assert.Equal(("sip:bob@example.org", 0ul), (recording.Bursts[0].Talker, recording.Bursts[0].Burst.Lost));
        Assert.Equal(recording.Bursts[0].Burst.Sha256.ToByteArray(), SHA256.HashData(await File.ReadAllBytesAsync(scene.Server.InsideData("recordings/" + recording.Bursts[0].Burst.File))));
        await scene.LeaveAsync();
    }

    private static string Folder(KillableScene scene) => Path.Combine(Path.GetDirectoryName(scene.Server.Journal)!, "recordings"); // A file in the data folder.

    private static async Task<string> CallAsync(KillableScene scene) => (await scene.CallViewAsync()).GetProperty("call").GetString()!; // Its id is always there.

    private static async Task<CallRecording> RecordedAsync(KillableScene scene, string call, int bursts)
    {
        CallRecording? recording = null;
        await Hearing.UntilAsync(
            async () =>
            {
                using var journal = SqliteJournalReader.Open(new SqliteJournalOptions { Path = scene.Server.Journal });
                recording = await CallRecording.ReadAsync(journal, call, CancellationToken.None);
                return recording?.Bursts.Count == bursts;
            },
            Patience);
        Assert.True(recording?.Bursts.Count == bursts, $"{recording?.Bursts.Count} recordings, not {bursts}\n{scene.Account()}");
        return recording!; // Not null: it has bursts.
    }

    private static async Task<CallEvent> EventAsync(KillableScene scene, string call, Func<CallEvent, bool> wanted)
    {
        CallEvent? found = null;
        await Hearing.UntilAsync(
            async () =>
            {
                using var journal = SqliteJournalReader.Open(new SqliteJournalOptions { Path = scene.Server.Journal });
                await foreach (var stored in journal.ReadActorAsync("call-" + call, 1, CancellationToken.None))
                {
                    found = stored.TryReadEnvelope(out var envelope) && wanted(envelope.Event.Call) ? envelope.Event.Call : found;
                }

                return found is not null;
            },
            Patience);
        return found ?? throw new TimeoutException(scene.Account());
    }

    private static ulong Count(string path)
    {
        Assert.True(PcapReader.TryOpen(File.OpenRead(path), out var reader, out var problem), problem);
        using (reader)
        {
            ulong packets = 0;
            while (reader.TryNext())
            {
                packets++;
            }

            return packets;
        }
    }
}
