using Mcptt.Domain.Calls;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>The originator's 200 waits for required members and for the minimum to start.</summary>
[Clause("TS24.379 6.3.8.1")]
public sealed class AcknowledgedSetupTests
{
    [Fact]
    public void Answer_waits_for_every_required_member()
    {
        var call = Gathering();
        Assert.Empty(call.Answers);
        Assert.Equal(3, call.Invites.Count());

        Assert.Empty(call.Answered(2, "bob").Answers);
        var answered = call.Answered(3, "carol");

        Assert.Equal(0u, Assert.Single(answered.Answers).Warning);
        Assert.Equal([1u, 2u, 3u], call.Run.State.Core.Legs.Values.OfType<CallLeg.InSession>().Select(leg => leg.Number));
    }

    [Fact]
    public void Members_that_answered_before_take_part_in_the_floor_when_it_opens()
    {
        var call = Gathering().Answered(2, "bob");
        Assert.Empty(call.Floor);
        Assert.Single(call.Puts);

        var floor = call.Answered(3, "carol").Floor.ToList();

        Assert.NotNull(floor[0].Open);
        Assert.Equal([2u, 3u, 1u], floor.Skip(1).Select(command => command.AddParticipant.Participant.Leg));
    }

    [Fact]
    public void TNG1_proceeds_with_warning_111_where_the_group_allows_it() =>
        Assert.Equal(111u, Assert.Single(Gathering(proceed: true).Answered(2, "bob").Advance(10).Answers).Warning);

    [Fact]
    public void TNG1_abandons_with_112_otherwise_and_lets_everybody_go()
    {
        var call = Gathering().Answered(2, "bob").Advance(10);

        Assert.Equal(RejectionCode.RequiredMembersMissing, Assert.Single(call.Refusals).Rejection.Code);
        Assert.Equal(2u, Assert.Single(call.Byes).Leg);
        Assert.Equal([3u, 4u], call.Cancels.Select(cancel => cancel.Leg));
        Assert.Empty(call.Floor);
        Assert.NotNull(Assert.Single(call.ToGroup).CallEnded);
    }

    [Fact]
    public void Refusal_of_a_required_member_decides_without_waiting_for_TNG1() =>
        Assert.Equal(RejectionCode.RequiredMembersMissing, Assert.Single(Gathering().Failed(2, 486).Refusals).Rejection.Code);

    [Fact]
    public void Another_client_of_a_required_user_may_answer_for_it()
    {
        var second = CallRun.Member("bob", required: true);
        second.Client.ClientId = "bob-2";
        var call = new CallRun().Started(Acknowledged(), CallRun.Member("bob", required: true), second);

        Assert.Empty(call.Failed(2, 486).Refusals);
        Assert.Equal(0u, Assert.Single(call.Answered(3, "bob").Answers).Warning);
    }

    [Fact]
    public void Minimum_to_start_counts_members_that_answered()
    {
        var call = new CallRun().Started(Acknowledged(minimum: 2), CallRun.Member("bob"), CallRun.Member("carol"), CallRun.Member("dave"));

        Assert.Empty(call.Answered(4, "dave").Answers);
        Assert.Single(call.Answered(2, "bob").Answers);
    }

    [Fact]
    public void Group_without_required_members_is_answered_at_once_in_spite_of_TNG1() =>
        Assert.Single(new CallRun().Started(Acknowledged(), CallRun.Member("bob")).Answers);

    [Fact]
    public void Required_member_that_joins_by_itself_counts()
    {
        var call = Gathering().Answered(2, "bob").Join("carol");

        Assert.Equal([1u, 5u], call.Answers.Select(answer => answer.Leg).Order());
        Assert.Equal(123u, call.Answers.Single(answer => answer.Leg == 5).Warning);
        Assert.Equal(3u, Assert.Single(call.Cancels).Leg);
    }

    [Fact]
    public void Cancel_of_the_originator_while_members_are_gathered_ends_the_call()
    {
        var call = Gathering().Answered(2, "bob").Cancelled("alice");

        Assert.Equal(RejectionCode.RequestTerminated, Assert.Single(call.Refusals).Rejection.Code);
        Assert.Single(call.Byes);
        Assert.Equal(2, call.Cancels.Count());
    }

    private static CallRun Gathering(bool proceed = false) =>
        new CallRun().Started(Acknowledged(proceed), CallRun.Member("bob", required: true), CallRun.Member("carol", required: true), CallRun.Member("dave"));

    private static Action<CallRules> Acknowledged(bool proceed = false, uint minimum = 0) =>
        rules =>
        {
            rules.AcknowledgementTimeoutMs = 10_000;
            rules.ProceedWithoutRequired = proceed;
            rules.MinimumToStart = minimum;
        };
}
