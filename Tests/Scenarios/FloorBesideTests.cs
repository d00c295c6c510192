using Mcptt.Host.Configuration;
using Mcptt.Protocol.Floor;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;

namespace Mcptt.Scenarios;

/// <summary>Who talks beside others: rows of dual floor and multi-talker that <see cref="FloorContestTests"/> has not (TS 24.380 6.3.6, 6.3.4.4.7a).</summary>
public sealed class FloorBesideTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    [Clause("TS24.380 6.3.6.3.4")]
    public async Task T11_ends_an_override_of_which_nothing_is_heard()
    {
        await using var scene = await DualAsync(new FloorSettings { T11 = Short });
        var phones = await OverriddenAsync(scene, phone => phone.Inject(new FloorMessage(FloorMessageType.FloorRequest, 0) { Priority = 9 }));
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, IsDual);
        Assert.Equal(0, scene.Wire.CountTo(phones[2], FloorMessageType.FloorRevoke));
    }

    [Fact]
    [Clause("TS24.380 6.3.6.3.5")]
    public async Task T12_revokes_an_override_that_lasts_too_long()
    {
        await using var scene = await DualAsync(new FloorSettings { T12 = TimeSpan.FromSeconds(1) });
        var phones = await OverriddenAsync(scene, phone => phone.Press());
        await phones[2].ExpectAsync("revoked", ("cause", "2"));
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, IsDual);
        Assert.False(phones[0].Has("revoked"));
    }

    [Fact]
    [Clause("TS24.380 6.3.6.3")]
    public async Task When_the_first_talker_ends_the_override_becomes_the_floor()
    {
        await using var scene = await DualAsync(new FloorSettings());
        var phones = await OverriddenAsync(scene, phone => phone.Press());
        phones[0].Release();
        await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorGranted, message => !IsDual(message));
        var taken = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken, message => !IsDual(message) && message.GrantedPartyIdentity == phones[2].User);
        Assert.Equal(phones[2].Ue.Report?.Ssrc, taken.GrantedSsrc);
        Assert.Equal(phones[2].User, (await scene.FloorViewAsync((await scene.GroupViewAsync()).Call)).Holders.Single().McpttId);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7a")]
    public async Task A_member_who_may_not_add_itself_waits_beside_a_free_place()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            group.MaxTalkers = 2;
            group.Members.Single(member => member.McpttId.Contains("alice")).MultiTalkerAllowed = true;
        });
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued", ("position", "1"));
        Assert.False(phones[1].Has("granted"));
    }

    [Fact]
    [Clause("TS24.380 4.2.2")]
    public async Task Talkers_beside_each_other_are_heard_apart_by_their_SSRC()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            group.MaxTalkers = 2;
            group.Members.ToList().ForEach(member => member.MultiTalkerAllowed = true);
        });
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("granted");
        var taken = await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorTaken, message => message.Ssrcs?.Count == 2);
        Assert.Equal(phones.Take(2).Select(phone => phone.Ue.Report?.Ssrc), taken.Ssrcs!.Select(ssrc => (uint?)ssrc));
        await Task.Delay(Short);
        phones[0].Release();
        phones[1].Release();
        await phones[0].ExpectAsync("released");
        await phones[1].ExpectAsync("released");
        await scene.HeardAllAsync(phones[0], phones[1], phones[2]);
        await scene.HeardAllAsync(phones[1], phones[0], phones[2]);
    }

    private static Task<Scene> DualAsync(FloorSettings floor) => Scene.OpenAsync(group => group.DualFloor = true, floor);

    // Alice talks, Bob listens, Dave talks over her.
    private static async Task<IReadOnlyList<Phone>> OverriddenAsync(Scene scene, Action<Phone> asks)
    {
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        asks(phones[2]);
        await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorGranted, IsDual);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken, IsDual);
        return phones;
    }

    private static bool IsDual(FloorMessage message) => message.Indicator?.HasFlag(FloorIndicator.DualFloor) == true;
}
