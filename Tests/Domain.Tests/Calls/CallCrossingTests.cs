using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Requests that meet on the way.</summary>
public sealed class CallCrossingTests
{
    [Fact]
    [Clause("RFC3261 9.2")]
    public void Cancel_before_the_answer_is_487_and_ends_the_call()
    {
        var call = new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob")).Cancelled("alice");

        Assert.Equal(RejectionCode.RequestTerminated, Assert.Single(call.Refusals).Rejection.Code);
        Assert.NotNull(Assert.Single(call.ToGroup).CallEnded);
        Assert.Empty(call.MediaOpened().Effects);
    }

    [Fact]
    [Clause("RFC3261 9.2")]
    public void Cancel_after_the_answer_changes_nothing() => Assert.Empty(new CallRun().Running().Cancelled("alice").Effects);

    [Fact]
    public void Cancel_that_overtakes_its_invite_is_remembered()
    {
        var call = new CallRun().Cancelled("alice").Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob"));

        Assert.Equal(RejectionCode.RequestTerminated, Assert.Single(call.Refusals).Rejection.Code);
        Assert.Empty(call.Media);
        Assert.NotNull(Assert.Single(call.ToGroup).CallEnded);
    }

    [Fact]
    public void Remembered_cancels_have_a_bound()
    {
        var call = new CallRun();
        for (var i = 0; i < 20; i++)
        {
            call.Cancelled("caller" + i);
        }

        Assert.Equal(8, call.Run.State.Core.Cancels.Length);
    }

    [Fact]
    [Clause("RFC3261 9.1")]
    public void Answer_that_crosses_our_cancel_gets_bye()
    {
        var call = new CallRun().Started().Acknowledged(1).Answered(3, "carol").Advance(60).Answered(2, "bob");

        Assert.Equal((2u, 2u), (Assert.Single(call.Byes).Leg, call.Byes.Single().Dialog.LocalCseq));
        Assert.Empty(call.Puts);
    }

    [Fact]
    public void Answer_that_comes_after_the_end_gets_bye_even_when_nothing_is_known_of_it_any_more()
    {
        var call = new CallRun().Started().Acknowledged(1).Send(new CallCommand { Release = new ReleaseCall() });
        Assert.Equal(2, call.Cancels.Count());

        Assert.Single(call.Answered(2, "bob").Byes);
        call.Advance(60);
        Assert.True(call.Run.Kind.IsFinished(call.Run.State));
        var late = Assert.Single(call.Answered(3, "carol").Byes);
        Assert.Equal($"<{CallRun.GroupId}>;tag=c{CallRun.CallId}l3", late.Dialog.Local);
    }

    [Fact]
    public void Cancelled_invite_that_is_refused_as_it_should_is_done()
    {
        var call = new CallRun().Started().Acknowledged(1).Send(new CallCommand { Release = new ReleaseCall() }).Failed(2, 487).Failed(3, 487);

        Assert.Empty(call.Effects);
        Assert.True(call.Run.Kind.IsFinished(call.Run.State));
    }

    [Fact]
    [Clause("RFC3261 15")]
    public void Bye_to_a_caller_waits_for_its_ack()
    {
        var call = new CallRun().Started().Send(new CallCommand { Release = new ReleaseCall() });
        Assert.Empty(call.Byes);

        Assert.Equal(2u, Assert.Single(call.Acknowledged(1).Byes).Dialog.LocalCseq);
    }

    [Fact]
    [Clause("RFC3261 13.3.1.4")]
    public void Answer_without_ack_is_followed_by_bye()
    {
        var call = new CallRun().Started().Answered(2, "bob").Answered(3, "carol").Send(new CallCommand { LegNotAcknowledged = new LegNotAcknowledged { Leg = 1 } });

        Assert.Equal(1u, Assert.Single(call.Byes).Leg);
        Assert.Equal("active", call.View.Phase);
    }

    [Fact]
    public void Missing_word_of_an_ack_is_taken_as_none_after_its_time()
    {
        var call = new CallRun().Started().Answered(2, "bob").Answered(3, "carol").Advance(40);

        Assert.Equal(1u, Assert.Single(call.Byes).Leg);
    }

    [Fact]
    public void Bye_that_overtakes_its_own_answer_ends_the_leg()
    {
        var call = new CallRun().Started().Acknowledged(1).Bye(2, "bob");
        Assert.Null(call.Decision.Rejection);

        Assert.Single(call.Answered(2, "bob").Byes);
    }

    [Fact]
    [Clause("RFC3261 15")]
    public void Bye_of_a_caller_whose_invite_is_pending_terminates_it() =>
        Assert.Equal(
            RejectionCode.RequestTerminated,
            Assert.Single(new CallRun().Initiate(CallRun.Rules(), CallRun.Invite("alice")).Bye(1, "alice").Refusals).Rejection.Code);

    [Fact]
    [Clause("RFC3261 12.2.2")]
    public void Bye_of_an_unknown_dialog_is_481_and_one_out_of_order_500()
    {
        Assert.Equal(RejectionCode.DialogUnknown, new CallRun().Running().Bye(2, "eve").Decision.Rejection?.Code);
        Assert.Equal(RejectionCode.DialogUnknown, new CallRun().Running().Bye(9, "bob").Decision.Rejection?.Code);
        Assert.Equal(RejectionCode.CseqOutOfOrder, new CallRun().Running().Bye(1, "alice", cseq: 1).Decision.Rejection?.Code);
    }

    [Fact]
    public void Byes_of_both_sides_end_the_leg_once()
    {
        var call = new CallRun().Running().Send(new CallCommand { Release = new ReleaseCall() }).Bye(2, "bob");

        Assert.Equal(RejectionCode.DialogUnknown, call.Decision.Rejection?.Code);
        Assert.Empty(call.Effects);
    }

    [Theory]
    [InlineData(481u, 0)]
    [InlineData(408u, 1)]
    [Clause("RFC3261 12.2.1.2")]
    public void Dialog_that_is_lost_ends_the_leg(uint status, int byes)
    {
        var call = new CallRun().Running().Failed(2, status, inDialog: true);

        Assert.Equal(byes, call.Byes.Count());
        Assert.Equal([1u, 3u], call.View.Legs.Select(leg => leg.Leg));
    }
}
