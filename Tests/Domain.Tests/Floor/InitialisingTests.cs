using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>"G: Floor Initialising" of a temporary group (facts 2.3): who asks before the group is complete.</summary>
[Clause("TS24.380 6.3.4.2.2")]
public sealed class InitialisingTests
{
    [Fact]
    public void A_temporary_group_session_opens_initialising_and_tells_nobody_anything() =>
        Temporary().SaysNothing().Is("initialising").Runs();

    [Fact]
    public void A_request_while_initialising_is_queued() =>
        Temporary().Request(2).Says("2: Queue 1").Request(3, priority: 9).Says("3: Queue 1").Is("initialising", "", "3 2");

    [Fact]
    public void A_request_while_initialising_without_queueing_is_denied_with_cause_255() =>
        Temporary(each: member => member.Queueing = false).Request(2).Says("2: Deny 255").Is("initialising");

    [Fact]
    public void A_request_of_the_only_participant_while_initialising_is_queued() =>
        FloorRun.Opened(rules => rules.TemporaryGroup = true).Join(1).Request(1).Says("1: Queue 1").Is("initialising", "", "1");

    [Fact]
    public void A_request_of_a_receive_only_member_while_initialising_is_denied_with_cause_5() =>
        Temporary().Join(4, member => member.ReceiveOnly = true).Request(4).Says("4: Deny 5");

    [Fact]
    public void A_request_into_a_full_queue_while_initialising_is_denied_with_cause_7() =>
        Temporary(rules => rules.QueueDepth = 1).Request(1).Request(2).Says("2: Deny 7");

    [Fact]
    public void A_repeated_request_while_initialising_keeps_its_place() => Temporary().Request(2).Request(3).Request(2).Says("2: Queue 1").Is("initialising", "", "2 3");

    [Fact]
    public void An_implicit_request_waits_too() =>
        Temporary().Join(4, @implicit: true).Says("4: Queue 1").Is("initialising", "", "4").Initialised().Is("taken", "4");

    [Fact]
    public void An_implicit_request_without_queueing_ends_with_floor_idle_when_initialised() =>
        Temporary().Join(4, member => member.Queueing = false, @implicit: true).SaysNothing().Is("initialising").Initialised().Says("talkers", "1,2,3: Idle", "4: Idle");

    [Fact]
    public void Speech_of_a_plain_phone_waits_for_the_end_of_initialising() =>
        Temporary().JoinPlain(4).Speak(4).WritesNothing().Initialised().Says("talkers", "1,2,3: Idle").Speak(4).Is("taken", "4");

    [Fact]
    public void A_release_while_initialising_withdraws_the_request_and_is_answered() =>
        Temporary().Request(2).Release(2, acknowledge: true).Says("2: Ack FloorRelease", "2: Idle").Is("initialising");

    [Fact]
    public void RTP_while_initialising_is_revoked_with_cause_3() => Temporary().Speak(2).Says("2: Revoke 3").Is("initialising").Runs("T8/2");

    [Fact]
    public void When_initialised_with_an_empty_queue_the_floor_is_idle_and_T4_runs() =>
        Temporary().Initialised().Says("talkers", "1,2,3: Idle").Is("idle").Runs("T4").Initialised().WritesNothing();

    [Fact]
    public void When_initialised_the_head_of_the_queue_is_granted_without_floor_idle() =>
        Temporary().Request(2).Request(3).Initialised().Says("talkers 2", "2: Granted 30", "1,3: Taken u2").Is("taken", "2", "3").Runs("T20/2");

    [Fact]
    public void After_a_crash_it_is_initialising_still_and_the_queue_waits() =>
        Temporary().Request(2).Crash().Says("talkers").Is("initialising", "", "2").Initialised().Is("taken", "2");

    [Fact]
    public void A_call_can_be_released_while_initialising() => Temporary().Request(2).Close().Is("closed").Runs();

    [Fact]
    public void A_floor_of_another_group_is_initialised_from_the_start() => FloorRun.Of(2).Initialised().WritesNothing().Is("idle");

    [Fact]
    [Clause("TS24.380 8.2.3.15")]
    public void The_indicator_says_that_the_group_is_temporary() =>
        Assert.All(Temporary().Initialised().Messages, message => Assert.True(message.Indicator!.Value.HasFlag(FloorIndicator.TemporaryGroupCall)));

    private static FloorRun Temporary(Action<FloorRules>? change = null, Action<FloorParticipant>? each = null) =>
        FloorRun.Of(
            3,
            rules =>
            {
                rules.TemporaryGroup = true;
                change?.Invoke(rules);
            },
            each);
}
