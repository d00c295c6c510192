using Mcptt.Host.Configuration;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>Rows of the general floor control operation on the wire: how a burst begins, goes on and ends (TS 24.380 6.3.4).</summary>
public sealed class FloorBurstTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Watch = Short * 4;

    [Fact]
    [Clause("TS24.380 6.3.4.2.2")]
    public async Task A_call_without_implicit_request_starts_with_Floor_Idle()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob");
        foreach (var phone in phones)
        {
            await scene.Wire.ExpectAsync(phone, FloorMessageType.FloorIdle);
            Assert.Equal((0, 0), (scene.Wire.CountTo(phone, FloorMessageType.FloorGranted), scene.Wire.CountTo(phone, FloorMessageType.FloorTaken)));
        }
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.2")]
    public async Task The_talker_is_granted_and_the_others_told_and_its_release_is_Idle_for_all_each_with_the_next_number()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        scene.Wire.FromNow();
        phones[0].Press();
        Assert.Null((await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted)).SequenceNumber);
        var number = (await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken)).SequenceNumber;
        Assert.Equal(number, (await scene.Wire.ExpectAsync(phones[2], FloorMessageType.FloorTaken)).SequenceNumber);
        Assert.Equal(0, scene.Wire.CountTo(phones[0], FloorMessageType.FloorTaken));
        await phones[0].ExpectAsync("granted");
        phones[0].Release();
        foreach (var phone in phones)
        {
            Assert.Equal(number + 1, (await scene.Wire.ExpectAsync(phone, FloorMessageType.FloorIdle)).SequenceNumber);
        }
    }

    [Fact]
    [Clause("TS24.380 6.3.4.3.2")]
    public async Task Who_waits_is_granted_without_a_Floor_Idle_before()
    {
        await using var scene = await Scene.OpenAsync();
        var phones = await scene.InCallAsync("alice", "bob", "carol");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        await phones[2].ExpectAsync("taken", ("by", phones[0].User));
        var idles = scene.Wire.CountTo(phones[2], FloorMessageType.FloorIdle);
        phones[0].Release();
        await phones[1].ExpectAsync("granted");
        await phones[2].ExpectAsync("taken", ("by", phones[1].User));
        Assert.Equal(idles, scene.Wire.CountTo(phones[2], FloorMessageType.FloorIdle));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public async Task A_granted_request_stops_T4()
    {
        await using var scene = await Scene.OpenAsync(group => group.HangTimerMs = 1_500);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        await Task.Delay(2_500);
        Assert.False(phones[0].Has("ended") || phones[1].Has("ended"));
        phones[0].Release();
        await phones[1].ExpectAsync("ended");
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.3")]
    public async Task T2_runs_from_the_first_RTP_packet_and_not_from_the_grant()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T2 = TimeSpan.FromSeconds(1) });
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Inject(FloorMessageType.FloorRequest);
        await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted);
        await Task.Delay(2_000);
        Assert.Equal(0, scene.Wire.CountTo(phones[0], FloorMessageType.FloorRevoke));
        phones[0].Press();
        await phones[0].ExpectAsync("revoked", ("cause", "2"));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.5.2")]
    public async Task A_talker_who_is_being_revoked_is_heard_until_T3_ends()
    {
        await using var scene = await Scene.OpenAsync(group => group.TalkLimitMs = 1_000, new FloorSettings { T3 = TimeSpan.FromSeconds(2) });
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice", options => options with { Misbehaviour = new Misbehaviour { IgnoreRevoke = true } });
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAllAsync("established", "idle");
        alice.Press();
        await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorRevoke);
        var heard = scene.FramesHeard(alice, bob);
        await Task.Delay(Watch);
        Assert.InRange(scene.FramesHeard(alice, bob), heard + 10, int.MaxValue);
        await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorIdle, message => message.SequenceNumber > 0);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.5")]
    public async Task A_second_pre_emptor_comes_first_and_the_talker_is_not_revoked_anew()
    {
        await using var scene = await Scene.OpenAsync(
            group => Lift(group, "bob", 5), new FloorSettings { T3 = TimeSpan.FromSeconds(2), T8 = TimeSpan.FromSeconds(30) });
        var bob = await scene.PhoneAsync("bob");
        var dave = await scene.PhoneAsync("dave");
        var alice = await scene.PhoneAsync("alice", options => options with { Misbehaviour = new Misbehaviour { IgnoreRevoke = true } });
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAllAsync("established", "idle");
        await dave.ExpectAllAsync("established", "idle");
        alice.Press();
        await alice.ExpectAsync("granted");
        bob.Press();
        await bob.ExpectAsync("queued", ("position", "1"));
        dave.Press();
        await dave.ExpectAsync("queued", ("position", "1"));
        await dave.ExpectAsync("granted");
        Assert.False(bob.Has("granted"));
        Assert.Equal(1, scene.Wire.CountTo(alice, FloorMessageType.FloorRevoke));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.7")]
    public async Task After_the_release_of_the_call_nobody_is_told_or_heard_any_more()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T7 = Short, C7 = 1_000 });
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        await Hearing.UntilAsync(() => scene.FramesHeard(phones[0], phones[1]) > 0);
        var call = (await scene.GroupViewAsync()).Call;
        await scene.OrderAsync(new Command { To = Mcptt.Domain.ActorAddresses.Call(call), Call = new CallCommand { Release = new ReleaseCall { Reason = "test" } } });
        await phones[1].ExpectAsync("ended");
        await phones[0].ExpectAsync("ended");
        Assert.Equal("closed", (await scene.FloorViewAsync(call)).Phase);
        var told = scene.Wire.Datagrams.Count;
        var heard = scene.FramesHeard(phones[0], phones[1]);
        await Task.Delay(Watch);
        Assert.Equal((told, heard), (scene.Wire.Datagrams.Count, scene.FramesHeard(phones[0], phones[1])));
    }

    private static void Lift(GroupDocument group, string name, uint priority) =>
        group.Members.Single(member => member.McpttId.Contains(name)).UserPriority = priority;
}
