using Mcptt.Media.Sessions;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Sessions;

public sealed class AbsentSessionsTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Session_never_seen_is_waited_for_and_then_given_up()
    {
        var absent = new AbsentSessions(_clock);

        Assert.False(absent.IsVoid("a"));
        _clock.Advance(AbsentSessions.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(absent.IsVoid("a"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(absent.IsVoid("a"));
    }

    [Fact]
    public void Closed_session_is_void_at_once()
    {
        var absent = new AbsentSessions(_clock);
        absent.Closed("a");

        Assert.True(absent.IsVoid("a"));
    }

    [Fact]
    public void Memory_is_bounded_and_forgets_the_oldest()
    {
        var absent = new AbsentSessions(_clock);
        absent.Closed("first");
        for (var i = 0; i < AbsentSessions.Capacity; i++)
        {
            Assert.True(i > 0 || absent.IsVoid("first"));
            absent.Closed($"{i}");
        }

        Assert.False(absent.IsVoid("first"));
    }
}
