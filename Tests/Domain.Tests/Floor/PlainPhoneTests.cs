using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Phones without floor channel: RTP is their request, silence their release (architecture.md "The floor").</summary>
public sealed class PlainPhoneTests
{
    private static FloorRun WithPhone() => FloorRun.Of(2).JoinPlain(3);

    [Fact]
    public void A_plain_phone_is_told_nothing_when_it_joins() => FloorRun.Of(2).JoinPlain(3).SaysNothing();

    [Fact]
    public void Its_first_RTP_while_the_floor_is_free_is_its_request_and_starts_T2() =>
        WithPhone().Speak(3).Says("talkers 3", "1,2: Taken u3").Is("taken", "3").Runs("T2/3").Speak(3).WritesNothing();

    [Fact]
    public void Its_silence_is_its_release() => WithPhone().Speak(3).Silence(3).Says("talkers", "1,2: Idle").Is("idle");

    [Fact]
    public void It_is_ignored_while_another_talks_which_is_written_down_once() =>
        WithPhone().Request(1).Speak(3).SaysNothing().Denies(3, FloorDenyCause.AnotherClientHasPermission, FloorRequestManner.Speech).Is("taken", "1")
            .Speak(3).WritesNothing();

    [Fact]
    public void That_it_is_ignored_is_written_down_again_for_the_next_talker_and_after_a_crash_no_second_time() =>
        WithPhone().Request(1).Speak(3).Crash().Speak(3).WritesNothing().Request(2).Release(1)
            .Speak(3).Denies(3, FloorDenyCause.AnotherClientHasPermission, FloorRequestManner.Speech);

    [Fact]
    public void It_is_ignored_while_it_is_alone() =>
        FloorRun.Opened().JoinPlain(1).Speak(1).SaysNothing().Denies(1, FloorDenyCause.OnlyOneParticipant, FloorRequestManner.Speech).Is("idle")
            .Speak(1).WritesNothing();

    [Fact]
    public void Who_spoke_while_alone_is_heard_as_soon_as_another_is_there() =>
        FloorRun.Opened().JoinPlain(1).Speak(1).JoinPlain(2).Says("talkers").Speak(1).Is("taken", "1");

    [Fact]
    public void It_is_ignored_when_it_may_only_listen() =>
        FloorRun.Of(2).Join(3, phone =>
        {
            phone.FloorChannel = false;
            phone.ReceiveOnly = true;
        }).Speak(3).SaysNothing().Denies(3, FloorDenyCause.ReceiveOnly, FloorRequestManner.Speech);

    [Fact]
    public void It_loses_the_floor_at_T2_at_once_because_no_revoke_can_reach_it() =>
        WithPhone().Speak(3).After(30).Says("talkers", "1,2: Idle").Is("idle").Runs("T4");

    [Fact]
    public void After_T2_it_gets_the_floor_again_only_when_it_was_silent() =>
        WithPhone().Speak(3).After(30).Speak(3).WritesNothing().Silence(3).SaysNothing().Speak(3).Is("taken", "3");

    [Fact]
    public void It_is_preempted_at_once() =>
        WithPhone().Speak(3).Request(1, priority: 9).Says("talkers 1", "1: Granted 30", "2: Taken u1").Is("taken", "1");
}
