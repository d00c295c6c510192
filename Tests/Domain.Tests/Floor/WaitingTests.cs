using Google.Protobuf;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Who asks while members are still being invited, and how long a request waits in the queue.</summary>
public sealed class WaitingTests
{
    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public void Request_while_members_are_being_invited_is_granted_when_the_second_participant_joins() =>
        Calling().Request(1).SaysNothing().Is("idle").Runs("Invited", "T4")
            .After(0.1).Join(2).Says("talkers", "talkers 1", "1: Granted 30", "2: Taken u1").Is("taken", "1").Runs();

    [Fact]
    [Clause("TS24.380 6.3.4.3.3")]
    public void Request_while_members_are_being_invited_is_denied_with_cause_3_when_nobody_joins_in_time() =>
        Calling().Request(1).After(1.9).SaysNothing().After(0.1).Says("1: Deny 3").Is("idle").Runs("T4").Request(1).Says("1: Deny 3");

    [Fact]
    public void A_repeat_of_the_kept_request_changes_nothing() =>
        Calling().Request(1).After(1).Request(1).WritesNothing().After(1).Says("1: Deny 3");

    [Fact]
    public void Release_withdraws_the_kept_request() =>
        Calling().Request(1).Release(1).Says("1: Idle").Runs("T4").Join(2).Says("talkers", "2: Idle").Is("idle");

    [Fact]
    public void Who_leaves_takes_its_kept_request_along() => Calling().Request(1).Leave(1).SaysNothing().Join(2).Says("2: Idle").Runs("T4");

    [Fact]
    public void Who_is_left_alone_later_is_denied_with_cause_3() => Calling().Join(2).Leave(2).Request(1).Says("1: Deny 3");

    [Fact]
    public void A_receive_only_member_is_not_kept_waiting() =>
        FloorRun.Opened(invited: 1).Join(1, member => member.ReceiveOnly = true).Request(1).Says("1: Deny 5").Runs("T4");

    [Fact]
    public void An_implicit_request_is_granted_at_once_though_one_was_kept() =>
        Calling().Request(1).Join(1, @implicit: true).Says("talkers 1", "1: Granted 30").Runs();

    [Fact]
    public void After_a_crash_the_kept_request_waits_on() => Calling().Request(1).Crash().After(1).Join(2).Is("taken", "1");

    [Fact]
    public void Who_joins_with_an_implicit_request_comes_after_the_kept_one() =>
        Calling().Request(1).Join(2, @implicit: true).Says("talkers", "talkers 1", "1: Granted 30", "2: Taken u1", "2: Queue 1").Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.5.4.4")]
    public void Request_that_waited_in_the_queue_for_its_longest_time_is_denied_with_cause_255() =>
        Bounded().Request(1).Request(2).After(4).Request(3).Runs("Queue/2", "Queue/3").After(5).Says("2: Deny 255").Is("taken", "1", "3")
            .After(4).Says("3: Deny 255").Is("taken", "1").Runs();

    [Fact]
    public void A_repeat_does_not_lengthen_the_wait() => Bounded().Request(1).Request(2).After(8).Request(2).Says("2: Queue 1").After(1).Says("2: Deny 255");

    [Fact]
    public void The_grant_ends_the_wait() => Bounded().Request(1).Request(2).Release(1).Is("taken", "2").Runs("T20/2");

    [Fact]
    [Clause("TS24.380 6.3.4.4.7")]
    public void A_preemptor_waits_for_T3_however_long_that_is() =>
        Bounded(rules => rules.T3Ms = 20_000).Request(1).Request(2, priority: 9).After(15).Is("pending-revoke", "1", "2").After(5).Is("taken", "2");

    [Fact]
    public void Without_a_rule_a_request_waits_until_it_is_served() =>
        FloorRun.Of(2, rules => rules.T2Ms = 3_600_000).Request(1).Speak(1).Request(2).After(3_000).Is("taken", "1", "2");

    [Fact]
    [Clause("TS24.380 8.2.3.13")]
    public void The_denial_after_a_wait_carries_the_track_info_of_the_request()
    {
        var track = FloorTrackInfo.Create(true, "dispatcher", 7);
        var run = Bounded().Request(1).Request(2, change: request => request.TrackInfo = ByteString.CopyFrom(track.Value)).After(9);
        Assert.Equal(track, Assert.Single(run.Messages).TrackInfo);
    }

    private static FloorRun Calling() => FloorRun.Opened(invited: 2).Join(1);

    private static FloorRun Bounded(Action<FloorRules>? change = null) =>
        FloorRun.Of(3, rules =>
        {
            rules.MaxQueueTimeMs = 9_000;
            change?.Invoke(rules);
        });
}
