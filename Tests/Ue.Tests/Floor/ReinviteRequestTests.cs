using Mcptt.Testing;
using Mcptt.Ue.Floor;
using static Mcptt.Ue.Floor.ParticipantAction;
using static Mcptt.Ue.Floor.ParticipantState;
using static Mcptt.Ue.Floor.ParticipantTimer;
using In = Mcptt.Ue.Floor.ParticipantInput;

namespace Mcptt.Ue.Tests.Floor;

/// <summary>A re-INVITE that declares an emergency asks for the floor too (TS 24.380 6.3.5.3.9 on the server's side).</summary>
[Clause("TS24.380 6.2.4.2")]
public sealed class ReinviteRequestTests
{
    private static readonly ParticipantState Asked = new PendingRequest(C101: 1, default, Implicit: true) { ByReinvite = true };

    [Fact]
    public void It_is_a_request_that_T101_watches()
    {
        var step = Step(new HasNoPermission(), new In.AskedByReinvite());
        Assert.Equal(Asked, step.State);
        Assert.Contains(new StartTimer(T101FloorRequest), step.Actions);
    }

    [Fact]
    public void An_answer_that_says_that_it_was_none_ends_it()
    {
        var step = Step(Asked, new In.NotAskedAfterAll());
        Assert.Equal(new HasNoPermission(), step.State);
        Assert.Equal([new StopTimer(T101FloorRequest)], step.Actions);
    }

    [Fact]
    public void Neither_disturbs_who_talks_or_asked_by_the_button()
    {
        Assert.Equal(new HasPermission(false), Step(new HasPermission(false), new In.AskedByReinvite()).State);
        var pressed = new PendingRequest(C101: 1, default, Implicit: false);
        Assert.Equal(pressed, Step(pressed, new In.NotAskedAfterAll()).State);
    }

    [Fact]
    public void A_Taken_may_have_been_sent_before_it_came_and_is_no_answer_to_it()
    {
        var crossed = Step(Asked, new In.Taken("sip:dave@example.org", MayRequest: true, DualFloor: false, MultiTalker: false));
        Assert.Equal(Asked, crossed.State);
        Assert.DoesNotContain(new StopTimer(T101FloorRequest), crossed.Actions);
        Assert.IsType<HasPermission>(Step(crossed.State, new In.Granted(TimeSpan.FromSeconds(30), DualFloor: false)).State);
    }

    private static ParticipantStep Step(ParticipantState state, In input) => ParticipantMachine.Step(state, input, new ParticipantOptions());
}
