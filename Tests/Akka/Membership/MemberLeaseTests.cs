using Mcptt.Actors.Akka.Membership;
using Mcptt.Testing;

namespace Mcptt.Actors.Akka.Tests.Membership;

public sealed class MemberLeaseTests
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly FakeClock _clock = new();

    [Fact]
    public void A_process_that_goes_on_keeps_it()
    {
        using var lease = new MemberLease(_clock, LongestPause);
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(LongestPause / 2);
            lease.Beat();
        }

        Assert.True(lease.IsHeld);
    }

    [Fact]
    public void One_that_stood_still_for_too_long_has_lost_it_before_it_says_anything()
    {
        using var lease = new MemberLease(_clock, LongestPause);
        _clock.Advance(LongestPause + TimeSpan.FromMilliseconds(1));

        Assert.False(lease.IsHeld);
        Assert.True(lease.Lost.IsCompleted);
    }

    [Fact]
    public void A_join_may_take_longer_than_a_member_may_stand_still()
    {
        using var lease = new MemberLease(_clock, LongestPause);
        _clock.Advance(LongestPause * 3);
        lease.Begin();

        Assert.True(lease.IsHeld);
    }

    [Fact]
    public void A_mark_that_comes_too_late_does_not_bring_it_back()
    {
        using var lease = new MemberLease(_clock, LongestPause);
        _clock.Advance(LongestPause + TimeSpan.FromMilliseconds(1));
        lease.Beat();

        Assert.False(lease.IsHeld);
    }
}
