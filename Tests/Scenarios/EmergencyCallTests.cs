using Mcptt.Host.Configuration;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue;

namespace Mcptt.Scenarios;

/// <summary>Emergency and imminent peril from the SIP request to the floor messages, and what the group document allows whom (facts 2.8, 4.8).</summary>
public sealed class EmergencyCallTests
{
    private static readonly CallDeclaration Emergency = new(Emergency: true);
    private static readonly CallDeclaration EmergencyOver = new(Emergency: false);
    private static readonly CallDeclaration Peril = new(ImminentPeril: true);

    [Fact]
    [Clause("TS24.379 10.1.1.4.2")]
    public async Task A_call_that_starts_as_an_emergency_is_one_for_everybody_and_on_the_floor()
    {
        await using var scene = await Scene.OpenAsync(Allow("alice"));
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group, Emergency);
        await alice.ExpectAsync("condition", ("emergency", "1"));
        await bob.ExpectAsync("condition", ("emergency", "1"));
        await bob.ExpectAllAsync("established", "idle");
        bob.Press();
        var granted = await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorGranted);
        Assert.True(granted.Indicator is { } bits && bits.HasFlag(FloorIndicator.EmergencyCall) && !bits.HasFlag(FloorIndicator.NormalCall));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.8")]
    public async Task An_upgrade_with_an_implicit_request_takes_the_floor_from_who_talks_and_its_end_is_told()
    {
        await using var scene = await Scene.OpenAsync(Allow("alice"));
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        phones[2].Press();
        await phones[2].ExpectAsync("granted");
        await phones[0].DeclareAsync(Emergency, implicitFloorRequest: true);
        await phones[2].ExpectAllAsync("revoked", "condition");
        Assert.Contains(phones[2].Ue.Events.Since(0), happened => happened.Word == "revoked" && happened.Has("cause", "4"));
        Assert.Contains(phones[2].Ue.Events.Since(0), happened => happened.Word == "condition" && happened.Has("emergency", "1"));
        var granted = await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted);
        Assert.True(granted.Indicator?.HasFlag(FloorIndicator.EmergencyCall));
        await phones[0].ExpectAsync("granted");
        Assert.True((await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken, message => message.GrantedPartyIdentity == phones[0].User)).Indicator?.HasFlag(FloorIndicator.EmergencyCall));
        await phones[1].ExpectAsync("condition", ("emergency", "1"));

        await Hearing.UntilAsync(() => scene.FramesHeard(phones[0], phones[1]) > 0);
        Assert.True(scene.FramesHeard(phones[0], phones[1]) > 0);
        await phones[0].DeclareAsync(EmergencyOver);
        await phones[1].ExpectAsync("condition", ("emergency", "0"));
        await phones[2].ExpectAsync("condition", ("emergency", "0"));
        phones[0].Release();
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, message => message.Indicator?.HasFlag(FloorIndicator.NormalCall) == true);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.2.2")]
    public async Task An_accepted_implicit_request_that_does_not_pre_empt_is_queued_and_told_its_position()
    {
        await using var scene = await Scene.OpenAsync(Allow("alice", "dave"));
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        await phones[2].DeclareAsync(Emergency, implicitFloorRequest: true);
        await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorGranted);
        await phones[0].ExpectAsync("condition", ("emergency", "1"));
        await phones[0].DeclareAsync(Emergency, implicitFloorRequest: true);
        Assert.Equal(new QueueInfo(1, 3), (await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorQueuePositionInfo)).QueueInfo);
        Assert.Equal(0, scene.Wire.CountTo(phones[2], FloorMessageType.FloorRevoke));
    }

    [Fact]
    [Clause("TS24.379 6.3.3.1.14")]
    public async Task Who_may_not_declare_is_refused_and_told_that_it_is_not_so()
    {
        await using var scene = await Scene.OpenAsync(Allow("alice"));
        var phones = await scene.InCallAsync("alice", "bob");
        Assert.Contains("403", await phones[1].Ue.DeclareAsync(Emergency, implicitFloorRequest: true, CancellationToken.None));
        await phones[1].ExpectAsync("condition", ("emergency", "0"));
        phones[1].PassOver();
        Assert.Contains("may not start an imminent peril call", await phones[1].Ue.DeclareAsync(Peril, implicitFloorRequest: false, CancellationToken.None));
        await phones[1].ExpectAsync("condition", ("imminent-peril", "0"));
        Assert.False(phones[0].Has("condition"));
        phones[1].Press();
        Assert.True((await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorGranted)).Indicator?.HasFlag(FloorIndicator.NormalCall));

        await phones[1].HangUpAsync();
        Assert.Contains("403", await phones[1].Ue.CallAsync(Scene.Group, false, Emergency, CancellationToken.None));
    }

    [Fact]
    [Clause("TS24.379 6.3.3.1.17")]
    public async Task An_imminent_peril_during_an_emergency_is_answered_with_149_and_an_INFO()
    {
        await using var scene = await Scene.OpenAsync(Allow("alice", "bob"));
        var phones = await scene.InCallAsync("alice", "bob");
        await phones[0].DeclareAsync(Emergency);
        await phones[1].ExpectAsync("condition", ("emergency", "1"));
        await phones[1].DeclareAsync(Peril);
        await phones[1].ExpectAsync("condition", ("emergency", "1"), ("imminent-peril", "0"));
        var answered = phones[1].Ue.Events.Since(0).Last(happened => happened.Fields.Any(field => field.Value.StartsWith("149", StringComparison.Ordinal)));
        Assert.NotNull(answered);
    }

    [Fact]
    [Clause("TS24.379 B.2.1")]
    public async Task An_emergency_ends_by_its_time_limit()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            Allow("alice")(group);
            group.EmergencyTimeLimitMs = 500;
        });
        var phones = await scene.InCallAsync("alice", "bob");
        await phones[0].DeclareAsync(Emergency);
        await phones[1].ExpectAsync("condition", ("emergency", "1"));
        await phones[1].ExpectAsync("condition", ("emergency", "0"));
        await phones[0].ExpectAsync("condition", ("emergency", "0"));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.2.2")]
    public async Task In_a_temporary_group_requests_wait_until_the_members_have_answered()
    {
        await using var scene = await Scene.OpenAsync(group => group.Temporary = true);
        var bob = await scene.PhoneAsync("bob", options => options with { ManualAnswer = true });
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAsync("offered");
        alice.Press();
        await alice.ExpectAsync("queued", ("position", "1"));
        Assert.Equal(0, scene.Wire.CountTo(alice, FloorMessageType.FloorIdle));
        Assert.Null(await bob.Ue.AnswerAsync(CancellationToken.None));
        await alice.ExpectAsync("granted");
        var taken = await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorTaken);
        Assert.True(taken.Indicator?.HasFlag(FloorIndicator.TemporaryGroupCall));
        alice.Release();
        await alice.ExpectAsync("released");
        await bob.ExpectAsync("idle");
    }

    [Fact]
    [Clause("TS24.380 8.2.15")]
    public async Task Whom_the_document_allows_it_cancels_queued_requests_and_takes_the_floor_of_others()
    {
        await using var scene = await Scene.OpenAsync(Allow("carol"), new FloorSettings { Release = 19 });
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        var cancel = new FloorMessage(FloorMessageType.QueuedFloorRequests, 0) { Purpose = QueuedFloorRequestsPurpose.CancelRequest, QueuedUsers = [phones[1].User] };
        phones[2].Inject(cancel);
        Assert.Equal(0, (int?)(await scene.Wire.ExpectAsync(phones[2], FloorMessageType.QueuedFloorRequests)).ResponseState);
        Assert.Equal(QueuedFloorRequestsPurpose.CancelNotification, (await scene.Wire.ExpectAsync(phones[1], FloorMessageType.QueuedFloorRequests)).Purpose);
        phones[2].Inject(new FloorMessage(FloorMessageType.FloorRevokeRequest, 0) { RevokeRequestUserId = phones[0].User });
        await phones[0].ExpectAsync("revoked", ("cause", "7"));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.2")]
    public async Task Where_the_document_says_so_floor_messages_ask_for_an_acknowledgement()
    {
        await using var scene = await Scene.OpenAsync(group => group.AcknowledgeFloor = true);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted, message => message.AcknowledgementRequired);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken, message => message.AcknowledgementRequired);
        await phones[0].ExpectAsync("granted");
        phones[0].Release();
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle, message => message.AcknowledgementRequired);
    }

    // Whoever is named may everything that a document can allow.
    private static Action<GroupDocument> Allow(params string[] names) =>
        group =>
        {
            foreach (var member in group.Members.Where(member => names.Any(name => member.McpttId == $"sip:{name}@{Scene.Domain}")))
            {
                member.Rights = new CallRights
                {
                    StartEmergency = true,
                    CancelEmergency = true,
                    StartImminentPeril = true,
                    CancelImminentPeril = true,
                    CancelQueued = true,
                    RevokeFloor = true,
                };
            }
        };
}
