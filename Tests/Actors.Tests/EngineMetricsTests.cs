using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests;

public sealed class EngineMetricsTests : IDisposable
{
    private readonly Measurements _meters = new();
    private readonly EngineMetrics _metrics;

    public EngineMetricsTests() => _metrics = new EngineMetrics(_meters);

    public void Dispose()
    {
        _metrics.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void Commands_are_those_that_were_decided_and_repeated_ones_count_apart()
    {
        _metrics.Took(ActorKindName.Ue, CommandOutcome.Accepted);
        _metrics.Took(ActorKindName.Call, CommandOutcome.Accepted);
        _metrics.Took(ActorKindName.Call, CommandOutcome.Rejected);
        _metrics.Took(ActorKindName.Floor, CommandOutcome.Repeated);

        Assert.Equal((3, 1, 1), (_metrics.Commands, _metrics.Rejections, _metrics.Repeated));
    }

    [Fact]
    public void Durations_carry_the_kind_of_actor()
    {
        _metrics.Durable(ActorKindName.Floor, TimeSpan.FromMilliseconds(2));
        _metrics.Waited(ActorKindName.Group, TimeSpan.FromMilliseconds(3));
        _metrics.ActorRecovered(ActorKindName.Upstreams, TimeSpan.FromMilliseconds(4));

        Assert.Equal(("kind=floor", 0.002), Assert.Single(_meters.Of("mcptt.actors.command.duration")));
        Assert.Equal(("kind=group", 0.003), Assert.Single(_meters.Of("mcptt.actors.mailbox.wait")));
        Assert.Equal(("kind=upstreams", 0.004), Assert.Single(_meters.Of("mcptt.actors.recovery.duration")));
        Assert.Equal(1, _metrics.Recoveries);
    }
}
