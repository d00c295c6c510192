using Mcptt.Media.Sessions;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Sessions;

public sealed class TokenBucketTests
{
    [Fact]
    public void Bucket_gives_its_burst_at_once_and_then_its_rate()
    {
        var clock = new FakeClock();
        var bucket = new TokenBucket(clock, rate: 20, burst: 40);

        Assert.Equal(40, Taken(bucket, clock, 100));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(10, Taken(bucket, clock, 100));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(40, Taken(bucket, clock, 100));
    }

    private static int Taken(TokenBucket bucket, FakeClock clock, int tries) => Enumerable.Range(0, tries).Count(_ => bucket.TryTake(clock.GetTimestamp()));
}
