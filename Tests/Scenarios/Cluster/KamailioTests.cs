using Mcptt.Scenarios.Peers;
using Mcptt.Scenarios.Running;
using Mcptt.Scenarios.Support;
using Mcptt.Testing.Postgres;

namespace Mcptt.Scenarios.Cluster;

/// <summary>A balancer that nobody here wrote before the edges: phones know its address only.</summary>
public sealed class KamailioTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Users = ["alice", "bob", "carol", "dora"];

    [RequiresPostgresFact("kamailio")]
    public async Task Calls_through_Kamailio_outlive_a_killed_edge_and_a_drained_one()
    {
        await using var site = await ClusterSite.StartAsync("edge,actors,media", "edge,actors", "edge,actors");
        await site.SettleAsync(takers: 3);
        await site.PutGroupAsync(ClusterSite.Group, Users);
        await using var kamailio = await Kamailio.StartAsync(site.Nodes);
        Phone[] phones = [.. Users.Select(user => site.Phone(user, kamailio.Address))];
        try
        {
            await JoinAsync(site, phones);
            await CallAsync(phones);

            // The phones' dialogs are spread over the edges by their Call-IDs: what this one has goes to the others.
            await site.Nodes[1].KillAsync();
            await TalkInTurnsAsync(site, phones);
            await LeaveAsync(site, phones);
            await CallAsync(phones);
            await TalkInTurnsAsync(site, phones);

            Assert.Equal(0, await site.Nodes[2].TerminateAsync(Patience));
            await TalkInTurnsAsync(site, phones);
            await LeaveAsync(site, phones);
            foreach (var phone in phones)
            {
                await phone.RegisterAsync();
            }
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{site.Account()}\n{kamailio.Output}", failure);
        }
    }

    // Our own client sends all to the address it was given; this one goes by Route and Contact alone, and tells by which way each message came.
    [RequiresPostgresFact("kamailio", "sipp")]
    public async Task A_plain_phone_behind_Kamailio_gets_each_request_of_a_call_from_it_and_answers_to_it()
    {
        await using var site = await ClusterSite.StartAsync("edge,actors,media", "edge,actors");
        await site.SettleAsync(takers: 2);
        await site.Nodes[0].PutGroupAsync(ClusterSite.Group, ServerProcess.Brigade("alice", "bob"));
        await using var kamailio = await Kamailio.StartAsync(site.Nodes);
        using var folder = new TemporaryFolder();
        using var ear = new RtpEar();
        var bob = new SippPhone("bob", kamailio.Address.ToString()) { RtpPort = ear.Port };
        await using (var registering = Sipp.Start("register", bob, folder))
        {
            Assert.True(await registering.ExitAsync(Patience) == 0, Sipp.Log(bob, "register", folder) + kamailio.Output);
        }

        var alice = site.Phone("alice", kamailio.Address);
        await alice.RegisterAsync();
        await site.Nodes[0].WaitForGroupAsync(ClusterSite.Group, group => group.GetProperty("affiliated").GetArrayLength() >= 1);
        await using var listening = Sipp.Start("plain-listener", bob, folder, waitsForCalls: true);
        await alice.CallAsync(ClusterSite.Group);
        await alice.ExpectAllAsync("established", "idle");
        await alice.TalkAsync(Burst);
        await alice.HangUpAsync();

        Assert.True(await listening.ExitAsync(Patience) == 0, Sipp.Log(bob, "plain-listener", folder) + site.Account());
        var vias = FirstVias(Sipp.Log(bob, "plain-listener", folder), "INVITE", "ACK", "BYE");
        Assert.Equal(3, vias.Select(via => via.Method).Distinct().Count());
        Assert.All(vias, via => Assert.Contains(kamailio.Address.ToString(), via.Via, StringComparison.Ordinal));
        Assert.NotEmpty(ear.Packets);
    }

    private static List<(string Method, string Via)> FirstVias(string log, params string[] methods)
    {
        var lines = log.ReplaceLineEndings("\n").Split('\n');
        return [.. lines
            .Select((line, index) => (Method: methods.FirstOrDefault(method => line.StartsWith($"{method} sip:", StringComparison.Ordinal)), Index: index))
            .Where(start => start.Method is not null)
            .Select(start => (start.Method!, lines.Skip(start.Index).First(line => line.StartsWith("Via:", StringComparison.Ordinal))))]; // Filtered.
    }

    private static async Task JoinAsync(ClusterSite site, IReadOnlyList<Phone> phones)
    {
        foreach (var phone in phones)
        {
            await phone.RegisterAsync();
            await phone.AffiliateAsync(ClusterSite.Group);
        }

        await site.Nodes[0].WaitForGroupAsync(ClusterSite.Group, group => group.GetProperty("affiliated").GetArrayLength() == phones.Count);
    }

    private static async Task CallAsync(IReadOnlyList<Phone> phones)
    {
        foreach (var phone in phones)
        {
            phone.PassOver();
        }

        await phones[0].CallAsync(ClusterSite.Group);
        await Task.WhenAll(phones.Select(phone => phone.ExpectAllAsync("established", "idle")));
    }

    private static async Task TalkInTurnsAsync(ClusterSite site, IReadOnlyList<Phone> phones)
    {
        foreach (var talker in phones)
        {
            talker.PassOver();
            await talker.TalkAsync(Burst);
            var sent = site.Ledger.SentFrames.GetValueOrDefault(talker.User);
            foreach (var listener in phones.Where(phone => phone != talker))
            {
                await Hearing.UntilAsync(() => site.Ledger.Of(listener.User, talker.User).DistinctFrames == sent, Patience);
                var heard = site.Ledger.Of(listener.User, talker.User);
                Assert.True(sent > 0 && (heard.DistinctFrames, heard.Frames) == (sent, sent), $"{listener.User} heard {heard.DistinctFrames} frames ({heard.Frames} packets) of {sent} that {talker.User} sent");
            }
        }
    }

    private static async Task LeaveAsync(ClusterSite site, IReadOnlyList<Phone> phones)
    {
        foreach (var phone in phones.Take(phones.Count - 1))
        {
            await phone.HangUpAsync();
        }

        await phones[^1].ExpectAsync("ended");
        await site.Nodes[0].WaitForGroupAsync(ClusterSite.Group, group => !group.TryGetProperty("call", out var call) || call.GetString() is null or "");
    }
}
