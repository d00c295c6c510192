using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Calls of temporary groups: the floor is told to begin once (TS 24.380 6.3.4.2.2).</summary>
[Clause("TS24.380 6.3.4.2.2")]
public sealed class TemporaryGroupTests
{
    [Fact]
    public void Floor_begins_when_the_last_invited_member_has_answered()
    {
        var call = Started();
        Assert.True(call.Floor.First().Open.Rules.TemporaryGroup);
        Assert.DoesNotContain(call.AllEffects, Begins);
        Assert.DoesNotContain(call.Acknowledged(1).Answered(2, "bob").AllEffects, Begins);

        Assert.Equal([FloorCommand.BodyOneofCase.AddParticipant, FloorCommand.BodyOneofCase.SetInitialised], call.Answered(3, "carol").Floor.Select(command => command.BodyCase));
    }

    [Fact]
    public void Floor_begins_when_who_has_not_answered_has_failed() => Assert.Contains(Started().Answered(2, "bob").Failed(3, 486).Effects, Begins);

    [Fact]
    public void Floor_does_not_wait_for_a_phone_that_rings_for_long()
    {
        var call = Started().Answered(2, "bob");
        Assert.DoesNotContain(call.Advance(4.9).Effects, Begins);
        Assert.Contains(call.Advance(0.1).Effects, Begins);
        call.Answered(3, "carol").Failed(2, 408, inDialog: true);
        Assert.Single(call.AllEffects, Begins);
    }

    [Fact]
    public void Floor_begins_once_also_through_a_recovery()
    {
        var call = Started().Answered(2, "bob");
        call.Run.Recover();
        call.Answered(3, "carol");
        call.Run.Recover();
        call.Advance(10);
        Assert.Single(call.AllEffects, Begins);
    }

    [Fact]
    public void Nobody_to_invite_begins_at_once() =>
        Assert.Contains(new CallRun().Initiate(CallRun.Rules(Temporary), CallRun.Invite("alice")).MediaOpened().Effects, Begins);

    [Fact]
    public void Other_groups_are_not_told() => Assert.DoesNotContain(new CallRun().Running().AllEffects, Begins);

    private static CallRun Started() => new CallRun().Started(Temporary);

    private static void Temporary(CallRules rules) => rules.Temporary = true;

    private static bool Begins(Effect effect) => effect.Command?.Floor?.SetInitialised is not null;
}
