using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

public sealed class SteadyTimeTests
{
    private readonly FakeClock _clock = new();
    private readonly SettableClock _system;
    private readonly SteadyTime _time;

    public SteadyTimeTests()
    {
        _system = new SettableClock(_clock);
        _time = new SteadyTime(_system);
    }

    [Fact]
    public void It_is_the_systems_while_nobody_sets_that()
    {
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(0.3 * i));
            Assert.Equal(_system.GetUtcNow(), _time.GetUtcNow());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Set_by_an_hour_it_follows_by_a_sixteenth_and_never_goes_back(int sign)
    {
        var start = _time.GetUtcNow();
        _system.Offset = TimeSpan.FromHours(sign);
        Assert.Equal(start, _time.GetUtcNow());

        var last = start;
        for (var second = 1; second <= 16 * 3600; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var now = _time.GetUtcNow();
            Assert.InRange((now - last).TotalSeconds, 1 - (1.0 / 16) - 1e-6, 1 + (1.0 / 16) + 1e-6);
            last = now;
        }

        Assert.Equal(_system.GetUtcNow(), _time.GetUtcNow());
    }

    [Fact]
    public void Asked_all_the_time_it_follows_as_fast()
    {
        _system.Offset = TimeSpan.FromSeconds(-1);
        for (var i = 0; i < 17_000; i++)
        {
            _clock.Advance(TimeSpan.FromMicroseconds(1_000));
            for (var j = 0; j < 3; j++)
            {
                _time.GetUtcNow();
            }
        }

        Assert.Equal(_system.GetUtcNow(), _time.GetUtcNow());
    }

    [Fact]
    public void A_clock_that_had_not_been_set_at_all_is_believed_at_once()
    {
        _system.Offset = SteadyTime.StepLimit + TimeSpan.FromTicks(1);
        Assert.Equal(_system.GetUtcNow(), _time.GetUtcNow());
    }
}
