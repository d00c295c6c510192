using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Talk rights survive a crash, and everybody is told the truth again without asking (issue 3, part 4).</summary>
public sealed class RecoveryTests
{
    [Fact]
    public void After_a_crash_in_a_burst_the_holder_holds_and_hears_what_is_left_of_T2() =>
        FloorRun.Of(3).Request(1).Speak(1).Request(2).After(12).Crash().Says("talkers 1", "1: Granted 18", "2,3: Taken u1").Is("taken", "1", "2").Runs("T2/1");

    [Fact]
    public void After_a_crash_timers_run_on_from_where_they_were() =>
        FloorRun.Of(2).Request(1).Speak(1).After(12).Crash().After(17.9).SaysNothing().After(0.2).Says("1: Revoke 2");

    [Fact]
    public void After_a_crash_while_idle_everybody_is_told_idle() => FloorRun.Of(2).Crash().Says("talkers", "1,2: Idle").Runs("T4");

    [Fact]
    public void After_a_crash_who_is_being_revoked_is_told_revoke() =>
        FloorRun.Of(3).Request(1).Speak(1).Request(2, priority: 9).Crash().Says("talkers 1", "1: Revoke 4", "2,3: Taken u1").Is("pending-revoke", "1", "2");

    [Fact]
    public void After_a_crash_in_a_dual_floor_both_talkers_hear_granted() =>
        FloorRun.Of(3, rules => rules.DualFloor = true).Request(1).Request(2, priority: 9).Crash()
            .Says("talkers 1 2", "1: Granted 30", "2: Granted 30 G", "3: Taken u1", "3: Taken u2 G");

    [Fact]
    public void Talkers_after_a_crash_have_the_epoch_they_had()
    {
        var run = FloorRun.Of(2).Request(1);
        var before = run.Effects[0].Media.SetTalkers;
        Assert.Equal(before, run.Crash().Effects[0].Media.SetTalkers);
    }

    [Fact]
    public void Two_crashes_say_the_same_twice() =>
        FloorRun.Of(2).Request(1).Crash().Crash().Says("talkers 1", "1: Granted 30", "2: Taken u1");

    [Fact]
    public void A_closed_floor_stays_silent_after_a_crash() => FloorRun.Of(2).Request(1).Close().Crash().SaysNothing().Is("closed");

    [Fact]
    public void When_the_session_moves_to_another_media_node_that_one_learns_the_talkers_and_everybody_the_state()
    {
        var moved = new FloorCommand { Open = new OpenFloor { MediaNode = "media-2", Rules = FloorRun.Rules() } };
        var run = FloorRun.Of(2).Request(1).Do(moved).Says("talkers 1", "1: Granted 30", "2: Taken u1");
        Assert.All(run.Effects, effect => Assert.Equal("media-2", effect.Media.MediaNode));
        run.Do(moved).WritesNothing();
    }

    [Fact]
    public void When_the_session_is_a_new_one_on_the_same_media_node_that_one_learns_the_talkers_and_everybody_the_state()
    {
        var anew = new FloorCommand { Open = new OpenFloor { MediaNode = "media-1", Rules = FloorRun.Rules(), Moved = true } };
        FloorRun.Of(2).Request(1).Do(anew).Says("talkers 1", "1: Granted 30", "2: Taken u1");
    }

    [Fact]
    public void What_is_told_after_a_crash_is_made_once_for_all_whom_it_says_the_same()
    {
        var restated = FloorRun.Of(6).Request(1).Crash().Effects.Single(effect => effect.Media?.SendFloor is not null).Media.SendFloor;
        Assert.Equal([[1u], [2u, 3u, 4u, 5u, 6u]], restated.Datagrams.Select(datagram => datagram.Legs.ToArray()));
    }
}
