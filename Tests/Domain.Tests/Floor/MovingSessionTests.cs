using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>While the media session of a call moves, two nodes have it, and the talker keeps the floor.</summary>
public sealed class MovingSessionTests
{
    [Fact]
    public void The_next_node_learns_the_talkers_and_nobody_hears_anything_new()
    {
        var run = Moving(FloorRun.Of(2).Request(1).Speak(1)).Says("talkers 1", "talkers 1").Is("taken", "1").Runs("T2/1");

        Assert.Equal(["media-1", "media-2"], run.Effects.Select(effect => effect.Media.MediaNode));
        Assert.Single(run.Effects.Select(effect => effect.Media.SetTalkers).Distinct());
        Moving(run).WritesNothing();
    }

    [Fact]
    public void Neither_node_takes_it_for_silence_that_the_talker_is_heard_by_the_other()
    {
        var before = FloorRun.Of(2).Request(1).Effects[0].Media.SetTalkers.Talkers[0];
        var run = Moving(FloorRun.Of(2).Request(1));

        Assert.All(run.Effects, effect => Assert.Equal(before.T1Ms + 3_000, effect.Media.SetTalkers.Talkers[0].T1Ms));
        Assert.Equal(before.T1Ms, Moved(run).Effects[0].Media.SetTalkers.Talkers[0].T1Ms);
    }

    [Fact]
    public void Talk_rights_that_change_meanwhile_are_told_to_both_and_messages_go_by_the_former_node()
    {
        var run = Moving(FloorRun.Of(3).Request(1).Speak(1).Request(2));
        run.Release(1).Says("talkers 2", "talkers 2", "2: Granted 30", "1,3: Taken u2");
        Assert.Equal(["media-1", "media-2", "media-1"], run.Effects.Select(effect => effect.Media.MediaNode));
        Assert.Equal(["media-1", "media-2"], run.Flow(3, MediaFlowControl.Stop).Effects.Select(effect => effect.Media.MediaNode));
    }

    [Fact]
    public void When_everybody_has_followed_everybody_is_told_by_the_new_node()
    {
        var run = Moved(Moving(FloorRun.Of(2).Request(1).Speak(1).Flow(2, MediaFlowControl.Stop))).Says("talkers 1", "flow 2 stops", "1: Granted 30", "2: Taken u1");
        Assert.All(run.Effects, effect => Assert.Equal("media-2", effect.Media.MediaNode));
        Assert.All(run.Release(1).Effects.Where(effect => effect.Media is not null), effect => Assert.Equal("media-2", effect.Media.MediaNode));
    }

    [Fact]
    public void After_a_crash_both_nodes_are_told() =>
        Assert.Equal(["media-1", "media-2"], Moving(FloorRun.Of(2).Request(1)).Crash().Effects.Where(effect => effect.Media?.SetTalkers is not null).Select(effect => effect.Media.MediaNode));

    internal static FloorRun Moving(FloorRun run) =>
        run.Do(new FloorCommand { Open = new OpenFloor { MediaNode = "media-1", NextMediaNode = "media-2", Rules = FloorRun.Rules() } });

    internal static FloorRun Moved(FloorRun run) => run.Do(new FloorCommand { Open = new OpenFloor { MediaNode = "media-2", Rules = FloorRun.Rules(), Moved = true } });
}
