using Mcptt.Protocol.Floor;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Peers;

/// <summary>Strict MCPTT clients whose SIP is sipp's; floor and media are sockets of the test.</summary>
public sealed class McpttClientsTests
{
    private const string Group = "sip:brigade@example.org";
    private const string McpttTags = ";+g.3gpp.mcptt;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt\"";

    [RequiresToolFact("sipp")]
    [Clause("TS24.379 10.1.1")]
    public async Task A_granted_client_is_heard_by_the_others_over_udp_and_tcp()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.File("data"));
        await server.PutGroupAsync(Group, ServerProcess.Brigade("alice", "bob", "carol"));
        using var alice = new McpttEar();
        using var bob = new McpttEar();
        using var carol = new McpttEar();
        var phones = new[] { ("alice", alice, false), ("bob", bob, false), ("carol", carol, true) }
            .Select(one => new SippPhone(one.Item1, server.Sip) { RtpPort = one.Item2.Rtp.Port, FloorPort = one.Item2.FloorPort, OverTcp = one.Item3, ContactParameters = McpttTags })
            .ToList();
        foreach (var phone in phones)
        {
            await using var register = Sipp.Start("register", phone, folder);
            Assert.True(await register.ExitAsync(TimeSpan.FromSeconds(30)) == 0, Sipp.Log(phone, "register", folder));
        }

        await server.WaitForGroupAsync(Group, group => group.GetProperty("affiliated").GetArrayLength() == 3);
        await using var bobWaits = Sipp.Start("mcptt-listener", phones[1], folder, waitsForCalls: true);
        await using var carolWaits = Sipp.Start("mcptt-listener", phones[2], folder, waitsForCalls: true);
        await Task.Delay(500);
        await using var caller = Sipp.Start("mcptt-caller", phones[0], folder, holdMilliseconds: 6000);

        var callId = (await server.WaitForGroupAsync(Group, group => group.TryGetProperty("call", out var call) && call.GetString() is { Length: > 0 })).GetProperty("call").GetString();
        await bob.WaitForAsync(FloorMessageType.FloorIdle);
        await carol.WaitForAsync(FloorMessageType.FloorIdle);
        var media = (await server.GetAsync($"/v1/calls/{callId}")).GetProperty("media");
        var floorPort = media.GetProperty("floorPort").GetInt32();
        var rtpPort = media.GetProperty("rtpPort").GetInt32();

        alice.Send(floorPort, new FloorMessage(FloorMessageType.FloorRequest, 0xA11CE));
        await alice.WaitForAsync(FloorMessageType.FloorGranted);
        await bob.WaitForAsync(FloorMessageType.FloorTaken);
        bob.Send(floorPort, new FloorMessage(FloorMessageType.FloorRequest, 0xB0B));
        await bob.WaitForAsync(FloorMessageType.FloorQueuePositionInfo);
        var burst = Enumerable.Range(0, 25).Select(frame => Enumerable.Range(0, 160).Select(i => (byte)(i + frame)).ToArray()).ToList();
        for (var i = 0; i < burst.Count; i++)
        {
            alice.Rtp.SendRtp(rtpPort, (ushort)i, (uint)(i * 160), 0xA11CE, burst[i]);
            carol.Rtp.SendRtp(rtpPort, (ushort)i, (uint)(i * 160), 0xCA401, burst[i]);
            await Task.Delay(5);
        }

        await carol.WaitForAsync(FloorMessageType.FloorRevoke);
        alice.Send(floorPort, new FloorMessage(FloorMessageType.FloorRelease, 0xA11CE));
        await bob.WaitForAsync(FloorMessageType.FloorGranted);
        Assert.Equal(0, await caller.ExitAsync(TimeSpan.FromSeconds(30)));

        // After the caller has left two remain; the release of the last but one ends the call.
        Assert.Equal(burst.SelectMany(payload => payload), bob.Rtp.Heard);
        Assert.Equal(burst.SelectMany(payload => payload), carol.Rtp.Heard);
        Assert.Empty(alice.Rtp.Packets);
        Assert.All(bob.Rtp.Packets, packet => Assert.Equal(0xA11CEu, packet.Ssrc));
    }
}
