using Mcptt.Scenarios.Running;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Peers;

/// <summary>Phones that know nothing of MCPTT, played by sipp over UDP and TCP: REGISTER, INVITE to the group's URI, G.711 from a file.</summary>
public sealed class PlainPhonesTests
{
    private const string Group = "sip:brigade@example.org";
    private const int FrameOctets = 160;

    [RequiresToolFact("sipp")]
    public async Task Every_listener_hears_the_file_octet_for_octet_and_nobody_else_hears_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.File("data"));
        await server.PutGroupAsync(Group, ServerProcess.Brigade("alice", "bob", "carol", "dave"));
        await server.PutGroupAsync("sip:other@example.org", ServerProcess.Brigade("erin"));
        using var bobsEar = new RtpEar();
        using var carolsEar = new RtpEar();
        using var davesEar = new RtpEar();
        using var erinsEar = new RtpEar();
        var audio = folder.File("speech.ul");
        var speech = Speech(frames: 100);
        await File.WriteAllBytesAsync(audio, speech);
        var listeners = new[]
        {
            new SippPhone("bob", server.Sip) { RtpPort = bobsEar.Port },
            new SippPhone("carol", server.Sip) { RtpPort = carolsEar.Port, OverTcp = true },
            new SippPhone("dave", server.Sip) { RtpPort = davesEar.Port },
        };
        var outsider = new SippPhone("erin", server.Sip) { RtpPort = erinsEar.Port };
        var talker = new SippPhone("alice", server.Sip);
        foreach (var phone in listeners.Append(outsider).Append(talker))
        {
            await RunAsync("register", phone, folder);
        }

        await server.WaitForGroupAsync(Group, group => group.GetProperty("affiliated").GetArrayLength() == 4);
        var waiting = listeners.Select(phone => Sipp.Start("plain-listener", phone, folder, waitsForCalls: true)).ToList();
        await Task.Delay(500);
        await RunAsync("plain-talker", talker, folder, new Dictionary<string, string> { ["audio"] = audio });
        foreach (var (phone, process) in listeners.Zip(waiting))
        {
            Assert.True(await process.ExitAsync(TimeSpan.FromSeconds(30)) == 0, Sipp.Log(phone, "plain-listener", folder) + server.Output);
            await process.DisposeAsync();
        }

        foreach (var ear in new[] { bobsEar, carolsEar, davesEar })
        {
            Assert.Equal(speech, ear.Heard);
            Assert.Single(ear.Packets.Select(packet => packet.Ssrc).Distinct());
        }

        Assert.Empty(erinsEar.Packets);
        Assert.Equal(0, await server.TerminateAsync());
    }

    private static async Task RunAsync(string scenario, SippPhone phone, TemporaryFolder folder, Dictionary<string, string>? extra = null)
    {
        await using var sipp = Sipp.Start(scenario, phone, folder, extra: extra);
        var exit = await sipp.ExitAsync(TimeSpan.FromSeconds(60));
        Assert.True(exit == 0, $"sipp {scenario} as {phone.User} ended with {exit}\n{Sipp.Log(phone, scenario, folder)}\n{sipp.Output}");
    }

    // Each frame differs from every other and no frame is one repeated octet, which would be silence.
    private static byte[] Speech(int frames)
    {
        var speech = new byte[frames * FrameOctets];
        for (var i = 0; i < speech.Length; i++)
        {
            speech[i] = (byte)(((i * 31) + (i / FrameOctets * 7)) % 251);
        }

        return speech;
    }
}
