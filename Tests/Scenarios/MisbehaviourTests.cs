using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>Clients that do wrong, and a network that does.</summary>
public sealed class MisbehaviourTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(500);

    [Fact]
    [Clause("TS24.380 6.3.5.3")]
    public async Task Who_talks_without_the_floor_is_revoked_and_heard_by_nobody()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        Assert.Null(await phones[1].Ue.TalkWithoutPermissionAsync(Burst, CancellationToken.None));
        Assert.Contains(phones[1].Ue.Events.Since(0), happened => happened.Fields.Any(field => field.Value.StartsWith("FloorRevoke cause=3", StringComparison.Ordinal)));
        phones[0].Release();
        await scene.HeardAllAsync(phones[0], phones[2]);
        Assert.Equal((0, 0), (scene.FramesHeard(phones[1], phones[0]), scene.FramesHeard(phones[1], phones[2])));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.5")]
    public async Task A_talker_who_ignores_Revoke_loses_the_floor_when_T3_ends()
    {
        await using var scene = await Scene.OpenAsync(group => group.TalkLimitMs = 1_000);
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice", options => options with { Misbehaviour = new Misbehaviour { IgnoreRevoke = true } });
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAsync("idle");
        alice.Press();
        await alice.ExpectAsync("granted");
        await bob.ExpectAsync("taken");
        await bob.ExpectAsync("idle");
        var heard = scene.FramesHeard(alice, bob);
        await Task.Delay(Burst);
        Assert.Equal(heard, scene.FramesHeard(alice, bob));
        await bob.TalkAsync(Burst);
    }

    [Fact]
    public async Task On_a_lossy_floor_channel_everybody_agrees_in_the_end()
    {
        var seed = Seed.Take();
        await using var scene = await Scene.OpenAsync();
        UeOptions Lossy(UeOptions options) => options with { Misbehaviour = new Misbehaviour { Lose = 0.2, Duplicate = 0.2, Reorder = 0.2, Seed = seed } };
        var bob = await scene.PhoneAsync("bob", Lossy);
        var alice = await scene.PhoneAsync("alice", Lossy);
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAsync("established");
        var call = (await scene.GroupViewAsync()).Call;
        for (var round = 0; round < 5; round++)
        {
            alice.Press();
            bob.Press();
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            alice.Release();
            bob.Release();
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }

        // C100 and C101 times T100 and T101, then T1 for a Release that was lost each time.
        var phase = "";
        for (var i = 0; i < 100 && phase != "idle"; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            phase = (await scene.FloorViewAsync(call)).Phase;
        }

        Assert.True(phase == "idle", $"the floor is {phase} (seed {seed})");
    }

    [Fact]
    public async Task A_flood_of_requests_does_not_keep_others_from_the_floor()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        Assert.Null(phones[1].Ue.Flood(5_000));
        phones[0].Press();
        var granted = phones[0].ExpectAsync("granted");
        phones[1].Release();
        await phones[1].HangUpAsync();
        await granted;
    }
}
