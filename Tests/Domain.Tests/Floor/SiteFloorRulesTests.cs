using Mcptt.Domain.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

[Clause("TS24.380 11.1.3")]
public sealed class SiteFloorRulesTests
{
    private static readonly FloorRules Site = new() { T1Ms = 2_000, T2Ms = 60_000, C20 = 5, ReleaseNumber = 17 };

    [Fact]
    public void What_the_group_leaves_open_is_as_the_site_says_and_the_rest_as_the_standard_does()
    {
        var rules = Opened(new FloorRules { T2Ms = 10_000 });

        Assert.Equal((2_000u, 10_000u, 3_000u, 5u, 10u, 17u), (rules.T1Ms, rules.T2Ms, rules.T3Ms, rules.C20, rules.C7, rules.ReleaseNumber));
    }

    [Fact]
    public void The_order_itself_is_left_as_it_was()
    {
        var command = Open(new FloorRules());
        var before = command.Clone();

        new FloorKind(Site).Decide(new FloorKind().Initial("call"), command);

        Assert.Equal(before, command);
    }

    [Fact]
    public void A_floor_that_runs_keeps_its_values_when_the_site_changes_its_mind()
    {
        var kind = new FloorKind(Site);
        var state = kind.Evolve(kind.Initial("call"), kind.Decide(kind.Initial("call"), Open(new FloorRules())).Events[0]);

        Assert.Equal(2_000u, Assert.IsAssignableFrom<FloorState.Open>(new FloorKind().Load("call", kind.Save(state))).Session.Rules.T1Ms);
    }

    private static FloorRules Opened(FloorRules rules)
    {
        var kind = new FloorKind(Site);
        return kind.Decide(kind.Initial("call"), Open(rules)).Events[0].Floor.Opened.Rules;
    }

    private static Command Open(FloorRules rules) =>
        new() { TimeUs = 1, To = ActorAddresses.Floor("call"), Floor = new FloorCommand { Open = new OpenFloor { Rules = rules, MediaNode = "media" } } };
}
