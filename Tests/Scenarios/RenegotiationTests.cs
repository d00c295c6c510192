using Mcptt.Protocol.Floor;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>New offers in a call that stands (TS 24.380 14.3, facts 4.4).</summary>
public sealed class RenegotiationTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(300);

    [Fact]
    [Clause("TS24.380 14.3.3")]
    public async Task A_new_offer_sets_other_terms_and_never_asks_for_the_floor()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        Assert.Null(await phones[1].Ue.RenegotiateAsync(new FloorOffer(true, 2, ImplicitRequest: true), CancellationToken.None));
        await phones[1].ExpectAsync("media-agreed", ("queueing", "1"), ("priority", "2"), ("implicit-request", "0"));
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        Assert.False(phones[1].Has("granted"));
        phones[1].Press(new FloorWish(200, 0));
        Assert.Equal(new QueueInfo(1, 2), (await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorQueuePositionInfo)).QueueInfo);
    }

    [Fact]
    [Clause("TS24.380 14.3.1")]
    public async Task An_answer_adds_nothing_that_the_new_offer_lacks()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        Assert.Null(await phones[1].Ue.RenegotiateAsync(new FloorOffer(false, null, false), CancellationToken.None));
        var agreed = await phones[1].ExpectAsync("media-agreed", ("queueing", "0"), ("implicit-request", "0"));
        Assert.DoesNotContain(agreed.Fields, field => field.Key == "priority");
        phones[0].Press();
        await phones[1].ExpectAsync("taken");
        phones[1].Press();
        await phones[1].ExpectAsync("denied", ("cause", "1"));
    }

    [Fact]
    [Clause("RFC3264 8.4")]
    public async Task Who_holds_gives_the_floor_back_and_hears_nothing_until_resumed()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[1].Press();
        await phones[1].ExpectAsync("granted");
        Assert.Null(await phones[1].Ue.HoldAsync(held: true, CancellationToken.None));
        await phones[1].ExpectAsync("media-agreed", ("direction", "inactive"));
        await phones[0].TalkAsync(Burst);
        await scene.HeardAllAsync(phones[0], phones[2]);
        Assert.Equal(0, scene.FramesHeard(phones[0], phones[1]));
        Assert.Null(await phones[1].Ue.HoldAsync(held: false, CancellationToken.None));
        await phones[1].ExpectAsync("media-agreed", ("direction", "sendrecv"));
        await phones[2].TalkAsync(Burst);
        await scene.HeardAllAsync(phones[2], phones[0], phones[1]);
    }
}
