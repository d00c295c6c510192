using Mcptt.Host.Configuration;
using Mcptt.Protocol.Floor;
using Mcptt.Scenarios.Support;
using Mcptt.Testing;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios;

/// <summary>Timers and counters of TS 24.380 11.1.3 as they show on the wire, short by the site's configuration.</summary>
public sealed class FloorTimerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(600);

    // Several periods, to see that nothing more comes.
    private static readonly TimeSpan Watch = Short * 4;

    [Fact]
    [Clause("TS24.380 6.3.4.5")]
    public async Task T2_revokes_T8_repeats_the_Revoke_and_T3_takes_the_floor_away()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T2 = Short, T8 = Short, T3 = Long });
        var bob = await scene.PhoneAsync("bob");
        var alice = await scene.PhoneAsync("alice", options => options with { Misbehaviour = new Misbehaviour { IgnoreRevoke = true } });
        await alice.CallAsync(Scene.Group);
        await bob.ExpectAllAsync("established", "idle");
        alice.Press();
        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorTaken);
        for (var i = 0; i < 3; i++)
        {
            await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorRevoke, message => message.RevokeCause == FloorRevokeCause.MediaBurstTooLong);
        }

        await scene.Wire.ExpectAsync(bob, FloorMessageType.FloorIdle);
        await scene.Wire.ExpectAsync(alice, FloorMessageType.FloorIdle);
    }

    [Fact]
    [Clause("TS24.380 6.3.5.7")]
    public async Task Who_sends_without_permission_is_told_so_at_each_T8_and_the_state_when_silent()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T8 = Short, T1 = Short });
        var phones = await scene.InCallAsync("alice", "bob");
        scene.Wire.FromNow();
        Assert.Null(await phones[1].Ue.TalkWithoutPermissionAsync(Long, CancellationToken.None));
        for (var i = 0; i < 3; i++)
        {
            await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorRevoke, message => message.RevokeCause == FloorRevokeCause.NoPermissionToSend);
        }

        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle);
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4")]
    public async Task T1_ends_a_burst_of_which_nothing_is_heard_without_a_Revoke()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T1 = Short });
        var phones = await scene.InCallAsync("alice", "bob");
        scene.Wire.FromNow();
        phones[0].Inject(FloorMessageType.FloorRequest);
        await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorTaken);
        await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorIdle);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle);
        Assert.Equal(0, scene.Wire.CountTo(phones[0], FloorMessageType.FloorRevoke));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.10")]
    public async Task T20_repeats_the_Granted_of_a_queued_request_C20_times()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T20 = Short, C20 = 3 });
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Inject(FloorMessageType.FloorRequest);
        await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorQueuePositionInfo);
        phones[0].Release();
        for (var i = 0; i < 3; i++)
        {
            await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorGranted);
        }

        await Task.Delay(Watch);
        Assert.Equal(3, scene.Wire.CountTo(phones[1], FloorMessageType.FloorGranted));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.10")]
    public async Task The_first_RTP_stops_T20()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T20 = Long });
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        phones[1].Press();
        await phones[1].ExpectAsync("queued");
        phones[0].Release();
        await phones[1].ExpectAsync("granted");
        await Task.Delay(Long * 2);
        Assert.Equal(1, scene.Wire.CountTo(phones[1], FloorMessageType.FloorGranted));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public async Task T7_repeats_Floor_Idle_up_to_C7_with_the_next_number()
    {
        await using var scene = await Scene.OpenAsync(floor: new FloorSettings { T7 = Short, C7 = 3 });
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        await phones[0].ExpectAsync("granted");
        scene.Wire.FromNow();
        phones[0].Release();
        var numbers = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            numbers.Add((await scene.Wire.ExpectAsync(phones[1], FloorMessageType.FloorIdle)).SequenceNumber ?? -1);
        }

        Assert.Equal([numbers[0], numbers[0] + 1, numbers[0] + 2], numbers);
        var heard = scene.Wire.CountTo(phones[1], FloorMessageType.FloorIdle);
        await Task.Delay(Watch);
        Assert.Equal(heard, scene.Wire.CountTo(phones[1], FloorMessageType.FloorIdle));
    }

    [Fact]
    [Clause("TS24.380 6.3.4.4.8")]
    public async Task A_talker_who_asks_again_is_told_what_is_left_of_T2()
    {
        await using var scene = await Scene.OpenAsync(group => group.TalkLimitMs = 3_000);
        var phones = await scene.InCallAsync("alice", "bob");
        phones[0].Press();
        Assert.Equal(3, (int?)(await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted)).DurationSeconds);
        await Task.Delay(1_200);
        phones[0].Inject(FloorMessageType.FloorRequest);
        Assert.InRange((await scene.Wire.ExpectAsync(phones[0], FloorMessageType.FloorGranted)).DurationSeconds ?? 0, 1, 2);
    }
}
