using Mcptt.Testing.Postgres;
using Xunit.Abstractions;

namespace Mcptt.Scenarios.Cluster;

/// <summary>An upgrade as operators do it: one node after the other is stopped and started again while people talk.</summary>
public class RollingRestartTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private protected virtual SiteEngine Engine => new PostgresSite();

    [RequiresPostgresFact]
    public async Task Each_of_three_nodes_is_restarted_under_load_and_no_call_and_no_registration_is_lost()
    {
        await using var site = await ClusterSite.StartAsync(Engine, "edge,actors,media", "edge,actors,media", "edge,actors,media");
        await site.SettleAsync(takers: 3);
        var times = new AccessTimes();
        await using var first = await LoadAsync(site, "sip:first@example.org", times, "anna", "bert", "cleo");
        await using var second = await LoadAsync(site, "sip:second@example.org", times, "dora", "emil", "fred");
        times.Phase = "before";
        await Task.Delay(Before);
        times.Phase = "during";
        foreach (var node in site.Nodes)
        {
            Assert.Equal(0, await node.TerminateAsync(DrainLimit));
            await node.StartAsync();
            await site.SettleAsync(takers: 3);
        }

        await Task.WhenAll(first.StopAsync(), second.StopAsync());
        output.WriteLine($"{times}; {first.Calls + second.Calls} calls, {first.Registrations + second.Registrations} registrations");
        var failures = first.Failures.Concat(second.Failures).ToList();
        Assert.True(failures.Count == 0, $"{times}\n{string.Join('\n', failures)}\n{site.Account()}");
        Assert.True(times.Count("before") > 0 && times.Count("during") > 0, times.ToString());
        foreach (var user in (string[])["anna", "bert", "cleo", "dora", "emil", "fred"])
        {
            var state = await site.Nodes[0].GetAsync($"/v1/users/{Uri.EscapeDataString($"sip:{user}@example.org")}/state");
            Assert.Equal(1, state.GetProperty("bindings").GetArrayLength());
        }
    }

    private static async Task<CallLoad> LoadAsync(ClusterSite site, string group, AccessTimes times, params string[] users)
    {
        await site.PutGroupAsync(group, users);
        var phones = await site.FleetAsync(users);
        foreach (var phone in phones)
        {
            await phone.RegisterAsync();
            await phone.AffiliateAsync(group);
        }

        await site.Nodes[0].WaitForGroupAsync(group, state => state.GetProperty("affiliated").GetArrayLength() == users.Length);
        var load = new CallLoad(group, phones, times);
        load.Start();
        return load;
    }
}
