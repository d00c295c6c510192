using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Audio cut-in groups (TS 24.380 6.3.2.2, facts 2.6): every new request takes the floor, T3 is 0, nobody waits.</summary>
[Clause("TS24.380 6.3.2.2")]
public sealed class CutInTests
{
    private static FloorRun Group() => FloorRun.Of(3, rules => rules.AudioCutIn = true);

    [Fact]
    public void A_new_request_takes_the_floor_at_once() =>
        Group().Request(1).Request(2).Says("1: Revoke 4", "talkers 2", "2: Granted 30", "1,3: Taken u2").Is("taken", "2");

    [Fact]
    public void Priority_has_no_effect() => Group().Request(1, priority: 10).Request(2, priority: 1).Is("taken", "2");

    [Fact]
    public void Nobody_is_queued_even_where_queueing_was_negotiated() => Group().Request(1).Request(2).Request(3).Is("taken", "3");

    [Fact]
    public void A_receive_only_member_does_not_cut_in() =>
        Group().Join(4, member => member.ReceiveOnly = true).Request(1).Request(4).Says("4: Deny 5").Is("taken", "1");

    [Fact]
    public void T2_takes_the_floor_away_without_grace() =>
        Group().Request(1).Speak(1).After(30).Says("1: Revoke 2", "talkers", "1,2,3: Idle").Is("idle");

    [Fact]
    public void Who_was_cut_off_and_talks_on_is_revoked_with_cause_3() => Group().Request(1).Speak(1).Request(2).Speak(1).Says("1: Revoke 3");
}
