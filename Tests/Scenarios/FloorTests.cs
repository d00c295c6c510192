using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Events;

namespace Mcptt.Scenarios;

/// <summary>Floor control between real participants and the real server (TS 24.380 6.2.4 and 6.3).</summary>
public sealed class FloorTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(600);

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public async Task A_request_while_another_talks_is_queued_and_granted_when_it_ends()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued", ("position", "1"));
        phones[2].Press();
        await phones[2].ExpectAsync("queued", ("position", "2"));
        phones[0].Release();
        await phones[1].ExpectAsync("granted");
        await phones[2].ExpectAsync("taken", ("by", phones[1].User));
        await Task.Delay(Burst);
        phones[1].Release();
        await phones[2].ExpectAsync("granted");
        await Task.Delay(Burst);
        phones[2].Release();
        foreach (var talker in phones)
        {
            await scene.HeardAllAsync(talker, [.. phones.Where(phone => phone != talker)]);
        }
    }

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public async Task The_button_works_as_soon_as_the_call_is_there_though_nobody_has_answered_yet()
    {
        await using var scene = await Scene.OpenAsync();
        var alice = await scene.PhoneAsync("alice");
        var bob = await scene.PhoneAsync("bob");
        await alice.CallAsync(Scene.Group);
        await alice.ExpectAsync("established");
        alice.Press();
        await alice.ExpectAsync("granted");
        await bob.ExpectAsync("taken", ("by", alice.User));
        Assert.False(alice.Has("denied"));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.4.5")]
    public async Task A_queued_user_who_lets_go_is_not_granted()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        phones[1].Release();
        await phones[1].ExpectAsync("released");
        phones[0].Release();
        await phones[1].ExpectAsync("idle");
        Assert.False(phones[1].Has("granted"));
    }

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public async Task A_queued_user_may_ask_for_the_position()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        Assert.Null(phones[1].Ue.AskQueuePosition());
        await phones[1].ExpectAsync("queued", ("position", "1"));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public async Task A_higher_priority_pre_empts_the_talker()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "dave");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        await Task.Delay(Burst);
        phones[2].Press();
        await phones[0].ExpectAsync("revoked", ("cause", "4"));
        await phones[2].ExpectAsync("granted");
        await phones[1].ExpectAsync("taken", ("by", phones[2].User));
        await Task.Delay(Burst);
        phones[2].Release();
        await scene.HeardAllAsync(phones[0], phones[1], phones[2]);
        await scene.HeardAllAsync(phones[2], phones[0], phones[1]);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4")]
    public async Task Who_talks_too_long_is_revoked_and_the_next_in_the_queue_talks()
    {
        await using var scene = await Scene.OpenAsync(group => group.TalkLimitMs = 1_000);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted", ("duration-s", "1"));
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        await phones[0].ExpectAsync("revoked", ("cause", "2"));
        await phones[1].ExpectAsync("granted");
        phones[1].Release();
        await phones[1].ExpectAsync("released");
        await phones[0].ExpectAsync("idle");
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4")]
    public async Task A_talker_who_leaves_gives_the_floor_to_the_next()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        await phones[0].HangUpAsync();
        await phones[1].ExpectAsync("granted");
        await phones[2].ExpectAsync("taken", ("by", phones[1].User));
    }

    [Fact]
    [Clause("TS24.380 8.2.6.2")]
    public async Task A_receive_only_member_is_denied()
    {
        await using var scene = await Scene.OpenAsync(group => group.Members.Single(member => member.McpttId.Contains("bob")).ReceiveOnly = true);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[1].Press();
        await phones[1].ExpectAsync("denied", ("cause", "5"));
    }

    [Fact]
    [Clause("TS24.380 6.3.2.2")]
    public async Task An_implicit_request_is_granted_with_the_call()
    {
        await using var scene = await Scene.OpenAsync(group =>
        {
            group.AcknowledgementTimeoutMs = 10_000;
            group.Members.Single(member => member.McpttId.Contains("bob")).Required = true;
        });
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group, implicitFloorRequest: true);
        await alice.ExpectAsync("granted");
        await bob.ExpectAsync("taken", ("by", alice.User));
        await Task.Delay(Burst);
        alice.Release();
        await alice.ExpectAsync("released");
        await bob.ExpectAsync("idle");
        Assert.InRange(scene.FramesHeard(alice, bob), 10, int.MaxValue);
    }

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public async Task A_grant_of_a_queued_request_that_nobody_takes_is_given_back()
    {
        await using var scene = await Scene.OpenAsync();
        var bob = await scene.PhoneAsync("bob", options => options with
        {
            Floor = options.Floor with { KeepsQueueOnRelease = true, T132 = TimeSpan.FromMilliseconds(300) },
        });
        var alice = await scene.PhoneAsync("alice");
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAsync("idle");
        alice.Press();
        await alice.ExpectAsync("granted");
        bob.Press();
        await bob.ExpectAsync("queued");
        bob.Release();
        alice.Release();
        await bob.ExpectAsync("granted-awaiting-press");
        await bob.ExpectAsync("released");
        Assert.DoesNotContain(bob.Ue.Events.Since(0), happened => happened is FloorChanged { Word: "granted" });
    }
}
