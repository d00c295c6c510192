using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Tests.Node;

public sealed class BurstReportTests
{
    private static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(MediaHarness.T1Ms);

    [Fact]
    public async Task First_packet_of_a_burst_and_the_end_of_T1_are_told_to_the_floor_actor()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, _) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        await media.SpeakAsync(alice);
        await media.SpeakAsync(alice);

        var started = await media.Sink.WaitForAsync(command => command.Floor?.MediaStarted is not null);
        Assert.Equal(new MediaStarted { Leg = 1, Ssrc = alice.Ssrc }, started.Floor.MediaStarted);
        Assert.Equal(new ActorAddress { Kind = ActorKindName.Floor, Id = MediaHarness.Session }, started.To);
        Assert.Equal("correlation", started.CorrelationId);
        Assert.Equal(media.Clock.NowUs, started.TimeUs);
        Assert.StartsWith($"media:m1:{media.Clock.NowUs}:", started.CommandId, StringComparison.Ordinal);
        media.Clock.Advance(T1);
        var stopped = await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped is not null);
        Assert.Equal(new MediaStopped { Leg = 1, TalkersEpoch = 1 }, stopped.Floor.MediaStopped);
        Assert.NotEqual(started.CommandId, stopped.CommandId);
        Assert.Equal([1u], media.Started);
    }

    [Fact]
    public async Task Talker_who_never_sends_is_told_when_T1_runs_out()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        await media.TalkAsync(alice);
        media.Clock.Advance(T1 - TimeSpan.FromMilliseconds(100));
        Assert.Empty(media.Stopped);
        media.Clock.Advance(TimeSpan.FromMilliseconds(100));

        await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped?.Leg == 1);
    }

    [Fact]
    public async Task End_of_a_burst_names_the_last_permissions_that_were_applied()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.SetTalkersAsync(5, alice);
        await media.SetTalkersAsync(9, alice);
        await media.SetTalkersAsync(6, bob);
        media.Clock.Advance(T1);

        var stopped = await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped is not null);
        Assert.Equal(new MediaStopped { Leg = 1, TalkersEpoch = 9 }, stopped.Floor.MediaStopped);
    }

    [Fact]
    public async Task Talkers_named_before_their_leg_is_there_may_talk_when_it_comes()
    {
        await using var media = await MediaHarness.StartAsync();
        var bob = await media.AddAsync(2);
        using var early = new Phone(1);
        await media.TalkAsync(early);
        var alice = await media.AddAsync(1);

        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
        await media.Sink.WaitForAsync(command => command.Floor?.MediaStarted?.Leg == 1);
    }

    [Fact]
    public async Task Leg_that_sends_without_permission_is_reported_while_it_goes_on_and_when_it_falls_silent()
    {
        await using var media = await MediaHarness.StartAsync();
        var (alice, bob) = (await media.AddAsync(1), await media.AddAsync(2));
        await media.TalkAsync(alice);
        await media.SpeakAsync(bob);
        await media.SpeakAsync(bob);
        await media.Sink.WaitForAsync(1, IsStartOfBob);
        media.Clock.Advance(TimeSpan.FromSeconds(1));
        await media.SpeakAsync(bob);
        await media.Sink.WaitForAsync(2, IsStartOfBob);
        await media.TalkAsync();
        await media.SpeakAsync(bob);
        await media.Sink.WaitForAsync(3, IsStartOfBob);
        media.Clock.Advance(T1);

        await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped?.Leg == 2);
        Assert.Equal(3, media.Started.Count(leg => leg == 2));

        static bool IsStartOfBob(Command command) => command.Floor?.MediaStarted?.Leg == 2;
    }

    [Fact]
    public async Task Silence_of_a_phone_without_floor_channel_starts_no_burst_and_keeps_none_but_is_forwarded()
    {
        await using var media = await MediaHarness.StartAsync();
        var plain = await media.AddAsync(1, (put, _) => put.FloorRemote = "");
        var bob = await media.AddAsync(2);
        await media.SendAsync(plain, plain.Silence());
        var speech = plain.Speech();
        await media.SendAsync(plain, speech);
        await media.Sink.WaitForAsync(command => command.Floor?.MediaStarted?.Leg == 1);
        await media.TalkAsync(plain);
        Assert.Equal(speech, await bob.ReceiveAsync());
        for (var i = 0; i < 4; i++)
        {
            Assert.Empty(media.Stopped);
            Assert.Equal(plain.Send(plain.Silence()), await bob.ReceiveAsync());
            media.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped?.Leg == 1);
        Assert.Equal([1u], media.Started);
    }

    [Fact]
    public async Task End_of_a_burst_that_the_actor_could_not_take_is_told_again()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        await media.TalkAsync(alice);
        media.Sink.Answer = _ => ValueTask.FromResult(RecordingSink.Unavailable);
        media.Clock.Advance(T1);
        for (var i = 0; media.Counters[MediaCounter.CommandsUndelivered] == 0 && i < 5000; i++)
        {
            await Task.Delay(1);
            media.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        media.Sink.Answer = _ => ValueTask.FromResult(RecordingSink.Accepted);
        var first = await media.Sink.WaitForAsync(command => command.Floor?.MediaStopped is not null);
        for (var i = 0; Ids().Distinct().Count() < 2 && i < 5000; i++)
        {
            media.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }

        Assert.Equal(6, Ids().Count(id => id == first.CommandId));
        Assert.True(Ids().Distinct().Count() > 1, "the end was told once and lost");

        List<string> Ids() => [.. media.Sink.Commands.Where(command => command.Floor?.MediaStopped is not null).Select(command => command.CommandId)];
    }
}
