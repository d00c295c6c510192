using System.Text.Json;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;
using Mcptt.Ue.Audio;

namespace Mcptt.Scenarios.Peers;

/// <summary>
/// A real phone: baresip registers with digest, is invited, answers by itself, and what it recorded is what sipp played.
/// It gives up at a first challenge that is not MD5, so the server is told to offer that.
/// </summary>
public sealed class BaresipTests
{
    private const int FrameSamples = 160;

    [RequiresRootFact("baresip", "sipp", "ip", "unshare")]
    public async Task Baresip_registers_with_digest_answers_and_records_what_was_sent()
    {
        using var folder = new TemporaryFolder();
        var speech = Tone(seconds: 3);
        await File.WriteAllBytesAsync(folder.File("speech.ul"), [.. speech.Select(sample => G711.Encode(sample, G711Law.MuLaw))]);
        await WriteConfigurationAsync(folder);
        var talker = await ScenarioAsync(folder, "plain-talker");
        var register = await ScenarioAsync(folder, "register-digest");
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "baresip", "run.sh");

        await using var run = ChildProcess.Start("unshare", ["--net", "--pid", "--fork", "--mount-proc", "--kill-child", "bash", script, ServerProcess.Program, folder.Path, talker, register]);
        var exit = await run.ExitAsync(TimeSpan.FromMinutes(2));

        Assert.True(exit == 0, run.Output + Logs(folder));
        var recording = Directory.GetFiles(folder.Path, "dump-*-dec.wav");
        Assert.True(recording.Length == 1, run.Output + Logs(folder));
        Assert.True(WavFile.TryRead(recording[0], out var heard, out var fault), fault);
        AssertContains(heard, speech, Logs(folder));
    }

    // The phone's jitter buffer starts somewhere in the first frames and fills gaps with silence: most frames of what was sent
    // must stand in the recording sample for sample, in order, as they came out of the codec.
    private static void AssertContains(short[] recorded, short[] sent, string logs)
    {
        var coded = sent.Select(sample => G711.Decode(G711.Encode(sample, G711Law.MuLaw), G711Law.MuLaw)).ToArray();
        var from = 0;
        var found = 0;
        var frames = coded.Length / FrameSamples;
        for (var frame = 0; frame < frames; frame++)
        {
            var at = recorded.AsSpan(from).IndexOf(coded.AsSpan(frame * FrameSamples, FrameSamples));
            if (at >= 0)
            {
                found++;
                from += at + FrameSamples;
            }
        }

        Assert.True(found >= frames * 9 / 10, $"{found} of {frames} frames are in the recording of {recorded.Length} samples\n{logs}");
    }

    // A sweep: no two frames are alike, so that a frame that is found is the right one.
    private static short[] Tone(int seconds) =>
        [.. Enumerable.Range(0, seconds * 8000).Select(i => (short)(8000 * Math.Sin(i * (0.05 + (i * 0.00001)))))];

    private static async Task WriteConfigurationAsync(TemporaryFolder folder)
    {
        await File.WriteAllTextAsync(folder.File("users.json"), JsonSerializer.Serialize(new[]
        {
            new { mcpttId = "sip:alice@example.org", password = "alices-secret" },
            new { mcpttId = "sip:bob@example.org", password = "bobs-secret" },
        }));
        var group = new
        {
            groupId = "sip:brigade@example.org",
            members = new[] { new { mcpttId = "sip:alice@example.org", implicitAffiliation = true }, new { mcpttId = "sip:bob@example.org", implicitAffiliation = true } },
        };
        await File.WriteAllTextAsync(folder.File("groups.json"), JsonSerializer.Serialize(new[] { group }));
        await File.WriteAllTextAsync(folder.File("server.json"), JsonSerializer.Serialize(new
        {
            data = new { folder = folder.File("data") },
            sip = new { listeners = new[] { "udp:10.99.0.1:5060", "tcp:10.99.0.1:5060" }, realm = "example.org", digestAlgorithms = new[] { "MD5" }, domains = new[] { "example.org" } },
            media = new { address = "10.99.0.1" },
            api = new { listener = "127.0.0.1:7060" },
        }));
        // The phone hangs up when its source ends.
        await File.WriteAllBytesAsync(folder.File("silence.wav"), WavFile.Write(new short[60 * 8000]));
    }

    private static async Task<string> ScenarioAsync(TemporaryFolder folder, string name)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Peers", "sipp", name + ".xml"));
        var path = folder.File(name + ".xml");
        await File.WriteAllTextAsync(path, text.Replace("[domain]", "example.org").Replace("[group]", "brigade").Replace("[audio]", folder.File("speech.ul")).Replace("[contact_params]", ""));
        return path;
    }

    private static string Logs(TemporaryFolder folder) =>
        string.Concat(Directory.GetFiles(folder.Path, "*.log").Select(path => $"\n-- {Path.GetFileName(path)}\n{File.ReadAllText(path)}"));
}
