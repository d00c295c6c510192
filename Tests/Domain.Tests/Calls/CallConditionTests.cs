using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Emergency and imminent peril in a call (TS 24.379 10.1.1.4, facts 4.8): who may, who is told, and what the floor hears.</summary>
[Clause("TS24.379 6.3.3.1.13")]
public sealed class CallConditionTests
{
    [Fact]
    public void Call_that_starts_as_an_emergency_is_one_for_its_floor_its_members_and_its_caller()
    {
        var call = Called(invite => invite.Emergency = true);

        Assert.Equal([FloorCommand.BodyOneofCase.Open, FloorCommand.BodyOneofCase.SetCondition, FloorCommand.BodyOneofCase.AddParticipant], call.Floor.Select(command => command.BodyCase));
        Assert.True(call.Floor.Single(command => command.SetCondition is not null).SetCondition.Emergency);
        Assert.All(call.Invites, invite => Assert.True(invite.Emergency));
        Assert.True(Assert.Single(call.Answers).Emergency);
        Assert.True(call.View.Emergency);
        Assert.Empty(call.Acknowledged(1).Answered(2, "bob").Answered(3, "carol").Refreshes);
    }

    [Fact]
    public void Upgrade_tells_the_floor_before_the_session_and_every_other_client_by_reinvite()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);

        Assert.Null(call.Decision.Rejection);
        Assert.Equal([FloorCommand.BodyOneofCase.SetCondition, FloorCommand.BodyOneofCase.AddParticipant], call.Floor.Select(command => command.BodyCase));
        Assert.Equal([1u, 3u], call.Refreshes.Select(refresh => refresh.Leg));
        Assert.All(call.Refreshes, refresh => Assert.Equal((true, false, true), (refresh.Emergency, refresh.ImminentPeril, refresh.TellsCondition)));
    }

    [Fact]
    [Clause("TS24.380 6.3.5.3.9")]
    public void Implicit_request_of_an_upgrade_is_accepted()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);

        Assert.Contains("mc_implicit_request", call.Decision.Accepted.Session.SdpAnswer, StringComparison.Ordinal);
        Assert.True(call.Floor.Last().AddParticipant.ImplicitRequest);
        Assert.DoesNotContain(
            "mc_implicit_request", call.Reoffered(2, "bob", CallRun.Sdp(), cseq: 3, Cancel).Decision.Accepted.Session.SdpAnswer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_may_not_declare_is_refused_and_told_that_it_is_not_so(bool emergency)
    {
        var call = Running(rights: null).Reoffered(2, "bob", CallRun.Sdp(), change: emergency ? Emergency : Peril);

        var rejection = call.Decision.Rejection!;
        Assert.Equal(RejectionCode.NotAuthorised, rejection.Code);
        Assert.Equal(emergency ? Indication.False : Indication.Unspecified, rejection.Emergency);
        Assert.Equal(emergency ? Indication.Unspecified : Indication.False, rejection.ImminentPeril);
        Assert.Empty(call.Effects);
        Assert.False(call.View.Emergency || call.View.ImminentPeril);
    }

    [Fact]
    public void Cancel_ends_the_emergency_for_everybody()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency).Answered(1, "alice", cseq: 2).Answered(3, "carol", cseq: 2);
        call.Reoffered(2, "bob", CallRun.Sdp(), cseq: 3, Cancel);

        Assert.Equal(new SetCallCondition(), call.Floor.First().SetCondition);
        Assert.Equal([1u, 3u], call.Refreshes.Select(refresh => refresh.Leg));
        Assert.All(call.Refreshes, refresh => Assert.Equal((false, true), (refresh.Emergency, refresh.TellsCondition)));
        Assert.False(call.View.Emergency);
    }

    [Fact]
    public void Who_may_not_cancel_is_refused_and_told_that_it_is_still_so()
    {
        var call = Running(new CallRights { StartEmergency = true }).Reoffered(2, "bob", CallRun.Sdp(), change: Emergency).Reoffered(2, "bob", CallRun.Sdp(), cseq: 3, Cancel);

        Assert.Equal((RejectionCode.NotAuthorised, Indication.True), (call.Decision.Rejection?.Code, call.Decision.Rejection?.Emergency));
        Assert.True(call.View.Emergency);
    }

    [Fact]
    public void Cancel_of_what_is_not_changes_nothing() => Assert.Empty(Running(rights: null).Reoffered(2, "bob", CallRun.Sdp(), change: Cancel).Refreshes);

    [Fact]
    public void Imminent_peril_during_an_emergency_is_answered_with_149_and_an_INFO_with_the_real_state()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency).Answered(1, "alice", cseq: 2).Answered(3, "carol", cseq: 2);
        call.Reoffered(3, "carol", CallRun.Sdp(), change: Peril);

        Assert.Equal(149u, call.Decision.Accepted.Session.Warning);
        var inform = Assert.Single(call.Informs);
        Assert.Equal((3u, true, false, 3u), (inform.Leg, inform.Emergency, inform.ImminentPeril, inform.Dialog.LocalCseq));
        Assert.True(call.View is { Emergency: true, ImminentPeril: false });
    }

    [Fact]
    public void Emergency_ends_an_imminent_peril()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Peril).Answered(1, "alice", cseq: 2).Answered(3, "carol", cseq: 2);
        Assert.True(call.View.ImminentPeril);
        call.Reoffered(3, "carol", CallRun.Sdp(), change: Emergency);

        Assert.True(call.View is { Emergency: true, ImminentPeril: false });
        Assert.Equal([1u, 2u], call.Refreshes.Select(refresh => refresh.Leg));
    }

    [Fact]
    public void Client_that_is_being_asked_already_hears_of_it_after_that()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);
        Assert.Empty(call.Reoffered(2, "bob", CallRun.Sdp(), cseq: 3, Cancel).Refreshes);

        Assert.False(Assert.Single(call.Answered(3, "carol", cseq: 2).Refreshes).Emergency);
        Assert.Empty(call.Answered(3, "carol", cseq: 3).Refreshes);
    }

    [Fact]
    [Clause("RFC3261 14.1")]
    public void Client_whose_own_offer_crossed_ours_is_told_again_and_one_that_refused_is_not()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency).Failed(3, 491, inDialog: true);
        Assert.Empty(call.Failed(1, 488, inDialog: true).Refreshes);

        var again = Assert.Single(call.Advance(3).Refreshes);
        Assert.Equal((3u, true, true), (again.Leg, again.Emergency, again.TellsCondition));
    }

    [Fact]
    public void Client_that_answers_after_the_upgrade_is_told_and_one_invited_after_it_knows()
    {
        var call = new CallRun { OriginatorRights = CallRun.AllRights }.Started().Acknowledged(1).Answered(2, "bob");
        call.Reoffered(1, "alice", CallRun.Sdp(), change: Emergency);

        Assert.Equal(3u, Assert.Single(call.Answered(3, "carol").Refreshes).Leg);
        Assert.True(Assert.Single(call.Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member("dave") } }).Invites).Emergency);
        Assert.Empty(call.Answered(4, "dave").Refreshes);
    }

    [Fact]
    public void Client_whose_ACK_is_not_there_yet_is_told_when_it_is()
    {
        var call = Running();
        call.Join("dave").Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);
        Assert.DoesNotContain(4u, call.Refreshes.Select(refresh => refresh.Leg));

        Assert.Equal(4u, Assert.Single(call.Acknowledged(4).Refreshes).Leg);
    }

    [Fact]
    public void Plain_phone_is_not_bothered()
    {
        var call = Running(mcptt: false).Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);
        Assert.Equal([1u], call.Refreshes.Select(refresh => refresh.Leg));
    }

    [Fact]
    public void Join_may_declare_an_emergency_too()
    {
        var call = Running().Send(new CallCommand
        {
            Join = new JoinCall { Invite = CallRun.Invite("dave", change: invite => invite.Emergency = true), Member = CallRun.Member("dave") },
        });

        Assert.True(call.View.Emergency);
        Assert.Equal([1u, 2u, 3u], call.Refreshes.Select(refresh => refresh.Leg));
        Assert.True(Assert.Single(call.Answers).Emergency);
    }

    [Fact]
    [Clause("TS24.379 B.2.1")]
    public void TNG2_ends_an_emergency_and_everybody_hears_of_it()
    {
        var call = Running(rules: rules => rules.EmergencyTimeLimitMs = 60_000).Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);
        call.Answered(1, "alice", cseq: 2).Answered(3, "carol", cseq: 2);

        Assert.Empty(call.Advance(59).Refreshes);
        Assert.Equal([1u, 2u, 3u], call.Advance(1).Refreshes.Select(refresh => refresh.Leg));
        Assert.False(call.View.Emergency);
    }

    [Fact]
    [Clause("TS24.379 B.2.1")]
    public void TNG3_does_not_run_in_an_emergency_and_begins_anew_after_it()
    {
        var call = Running(rules: rules => rules.MaxDurationMs = 100_000).Advance(50).Reoffered(2, "bob", CallRun.Sdp(), change: Emergency);
        Assert.Empty(call.Advance(500).Byes);
        call.Reoffered(2, "bob", CallRun.Sdp(), cseq: 3, Cancel);
        Assert.Empty(call.Advance(99).Byes);
        Assert.Equal(3, call.Advance(1).Byes.Count());
    }

    [Fact]
    public void After_recovery_the_emergency_is_still_one_and_who_was_told_is_not_told_again()
    {
        var call = Running().Reoffered(2, "bob", CallRun.Sdp(), change: Emergency).Answered(1, "alice", cseq: 2).Answered(3, "carol", cseq: 2);
        call.Run.Recover();

        Assert.True(call.View.Emergency);
        Assert.Empty(call.Send(new CallCommand { FloorInactive = new FloorInactive() }).Refreshes);
    }

    [Fact]
    public void Rights_over_others_reach_the_floor()
    {
        var added = Running().AllEffects.Select(effect => effect.Command?.Floor?.AddParticipant?.Participant).Single(participant => participant?.Leg == 2)!;
        Assert.True(added is { MayCancelQueued: true, MayRevoke: true });
    }

    private static void Emergency(LegReoffered reoffered) => reoffered.Emergency = Indication.True;

    private static void Cancel(LegReoffered reoffered) => reoffered.Emergency = Indication.False;

    private static void Peril(LegReoffered reoffered) => reoffered.ImminentPeril = Indication.True;

    private static CallRun Called(Action<IncomingInvite> change) =>
        new CallRun { OriginatorRights = CallRun.AllRights }
            .Initiate(CallRun.Rules(), CallRun.Invite("alice", change: invite =>
            {
                invite.Request.McpttClient = true;
                change(invite);
            }), CallRun.Member("bob"), CallRun.Member("carol")).MediaOpened();

    // Alice (1), Bob (2) and Carol (3); all may everything unless told otherwise.
    private static CallRun Running(CallRights? rights, bool mcptt = true, Action<CallRules>? rules = null)
    {
        var members = new[] { CallRun.Member("bob"), CallRun.Member("carol", mcptt: mcptt) };
        foreach (var member in members)
        {
            member.Rights = rights;
        }

        return new CallRun { OriginatorRights = rights }
            .Initiate(CallRun.Rules(rules), CallRun.Invite("alice", change: invite => invite.Request.McpttClient = true), members)
            .MediaOpened().Acknowledged(1).Answered(2, "bob").Answered(3, "carol");
    }

    private static CallRun Running(bool mcptt = true, Action<CallRules>? rules = null) => Running(CallRun.AllRights, mcptt, rules);
}
