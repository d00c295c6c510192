using Mcptt.Media.Sessions;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Sessions;

[Clause("TS24.380 6.3.4.4")]
public sealed class BurstTests
{
    private const ulong Epoch = 7;

    private static readonly TimeSpan T1 = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Trailing = TimeSpan.FromMilliseconds(200);

    private readonly FakeClock _clock = new();
    private readonly Burst _burst;

    public BurstTests() => _burst = new Burst(_clock, T1, Trailing);

    private long Now => _clock.GetTimestamp();

    [Fact]
    public void First_packet_of_a_talker_is_reported_and_the_next_ones_are_not()
    {
        _burst.Permit(T1, Now, again: false, Epoch);

        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(BurstReport.None, _burst.OnPacket(Now));
    }

    [Fact]
    public void T1_of_a_talker_who_never_sends_runs_from_the_permission()
    {
        _burst.Permit(T1, Now, again: false, Epoch);

        _clock.Advance(T1 - TimeSpan.FromMilliseconds(1));
        Assert.Equal(BurstReport.None, _burst.OnTick(Now));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
        Assert.Equal(BurstReport.None, _burst.OnTick(Now));
    }

    [Fact]
    public void End_of_a_burst_names_the_permissions_that_were_in_force_when_it_was_seen()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));

        _burst.Permit(T1, Now, again: false, Epoch + 1);

        Assert.Equal(Epoch, _burst.EpochOfStop);
        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
        Assert.Equal(Epoch + 1, _burst.EpochOfStop);
    }

    [Fact]
    public void Each_packet_starts_T1_again()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(BurstReport.None, _burst.OnTick(Now));
            _burst.OnPacket(Now);
        }

        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
    }

    [Fact]
    public void Talkers_own_T1_goes_before_the_configured_one()
    {
        _burst.Permit(TimeSpan.FromSeconds(1), Now, again: false, Epoch);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
    }

    [Fact]
    public void Next_burst_of_a_talker_is_reported_again_after_T1_ran_out()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _burst.OnPacket(Now);
        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));

        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
    }

    [Fact]
    public void Media_without_permission_is_reported_once_per_second_and_its_end_once()
    {
        var reports = new List<BurstReport>();
        for (var i = 0; i < 150; i++)
        {
            reports.Add(_burst.OnPacket(Now));
            _clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(3, reports.Count(report => report == BurstReport.Started));
        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
        Assert.Equal(BurstReport.None, _burst.OnTick(Now));
    }

    [Fact]
    public void Media_without_permission_is_reported_again_after_each_change_of_talkers()
    {
        _burst.OnPacket(Now);
        Assert.Equal(BurstReport.None, _burst.OnPacket(Now));

        _burst.Forbid(Now, released: true, Epoch);

        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
    }

    [Fact]
    public void Burst_under_way_is_reported_when_it_gets_permission()
    {
        _burst.OnPacket(Now);

        _burst.Permit(T1, Now, again: false, Epoch);

        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
    }

    [Fact]
    public void Talker_who_stays_one_is_reported_again_only_when_the_same_order_comes_again()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _burst.OnPacket(Now);

        _burst.Permit(T1, Now, again: false, Epoch);
        Assert.Equal(BurstReport.None, _burst.OnPacket(Now));
        _burst.Permit(T1, Now, again: true, Epoch);
        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
    }

    [Fact]
    public void Packets_under_way_when_the_floor_was_released_are_not_media_without_permission()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _burst.OnPacket(Now);
        _burst.Forbid(Now, released: true, Epoch);
        _burst.Forbid(Now, released: true, Epoch);

        _clock.Advance(Trailing - TimeSpan.FromMilliseconds(1));
        Assert.Equal(BurstReport.None, _burst.OnPacket(Now));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
    }

    [Fact]
    public void Talker_who_released_and_fell_silent_is_not_reported()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _burst.OnPacket(Now);
        _burst.Forbid(Now, released: true, Epoch);
        _burst.OnPacket(Now);

        _clock.Advance(T1);

        Assert.Equal(BurstReport.None, _burst.OnTick(Now));
    }

    [Fact]
    public void Phone_without_floor_channel_that_lost_the_floor_is_reported_when_it_falls_silent()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _burst.OnPacket(Now);
        _burst.Forbid(Now, released: false, Epoch);
        _burst.OnPacket(Now);

        _clock.Advance(T1);

        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
    }

    [Fact]
    public void Start_that_did_not_arrive_is_reported_with_the_next_packet()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _burst.OnPacket(Now);

        _burst.ReportAgain();

        Assert.Equal(BurstReport.Started, _burst.OnPacket(Now));
    }

    [Fact]
    public void End_that_did_not_arrive_is_reported_once_more_after_another_T1()
    {
        _burst.Permit(T1, Now, again: false, Epoch);
        _clock.Advance(T1);
        _burst.OnTick(Now);

        _burst.Rewatch(Now);

        _clock.Advance(T1);
        Assert.Equal(BurstReport.Stopped, _burst.OnTick(Now));
    }
}
