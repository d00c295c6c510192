namespace Mcptt.Actors.Akka.Tests.Membership;

public sealed class AkkaConfigurationTests
{
    private static readonly AkkaOptions Options = new() { NodeName = "one", Host = "one.example.org", Port = 7071, Site = "north", ExtraRoles = ["tools"], Shards = 32, Run = "0a" };

    [Fact]
    public void A_member_says_of_itself_in_its_roles_what_the_others_must_know()
    {
        var roles = AkkaConfiguration.Of(Options, new EngineOptions()).GetStringList("akka.cluster.roles");

        Assert.Equal(["edge", "actors", "media", "tools", "node.one", "shards.32", "run.0a", "site.north"], roles);
    }

    [Fact]
    public void What_the_site_says_goes_before_what_the_server_says()
    {
        var config = AkkaConfiguration.Of(Options with { Hocon = "akka.cluster.split-brain-resolver.stable-after = 20s\nakka.remote.dot-netty.tcp.hostname = 0.0.0.0" }, new EngineOptions());

        Assert.Equal("0.0.0.0", config.GetString("akka.remote.dot-netty.tcp.hostname"));
        Assert.Equal("keep-majority", config.GetString("akka.cluster.split-brain-resolver.active-strategy"));
        Assert.Equal(Options.HeartbeatPause + TimeSpan.FromSeconds(20), AkkaConfiguration.LongestPause(config));
    }

    [Fact]
    public void Shards_have_time_to_drain_before_the_member_leaves()
    {
        var engine = new EngineOptions { DrainTime = TimeSpan.FromSeconds(10) };
        var config = AkkaConfiguration.Of(Options, engine);

        Assert.True(config.GetTimeSpan("akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout") > engine.DrainTime * 2);
        Assert.True(config.GetTimeSpan("akka.cluster.sharding.handoff-timeout") > engine.DrainTime * 2);
    }

    [Fact]
    public void A_text_that_is_no_HOCON_is_refused_with_what_is_wrong()
    {
        Assert.False(AkkaHocon.TryParse("akka.loglevel = ${nowhere}", out var problem));
        Assert.NotEmpty(problem);
        Assert.True(AkkaHocon.TryParse("akka.loglevel = DEBUG", out _));
    }
}
