using Mcptt.Actors.Akka.Routing;

namespace Mcptt.Actors.Akka.Tests.Routing;

public sealed class AttemptTimesTests
{
    private const uint Shard = 3;
    private const long Epoch = 7;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly AttemptTimes _times = new(shards: 4, First, Longest);

    [Fact]
    public void A_shard_that_is_silent_gets_twice_as_long_each_time_up_to_a_bound()
    {
        Assert.Equal(First, _times.Of(Shard, Epoch));
        _times.Silent(Shard, Epoch, First);
        Assert.Equal(First * 2, _times.Of(Shard, Epoch));
        _times.Silent(Shard, Epoch, First * 2);
        Assert.Equal(Longest, _times.Of(Shard, Epoch));
        Assert.Equal(First, _times.Of(Shard - 1, Epoch));
    }

    [Fact]
    public void Commands_that_waited_together_count_once()
    {
        _times.Silent(Shard, Epoch, First);
        _times.Silent(Shard, Epoch, First);
        Assert.Equal(First * 2, _times.Of(Shard, Epoch));
    }

    [Fact]
    public void An_answer_and_another_owner_begin_anew()
    {
        _times.Silent(Shard, Epoch, First);
        Assert.Equal(First, _times.Of(Shard, Epoch + 1));
        _times.Answered(Shard, Epoch);
        Assert.Equal(First, _times.Of(Shard, Epoch));
    }
}
