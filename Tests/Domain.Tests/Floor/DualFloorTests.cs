using Mcptt.Protocol.Floor;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Dual floor control (TS 24.380 6.3.6, facts 2.7): a pre-emptive request talks over the first talker.</summary>
public sealed class DualFloorTests
{
    private static FloorRun Group() => FloorRun.Of(4, rules => rules.DualFloor = true);

    [Fact]
    [Clause("TS24.380 6.3.6.3.2")]
    public void A_preemptive_request_is_granted_without_revoking_the_first_talker() =>
        Group().Request(1).Request(2, priority: 9).Says("talkers 1 2", "2: Granted 30 G", "1,3,4: Taken u2 G").Is("taken", "1 2");

    [Fact]
    [Clause("TS24.380 6.3.6.3.2")]
    public void The_taken_of_an_override_names_one_party_and_its_SSRC()
    {
        var taken = Group().Request(1).Request(2, priority: 9).Messages.Single(message => message.Type == FloorMessageType.FloorTaken);
        Assert.Equal("sip:u2@example.org", taken.GrantedPartyIdentity);
        Assert.Equal(1002u, taken.GrantedSsrc);
        Assert.Null(taken.GrantedUsers);
    }

    [Fact]
    [Clause("TS24.380 6.3.6.3.2")]
    public void A_request_that_does_not_preempt_waits() => Group().Request(1).Request(2).Says("2: Queue 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.6.3.6")]
    public void The_end_of_an_override_is_a_floor_idle_with_bit_G() =>
        Group().Request(1).Request(2, priority: 9).Release(2).Says("talkers 1", "1,2,3,4: Idle G").Is("taken", "1");

    [Fact]
    [Clause("TS24.380 6.3.6.3.4")]
    public void T11_ends_an_override() => Group().Request(1).Request(2, priority: 9).Speak(2).Silence(2).Says("talkers 1", "1,2,3,4: Idle G");

    [Fact]
    [Clause("TS24.380 6.3.6.3.5")]
    public void T12_revokes_who_talks_over_the_other() =>
        FloorRun.Of(3, rules =>
        {
            rules.DualFloor = true;
            rules.T12Ms = 10_000;
        }).Request(1).Speak(1).Request(2, priority: 9).Says("talkers 1 2", "2: Granted 10 G", "1,3: Taken u2 G").Speak(2).Runs("T2/1", "T12/2")
            .After(10).Says("2: Revoke 2").After(3).Is("taken", "1");

    [Fact]
    [Clause("TS24.380 6.3.6.3")]
    public void When_the_first_talker_ends_the_override_becomes_the_floor_and_its_timers_go_on() =>
        Group().Request(1).Speak(1).After(5).Request(2, priority: 9).Speak(2).After(10).Release(1)
            .Says("talkers 2", "2: Granted 20", "1,3,4: Taken u2").Is("taken", "2").Runs("T2/2").After(20).Says("2: Revoke 2");

    [Fact]
    [Clause("TS24.380 6.3.6.3")]
    public void The_media_node_keeps_T11_for_the_override_and_T1_for_the_first()
    {
        var run = FloorRun.Of(3, rules =>
        {
            rules.DualFloor = true;
            rules.T1Ms = 4_000;
            rules.T11Ms = 2_000;
        }).Request(1).Request(2, priority: 9);
        Assert.Equal([4_000u, 2_000u], run.Effects[0].Media.SetTalkers.Talkers.Select(talker => talker.T1Ms));
    }

    [Fact]
    public void Who_outranks_the_override_has_it_revoked_and_follows_it() =>
        Group().Request(1).Request(2, priority: 8).Request(3, priority: 9).Says("3: Queue 1", "2: Revoke 4")
            .Release(2).Says("talkers 1", "1,2,3,4: Idle G", "talkers 1 3", "3: Granted 30 G", "1,2,4: Taken u3 G").Is("taken", "1 3");

    [Fact]
    public void Who_outranks_the_first_talker_but_not_the_override_waits() =>
        Group().Request(1).Request(2, priority: 9).Request(3, priority: 8).Says("3: Queue 1").Is("taken", "1 2", "3");

    [Fact]
    public void Who_joins_an_override_is_told_both_talkers_with_two_numbers()
    {
        var run = Group().Request(1).Request(2, priority: 9).Join(5).Says("5: Taken u1", "5: Taken u2 G");
        Assert.Equal([7, 8], run.Messages.Select(message => (int)message.SequenceNumber!));
        run.Release(4);
        Assert.Equal([9, 10], run.Messages.Select(message => (int)message.SequenceNumber!));
    }

    [Fact]
    public void When_both_end_everybody_is_told_idle() =>
        Group().Request(1).Request(2, priority: 9).Release(1).Release(2).Says("talkers", "1,2,3,4: Idle").Is("idle");
}
