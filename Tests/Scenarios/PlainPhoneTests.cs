using Mcptt.Scenarios.Support;
using Mcptt.Testing;

namespace Mcptt.Scenarios;

/// <summary>SIP phones that know REGISTER, INVITE and RTP, beside MCPTT clients (design section 7).</summary>
public sealed class PlainPhoneTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(600);

    [Fact]
    public async Task A_plain_phone_calls_the_group_listens_and_talks_when_the_floor_is_free()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob");
        var plain = await scene.PhoneAsync("carol", options => options with { PlainPhone = true });
        await plain.CallAsync(Scene.Group);
        await bob.ExpectAsync("idle");
        await bob.TalkAsync(Burst);
        await scene.HeardAllAsync(bob, plain);

        plain.Press();
        await bob.ExpectAsync("taken", ("by", plain.User));
        await Task.Delay(Burst);
        plain.Release();
        // Its silence is its release: T1 (4 s).
        await bob.ExpectAsync("idle");
        Assert.InRange(scene.FramesHeard(plain, bob), 15, scene.Ledger.SentFrames[plain.User]);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4")]
    public async Task A_plain_phone_that_talks_into_anothers_burst_is_not_heard()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice");
        var plain = await scene.PhoneAsync("carol", options => options with { PlainPhone = true });
        await plain.CallAsync(Scene.Group);
        await bob.ExpectAsync("idle");
        await alice.ExpectAsync("idle");
        bob.Press();
        await bob.ExpectAsync("granted");
        plain.Press();
        await Task.Delay(Burst);
        plain.Release();
        bob.Release();
        await scene.HeardAllAsync(bob, alice, plain);
        Assert.Equal(0, scene.FramesHeard(plain, alice));
    }
}
