using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>Several who want to talk: pre-emption, cut-in, dual floor, multi-talker, on the wire (TS 24.380 6.3.4.4, 6.3.6).</summary>
public sealed class FloorContestTests
{
    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public async Task An_emergency_pre_empts_whatever_the_priority()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("dave", "alice");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");

        // The call is in no emergency: the bit alone lifts nobody.
        phones[1].Inject(InEmergency);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorQueuePositionInfo);
        await scene.OrderFloorAsync(new FloorCommand { SetCondition = new SetCallCondition { Emergency = true } });
        phones[1].Inject(InEmergency);
        await phones[0].ExpectAsync("revoked", ("cause", "4"));
        var granted = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorGranted);
        Assert.True(granted.Indicator?.HasFlag(FloorIndicator.EmergencyCall));
    }

    [Fact]
    [Clause("TS24.380 14.3.3")]
    public async Task No_offer_lifts_its_sender_above_the_priority_of_the_group_document()
    {
        await using var scene = await Scene.OpenAsync();
        var alice = await scene.PhoneAsync("alice");
        var bob = await scene.PhoneAsync("bob", options => options with { OfferPriority = 200 });
        await bob.CallAsync(Scene.Group);
        await alice.ExpectAllAsync("established", "idle");
        alice.Press();
        await alice.ExpectAsync("granted");
        bob.Press(new FloorWish(200, 0));
        var info = await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorQueuePositionInfo);
        Assert.Equal(new QueueInfo(1, 3), info.QueueInfo);
        Assert.Equal(0, scene.Wire.CountTo(alice, FloorMessageType.FloorRevoke));
    }

    [Fact]
    [Clause("TS24.380 6.3.2.2")]
    public async Task In_a_cut_in_group_every_request_takes_the_floor()
    {
        await using var scene = await Scene.OpenAsync(group => group.AudioCutIn = true);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[0].ExpectAsync("revoked", ("cause", "4"));
        await phones[1].ExpectAsync("granted");
        Assert.Equal(0, scene.Wire.CountTo(phones[1], FloorMessageType.FloorQueuePositionInfo));
    }

    [Fact]
    [Clause("TS24.380 6.3.6.3.2")]
    public async Task With_dual_floor_the_overriding_one_talks_beside_the_first()
    {
        await using var scene = await Scene.OpenAsync(group => group.DualFloor = true);
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[2].Press();
        await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorGranted, IsDual);
        var taken = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken, IsDual);
        await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorTaken, IsDual);
        Assert.Equal((phones[2].User, phones[2].Ue.Report?.Ssrc), (taken.GrantedPartyIdentity, taken.GrantedSsrc));
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        phones[2].Release();
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, IsDual);
        phones[0].Release();
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, message => !IsDual(message));
        Assert.Equal(0, scene.Wire.CountTo(phones[0], FloorMessageType.FloorRevoke));
        await scene.HeardAllAsync(phones[0], phones[1]);
        await scene.HeardAllAsync(phones[2], phones[1]);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public async Task In_a_multi_talker_group_talkers_come_and_go_beside_each_other()
    {
        await using var scene = await Scene.OpenAsync(MultiTalker);
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("granted");
        var taken = await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorTaken, message => message.GrantedUsers?.Count == 2);
        Assert.Equal(new[] { phones[0].User, phones[1].User }, taken.GrantedUsers!.Order());
        Assert.True(taken.Indicator?.HasFlag(FloorIndicator.MultiTalker));
        phones[1].Release();
        Assert.Equal(phones[1].User, (await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorReleaseMultiTalker)).UserId);
        phones[0].Release();
        Assert.Equal(phones[0].User, (await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorReleaseMultiTalker)).UserId);
        await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorIdle);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7a")]
    public async Task At_the_most_talkers_the_lowest_is_revoked_for_a_higher_one()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            MultiTalker(group);
            group.Members.Single(member => member.McpttId.Contains("bob")).UserPriority = 5;
        });
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("granted");
        phones[2].Press();
        await phones[0].ExpectAsync("revoked", ("cause", "4"));
        await phones[2].ExpectAsync("granted");
        Assert.False(phones[1].Has("revoked"));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.6")]
    public async Task When_the_talker_leaves_the_floor_is_idle()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[1].ExpectAsync("taken");
        await phones[2].ExpectAsync("taken");
        await phones[0].HangUpAsync();
        await phones[1].ExpectAsync("idle");
        await phones[2].ExpectAsync("idle");
    }

    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public async Task Who_comes_back_while_another_talks_is_told_who()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[1].ExpectAsync("taken");
        await phones[1].HangUpAsync();
        scene.Wire.FromNow();
        await phones[1].CallAsync(Scene.Group);
        var taken = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken);
        Assert.Equal((phones[0].User, phones[0].Ue.Report?.Ssrc), (taken.GrantedPartyIdentity, taken.GrantedSsrc));
    }

    private static FloorMessage InEmergency { get; } = new(FloorMessageType.FloorRequest, 0) { Indicator = FloorIndicator.EmergencyCall };

    private static bool IsDual(FloorMessage message) => message.Indicator?.HasFlag(FloorIndicator.DualFloor) == true;

    private static void MultiTalker(GroupDocument group)
    {
        group.MaxTalkers = 2;
        foreach (var member in group.Members)
        {
            member.MultiTalkerAllowed = true;
        }
    }
}
