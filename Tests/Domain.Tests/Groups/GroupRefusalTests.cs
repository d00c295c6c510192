using Mcptt.Domain.Groups;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Groups;

/// <summary>A refused attempt to call is a fact (ADR 0009), and nobody can write more of them than the bound says.</summary>
public sealed class GroupRefusalTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static GroupRun Brigade() => new GroupRun().Put().Affiliate("alice");

    private static IEnumerable<GroupJoinRefused> Refused(GroupRun group) =>
        group.Stored.Where(stored => stored.JoinRefused is not null).Select(stored => stored.JoinRefused);

    private static IEnumerable<GroupJoinRefusalsCounted> Counted(GroupRun group) =>
        group.Stored.Where(stored => stored.JoinRefusalsCounted is not null).Select(stored => stored.JoinRefusalsCounted);

    [Fact]
    [Clause("TS24.379 10.1.1.4.2")]
    public void Refused_caller_is_answered_and_the_refusal_is_an_event_that_says_who_what_and_why()
    {
        var group = Brigade().Call("alice").Call("eve", client: "tablet");

        Assert.Equal(RejectionCode.NotAMember, group.Decision.Rejection?.Code);
        Assert.Empty(group.Effects);
        var refused = Assert.Single(group.Decision.Events).Group.JoinRefused;
        Assert.Equal((GroupRun.User("eve"), "tablet", "call1", "192.0.2.9:5060"), (refused.McpttId, refused.ClientId, refused.Call, refused.Remote));
        Assert.Equal(group.Decision.Rejection, refused.Rejection);
    }

    [Theory]
    [InlineData(RejectionCode.NotAffiliated, "bob")]
    [InlineData(RejectionCode.MayNotInitiate, "carol")]
    [InlineData(RejectionCode.NotAMember, "eve")]
    public void Refused_start_of_a_call_is_an_event_that_names_no_call(RejectionCode code, string name)
    {
        var group = new GroupRun().Put(document => document.Members[2].MayNotInitiate = true).Affiliate("carol").Call(name);

        Assert.Equal(code, Assert.Single(Refused(group)).Rejection.Code);
        Assert.Equal("", Refused(group).Single().Call);
    }

    [Fact]
    public void Calls_to_a_group_that_does_not_exist_write_nothing() => Assert.Empty(new GroupRun().Attempts(3, "alice").Run.Events);

    [Fact]
    public void Of_one_user_so_many_are_stored_and_the_rest_of_the_minute_is_counted_in_one_event()
    {
        var group = Brigade().Attempts(12, "eve");
        Assert.Equal(RejectionCode.NotAMember, group.Decision.Rejection?.Code);
        Assert.Equal(GroupLimits.RefusalsPerUserAndMinute, (uint)Refused(group).Count());
        Assert.Empty(Counted(group));

        group.After(Minute);
        Assert.Equal(12 - GroupLimits.RefusalsPerUserAndMinute, Assert.Single(Counted(group)).Count);
        Assert.Equal(Refused(group).First().WindowFromUs, Counted(group).Single().FromUs);
        Assert.Empty(group.Run.Kind.Timers(group.Run.State));

        Assert.Equal(GroupLimits.RefusalsPerUserAndMinute + 1, (uint)Refused(group.Attempts(1, "eve")).Count());
    }

    [Fact]
    public void One_user_does_not_hide_the_attempts_of_another_and_all_together_have_a_bound()
    {
        var group = Brigade().Attempts(100, "eve");
        Assert.Single(Refused(group.Call("mallory")), refused => refused.McpttId == GroupRun.User("mallory"));

        for (var i = 0; i < 100; i++)
        {
            group.Call($"mallory{i}");
        }

        Assert.Equal(GroupLimits.RefusalsPerMinute, (uint)Refused(group).Count());
        group.After(Minute);
        Assert.Equal(201 - GroupLimits.RefusalsPerMinute, Assert.Single(Counted(group)).Count);
    }

    [Fact]
    public void Few_refusals_start_no_timer_and_the_next_minute_counts_anew()
    {
        var group = Brigade().Attempts(4, "eve");
        Assert.Empty(group.Run.Kind.Timers(group.Run.State));

        group.After(Minute).Attempts(4, "eve");
        Assert.Equal(8, Refused(group).Count());
        Assert.Equal(2, Refused(group).Select(refused => refused.WindowFromUs).Distinct().Count());
    }

    [Fact]
    public void Count_that_the_timer_had_no_time_to_write_comes_before_the_next_refusal()
    {
        var group = Brigade().Attempts(7, "eve");
        var late = new Command
        {
            TimeUs = group.Run.NowUs + (long)Minute.TotalMicroseconds + 1,
            Group = new GroupCommand
            {
                RouteGroupCall = new RouteGroupCall { Invite = new IncomingInvite { McpttId = GroupRun.User("eve"), Request = new SipRequest() } },
            },
        };

        var decision = group.Run.Decide(late).Decision;

        Assert.Equal(2u, decision.Events[0].Group.JoinRefusalsCounted.Count);
        Assert.NotNull(decision.Events[1].Group.JoinRefused);
        Assert.True(decision.TellsCount);
    }
}
