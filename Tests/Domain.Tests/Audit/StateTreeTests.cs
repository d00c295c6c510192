using Mcptt.Domain.Audit;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Audit;

public sealed class StateTreeTests
{
    public static TheoryData<string> Snapshots =>
        [.. from area in (string[])["ue", "group", "call", "floor"] from name in GoldenHistory.Names(area) select $"{area}/{name}"];

    [Fact]
    public void Values_are_written_out_and_entries_named_by_what_identifies_them()
    {
        var call = new CallSnapshot { Phase = CallPhase.Active, StartedUs = 1_700_000_000_123_456, Rules = new CallRules { HangTimerMs = 1_500 } };
        call.Legs.Add(new SavedLeg { Leg = 2, Phase = LegPhase.InSession, Outgoing = true });

        var leaves = StateTree.Of(new DomainSnapshot { Call = call }).Leaves().Select(leaf => $"{leaf.Key} = {leaf.Value.Value}");

        Assert.Equal(
            ["phase = active", "rules.hang_timer = 1.5 s", "started = 2023-11-14T22:13:20.123456Z", "legs[2].leg = 2", "legs[2].phase = in-session", "legs[2].outgoing = yes"],
            leaves);
    }

    [Fact]
    public void Secrets_are_never_shown_and_their_change_is()
    {
        var before = User("0123456789abcdef");
        var after = User("fedcba9876543210");

        Assert.DoesNotContain(StateTree.Of(before).Leaves(), leaf => leaf.Value.Value.Contains("0123", StringComparison.Ordinal));
        Assert.Equal([new StateChange("profile.ha1[MD5]", "(hidden)", "(hidden)")], StateDiff.Between(before, after));
        Assert.Empty(StateDiff.Between(before, before));
    }

    [Fact]
    public void A_difference_tells_what_came_what_changed_and_what_is_gone()
    {
        var before = new GroupSnapshot { Document = new GroupDocument { GroupId = "sip:g@example.org", DisplayName = "Old" }, Call = "c1" };
        var after = new GroupSnapshot { Document = new GroupDocument { GroupId = "sip:g@example.org", DisplayName = "New", QueueDepth = 4 } };

        Assert.Equal(
            [new StateChange("document.display_name", "Old", "New"), new StateChange("document.queue_depth", null, "4"), new StateChange("call", "c1", null)],
            StateDiff.Between(new DomainSnapshot { Group = before }, new DomainSnapshot { Group = after }));
    }

    [Theory]
    [MemberData(nameof(Snapshots))]
    public void Every_stored_state_has_each_value_under_one_name_and_differs_in_nothing_from_itself(string history)
    {
        var place = history.Split('/');
        var state = GoldenHistory.Snapshot(place[0], place[1]);

        var leaves = StateTree.Of(state).Leaves().Select(leaf => leaf.Key).ToList();

        Assert.Equal(leaves.Distinct(), leaves);
        Assert.Empty(StateDiff.Between(state, state.Clone()));
    }

    private static DomainSnapshot User(string secret)
    {
        var profile = new UserProfile { McpttId = "sip:alice@example.org" };
        profile.Ha1["MD5"] = secret;
        return new DomainSnapshot { Ue = new UeSnapshot { Profile = profile } };
    }
}
