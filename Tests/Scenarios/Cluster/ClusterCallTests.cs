using System.Net;
using Mcptt.Scenarios.Support;
using Mcptt.Testing.Postgres;

namespace Mcptt.Scenarios.Cluster;

/// <summary>One call over several nodes, with the PostgreSQL engine.</summary>
public class ClusterCallTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected virtual SiteEngine Engine => new PostgresSite();

    [RequiresPostgresFact]
    public async Task A_call_whose_members_are_registered_at_three_nodes_is_heard_octet_for_octet()
    {
        await using var site = await ClusterSite.StartAsync(Engine, "edge,actors,media", "edge,actors,media", "edge,actors,media");
        await site.SettleAsync(takers: 3);
        await site.PutGroupAsync(ClusterSite.Group, "alice", "bob", "carol");
        Phone[] phones = [site.Phone("alice", site.Nodes[0]), site.Phone("bob", site.Nodes[1]), site.Phone("carol", site.Nodes[2])];
        await GuardAsync(site, async () =>
        {
            await JoinAsync(site, phones);
            await phones[0].CallAsync(ClusterSite.Group);
            await Task.WhenAll(phones.Select(phone => phone.ExpectAllAsync("established", "idle")));
            foreach (var talker in phones)
            {
                await talker.TalkAsync(Burst);
                await AssertHeardAsync(site, talker, phones);
            }

            await LeaveAsync(site, phones);
        });
    }

    [RequiresPostgresFact]
    public async Task Behind_a_balancer_each_request_of_a_registration_and_of_a_dialog_may_come_to_another_edge()
    {
        await using var site = await ClusterSite.StartAsync(Engine, "edge,actors,media", "edge,actors", "edge");
        await site.SettleAsync(takers: 2);
        await site.PutGroupAsync(ClusterSite.Group, "alice", "bob", "carol");
        IPEndPoint[] edges = [.. site.Nodes.Select(node => new IPEndPoint(IPAddress.Loopback, node.SipPort))];
        await using var first = new RoundRobinBalancer(edges);
        await using var second = new RoundRobinBalancer(edges);
        Phone[] phones = [site.Phone("alice", first.Address), site.Phone("bob", second.Address), site.Phone("carol", site.Nodes[1])];
        await GuardAsync(site, async () =>
        {
            await JoinAsync(site, phones);
            await phones[0].RegisterAsync();
            await phones[0].RegisterAsync();
            await phones[0].CallAsync(ClusterSite.Group);
            await Task.WhenAll(phones.Select(phone => phone.ExpectAllAsync("established", "idle")));
            for (var round = 0; round < 3; round++)
            {
                // A re-INVITE each: an emergency that is declared and taken back.
                await phones[0].DeclareAsync(new Mcptt.Ue.CallDeclaration { ImminentPeril = round % 2 == 0 });
                await phones[1].TalkAsync(Burst);
            }

            await AssertHeardAsync(site, phones[1], phones);
            await LeaveAsync(site, phones);
        });

        Assert.Equal(3, first.WaysOf("REGISTER").Distinct().Count());
        Assert.True(first.WaysOf("INVITE").Distinct().Count() > 1, string.Join(' ', first.WaysOf("INVITE")));
    }

    [RequiresPostgresFact]
    public async Task Killing_the_node_that_runs_the_call_interrupts_no_burst_and_the_floor_goes_on_at_another()
    {
        await using var site = await ClusterSite.StartAsync(Engine, "edge,media", "actors", "actors");
        await site.SettleAsync(takers: 2);
        await site.PutGroupAsync(ClusterSite.Group, "alice", "bob", "carol");
        Phone[] phones = [site.Phone("alice", site.Nodes[0]), site.Phone("bob", site.Nodes[0]), site.Phone("carol", site.Nodes[0])];
        await GuardAsync(site, async () =>
        {
            await JoinAsync(site, phones);
            await phones[0].CallAsync(ClusterSite.Group);
            await Task.WhenAll(phones.Select(phone => phone.ExpectAllAsync("established", "idle")));
            phones[0].Press();
            await phones[0].ExpectAsync("granted");
            var call = await site.CallOfAsync(ClusterSite.Group);
            var owner = await site.OwnerAsync(call) ?? throw new InvalidOperationException("the call's shard has no owner");

            await owner.KillAsync();
            phones[1].Press();
            await phones[1].ExpectAsync("queued");
            await Task.Delay(Burst);
            phones[0].Release();
            await phones[1].ExpectAsync("granted");
            await Task.Delay(Burst);
            phones[1].Release();
            await phones[1].ExpectAsync("released");

            // Nothing buffers voice: a burst that was interrupted would lack frames.
            await AssertHeardAsync(site, phones[0], phones);
            await AssertHeardAsync(site, phones[1], phones);
            Assert.NotSame(owner, await site.OwnerAsync(call));
            Assert.Equal(call, await site.CallOfAsync(ClusterSite.Group));
            await LeaveAsync(site, phones);
        });
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

    private static async Task LeaveAsync(ClusterSite site, IReadOnlyList<Phone> phones)
    {
        foreach (var phone in phones.Take(phones.Count - 1))
        {
            await phone.HangUpAsync();
        }

        await phones[^1].ExpectAsync("ended");
        await site.Nodes[0].WaitForGroupAsync(ClusterSite.Group, group => !group.TryGetProperty("call", out var call) || call.GetString() is null or "");
    }

    private static async Task AssertHeardAsync(ClusterSite site, Phone talker, IReadOnlyList<Phone> phones)
    {
        foreach (var listener in phones.Where(phone => phone != talker))
        {
            await Hearing.UntilAsync(() => site.Ledger.Of(listener.User, talker.User).DistinctFrames == site.Ledger.SentFrames.GetValueOrDefault(talker.User), Patience);
            var (sent, heard) = (site.Ledger.SentFrames.GetValueOrDefault(talker.User), site.Ledger.Of(listener.User, talker.User));
            Assert.True(sent > 0 && (heard.DistinctFrames, heard.Frames) == (sent, sent), $"{listener.User} heard {heard.DistinctFrames} frames ({heard.Frames} packets) of {sent} that {talker.User} sent");
            Assert.Equal(0, site.Ledger.Of(listener.User, null).Frames);
        }
    }

    private static async Task GuardAsync(ClusterSite site, Func<Task> story)
    {
        try
        {
            await story();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{site.Account()}", failure);
        }
    }
}
