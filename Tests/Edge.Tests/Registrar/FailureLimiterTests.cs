using Mcptt.Edge.Registrar;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Registrar;

public sealed class FailureLimiterTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void A_source_is_blocked_at_the_limit_until_its_minute_is_over()
    {
        var limiter = new FailureLimiter(_clock, failuresPerMinute: 3);
        for (var failure = 0; failure < 3; failure++)
        {
            Assert.False(limiter.IsBlocked("192.0.2.1"));
            limiter.Failed("192.0.2.1");
        }

        Assert.True(limiter.IsBlocked("192.0.2.1"));
        Assert.False(limiter.IsBlocked("192.0.2.2"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(limiter.IsBlocked("192.0.2.1"));
        limiter.Failed("192.0.2.1");
        Assert.False(limiter.IsBlocked("192.0.2.1"));
    }

    [Fact]
    public void More_sources_than_the_bound_push_out_the_oldest()
    {
        var limiter = new FailureLimiter(_clock, failuresPerMinute: 1);
        limiter.Failed("first");
        for (var number = 0; number < FailureLimiter.MaxSources; number++)
        {
            limiter.Failed($"source {number}");
        }

        Assert.False(limiter.IsBlocked("first"));
        Assert.True(limiter.IsBlocked("source 100"));
    }
}
