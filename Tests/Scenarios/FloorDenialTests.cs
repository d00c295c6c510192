using Mcptt.Protocol.Floor;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;

namespace Mcptt.Scenarios;

/// <summary>Who is refused, told a position or told the state: rows of TS 24.380 6.3.5 on the wire.</summary>
public sealed class FloorDenialTests
{
    [Fact]
    [Clause("TS24.380 8.2.6.2")]
    public async Task Who_finds_the_queue_full_is_denied_with_7()
    {
        await using var scene = await Scene.OpenAsync(group => group.QueueDepth = 1);
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        phones[2].Press();
        await phones[2].ExpectAsync("denied", ("cause", "7"));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public async Task Who_did_not_negotiate_queueing_is_denied_with_1()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob", options => options with { OfferQueueing = false });
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAllAsync("established", "idle");
        alice.Press();
        await bob.ExpectAsync("taken");
        bob.Press();
        await bob.ExpectAsync("denied", ("cause", "1"));
        Assert.DoesNotContain(scene.Wire.To(bob), message => message.Indicator?.HasFlag(FloorIndicator.QueueingSupported) == true);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.3.4")]
    public async Task Only_the_originator_of_a_broadcast_may_ask()
    {
        await using var scene = await Scene.OpenAsync(group => group.Broadcast = true);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[1].Press();
        await phones[1].ExpectAsync("denied", ("cause", "5"));
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        var taken = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken);
        Assert.Equal((false, true), (taken.PermissionToRequestTheFloor, taken.Indicator?.HasFlag(FloorIndicator.BroadcastGroupCall)));
        phones[1].Inject(FloorMessageType.FloorRequest);
        Assert.Equal(FloorDenyCause.ReceiveOnly, (await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorDeny, message => message.DenyCause is not null)).DenyCause);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.3.4")]
    public async Task Who_is_alone_in_the_call_is_denied_with_3()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob", options => options with { ManualAnswer = true });
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAsync("offered");
        alice.Press();
        Assert.Equal(FloorDenyCause.OnlyOneParticipant, (await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorDeny)).DenyCause);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.5")]
    public async Task Who_gives_up_a_place_in_the_queue_is_told_who_talks()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken);
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        phones[1].Release();
        var taken = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken);
        Assert.Equal((phones[0].User, phones[0].Ue.Report?.Ssrc), (taken.GrantedPartyIdentity, taken.GrantedSsrc));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.6")]
    public async Task Who_is_not_queued_has_position_254()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[1].ExpectAsync("taken");
        phones[1].Inject(FloorMessageType.FloorQueuePositionRequest);
        Assert.Equal(QueueInfo.NotQueued, (await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorQueuePositionInfo)).QueueInfo?.Position);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.3.5")]
    public async Task A_Release_by_somebody_else_at_an_idle_floor_is_answered_with_Idle()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        scene.Wire.FromNow();
        var trackInfo = FloorTrackInfo.Create(queueingCapability: true, "relay", 7, 8);
        phones[1].Inject(new FloorMessage(FloorMessageType.FloorRelease, 0) { AcknowledgementRequired = true, TrackInfo = trackInfo });
        var ack = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorAck);
        Assert.Equal((FloorSource.ControllingFunction, FloorMessageType.FloorRelease, trackInfo), (ack.Source, ack.AcknowledgedType, ack.TrackInfo));
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle);
    }

    [Fact]
    [Clause("TS24.380 8.2.3.13")]
    public async Task Track_Info_alias_and_location_of_a_request_come_back()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        var trackInfo = FloorTrackInfo.Create(queueingCapability: true, "relay", 7);
        var location = FloorLocation.Coordinates(1_000, 2_000);
        phones[0].Inject(new FloorMessage(FloorMessageType.FloorRequest, 0) { TrackInfo = trackInfo, FunctionalAlias = "sip:driver@example.org", Location = location });
        Assert.Equal(trackInfo, (await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted)).TrackInfo);
        var taken = await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken);
        Assert.Equal(("sip:driver@example.org", location), (taken.FunctionalAlias, taken.Location));
    }
}
