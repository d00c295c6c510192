using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Tests.Audit;

public sealed class StoryTimeTests
{
    private const long Second = 1_000_000;

    // From 23:58:00 to 00:03:00 of the next day.
    private static readonly CallStory OverMidnight = new() { Call = "c", StartedUs = Us("2026-01-01T23:58:00Z"), EndedUs = Us("2026-01-02T00:03:00Z") };

    private static long Us(string time) => (DateTimeOffset.Parse(time) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [Theory]
    [InlineData("23:59:07", "2026-01-01T23:59:07Z", Second)]
    [InlineData("23:59", "2026-01-01T23:59:00Z", 60 * Second)]
    [InlineData("23:59:07.5", "2026-01-01T23:59:07.5Z", Second / 10)]
    [InlineData("23:59:07.120", "2026-01-01T23:59:07.120Z", Second / 1_000)]
    [InlineData("00:01:30", "2026-01-02T00:01:30Z", Second)]
    [InlineData("12:00:00", "2026-01-01T12:00:00Z", Second)]
    [InlineData("2026-01-01T14:03:07Z", "2026-01-01T14:03:07Z", Second)]
    [InlineData("2026-01-01 14:03:07", "2026-01-01T14:03:07Z", Second)]
    [InlineData("2026-01-01T15:03:07+01:00", "2026-01-01T14:03:07Z", Second)]
    public void A_time_means_as_long_as_it_is_exact_and_a_clock_time_a_day_of_the_call(string written, string from, long length)
    {
        Assert.True(StoryTime.TryRead(written, OverMidnight, out var asked, out var fault), fault);
        Assert.Equal(new StorySpan(Us(from), Us(from) + length), asked);
    }

    [Theory]
    [InlineData("noon")]
    [InlineData("25:00:00")]
    [InlineData("14.03")]
    [InlineData("")]
    public void What_is_no_time_is_refused_with_what_to_write(string written)
    {
        Assert.False(StoryTime.TryRead(written, OverMidnight, out _, out var fault));
        Assert.Contains("14:03:07", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120_000, "0.120 s")]
    [InlineData(12_480_000, "12.4 s")]
    [InlineData(125_000_000, "2 min 05 s")]
    [InlineData(3_720_000_000, "1 h 02 min")]
    [InlineData(-120_000, "-0.120 s")]
    public void Lengths_are_as_exact_as_they_are_short(long us, string written) => Assert.Equal(written, StoryClock.Length(us));
}
