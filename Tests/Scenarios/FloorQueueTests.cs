using Mcptt.Host.Configuration;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>Rows of the operation towards each participant on the wire: joining, waiting, giving back (TS 24.380 6.3.5).</summary>
public sealed class FloorQueueTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public async Task Who_joins_while_idle_is_told_Floor_Idle()
    {
        await using var scene = await Scene.OpenAsync();
        await scene.InCallAsync("alice", "bob");
        var carol = await scene.PhoneAsync("carol");
        await scene.Wire.ExpectAsync(carol, FloorMessageType.FloorIdle);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public async Task A_repeated_request_keeps_its_place_and_is_told_it_again()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await TalkingAsync(scene, "alice", "bob", "carol");
        phones[1].Press();
        await phones[1].ExpectAsync("queued", ("position", "1"));
        phones[2].Press();
        await phones[2].ExpectAsync("queued", ("position", "2"));
        phones[1].Inject(FloorMessageType.FloorRequest);
        await phones[1].ExpectAsync("queued", ("position", "1"));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.5.3")]
    public async Task Release_of_the_talker_with_the_ack_bit_is_acknowledged_and_ends_the_burst()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await TalkingAsync(scene, "alice", "bob");
        phones[0].Inject(AcknowledgedRelease);
        await AssertAcknowledgedAsync(scene, phones[0]);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.6.3")]
    public async Task Release_while_being_revoked_with_the_ack_bit_is_acknowledged_and_ends_the_burst()
    {
        await using var scene = await Scene.OpenAsync(group => group.TalkLimitMs = 1_000, new FloorSettings { T3 = TimeSpan.FromSeconds(30) });
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice", options => options with { Misbehaviour = new Misbehaviour { IgnoreRevoke = true } });
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAllAsync("established", "idle");
        alice.Press();
        await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorRevoke);
        alice.Inject(AcknowledgedRelease);
        await AssertAcknowledgedAsync(scene, alice);
        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorIdle, message => message.SequenceNumber > 0);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.7")]
    public async Task Who_sends_without_permission_and_releases_is_told_the_state()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await TalkingAsync(scene, "alice", "bob");
        Assert.Null(await phones[1].Ue.TalkWithoutPermissionAsync(Short, CancellationToken.None));
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorRevoke);
        scene.Wire.FromNow();
        phones[1].Inject(FloorMessageType.FloorRelease);
        Assert.Equal(phones[0].User, (await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken)).GrantedPartyIdentity);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public async Task Priority_that_was_not_negotiated_is_ignored()
    {
        await using var scene = await Scene.OpenAsync();
        var alice = await scene.PhoneAsync("alice");
        var bob = await scene.PhoneAsync("bob", options => options with { OfferPriority = null });
        await bob.CallAsync(Scene.Group);
        await alice.ExpectAllAsync("established", "idle");
        alice.Press();
        await alice.ExpectAsync("granted");
        bob.Inject(new FloorMessage(FloorMessageType.FloorRequest, 0) { Priority = 200 });
        Assert.Equal(new QueueInfo(1, 3), (await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorQueuePositionInfo)).QueueInfo);
        Assert.Equal(0, scene.Wire.CountTo(alice, FloorMessageType.FloorRevoke));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public async Task The_queue_is_in_the_order_of_priority_then_arrival()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            Lift(group, "alice", 9);
            Lift(group, "carol", 5);
            Lift(group, "dave", 3);
        });
        var phones = await TalkingAsync(scene, "alice", "bob", "dave", "carol");
        phones[1].Press();
        await phones[1].ExpectAsync("queued", ("position", "1"));
        phones[2].Press();
        await phones[2].ExpectAsync("queued", ("position", "2"));
        phones[3].Press();
        await phones[3].ExpectAsync("queued", ("position", "1"));
        phones[2].Inject(FloorMessageType.FloorQueuePositionRequest);
        await phones[2].ExpectAsync("queued", ("position", "3"));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public async Task Who_waited_for_the_longest_time_is_denied()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { MaxQueueTime = Short });
        var phones = await TalkingAsync(scene, "alice", "bob");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        await phones[1].ExpectAsync("denied", ("cause", "255"));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public async Task A_pre_emptor_comes_before_the_queue_even_without_queueing_and_is_told_no_position()
    {
        await using var scene = await Scene.OpenAsync();
        var dave = await scene.PhoneAsync("dave", options => options with { OfferQueueing = false });
        var phones = await scene.InCallAsync("alice", "bob");
        await dave.ExpectAllAsync("established", "idle");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        dave.Press();
        await dave.ExpectAsync("granted");
        Assert.False(phones[1].Has("granted"));
        Assert.Equal(0, scene.Wire.CountTo(dave, FloorMessageType.FloorQueuePositionInfo));
    }

    [Fact]
    [Clause("TS24.380 6.2.1")]
    public async Task In_a_cut_in_group_priority_has_no_effect()
    {
        await using var scene = await Scene.OpenAsync(group => group.AudioCutIn = true);
        var phones = await TalkingAsync(scene, "dave", "alice");
        phones[1].Press();
        await phones[1].ExpectAsync("granted");
        await phones[0].ExpectAsync("revoked", ("cause", "4"));
    }

    private static FloorMessage AcknowledgedRelease { get; } = new(FloorMessageType.FloorRelease, 0) { AcknowledgementRequired = true };

    // The first of these names talks, the others are in the call.
    private static async Task<IReadOnlyList<Phone>> TalkingAsync(Scene scene, params string[] names)
    {
        var phones = await scene.InCallAsync(names);
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        foreach (var phone in phones.Skip(1))
        {
            await phone.ExpectAsync("taken");
        }

        return phones;
    }

    private static async Task AssertAcknowledgedAsync(Scene scene, Phone phone)
    {
        var ack = await scene.Wire.ExpectAsync(phone, FloorMessageType.FloorAck);
        Assert.Equal((FloorSource.ControllingFunction, FloorMessageType.FloorRelease), (ack.Source, ack.AcknowledgedType));
    }

    private static void Lift(GroupDocument group, string name, uint priority) =>
        group.Members.Single(member => member.McpttId.Contains(name)).UserPriority = priority;
}
