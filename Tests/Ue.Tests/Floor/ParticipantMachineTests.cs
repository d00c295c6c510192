using Mcptt.Testing;
using Mcptt.Ue.Floor;
using static Mcptt.Ue.Floor.ParticipantAction;
using static Mcptt.Ue.Floor.ParticipantState;
using static Mcptt.Ue.Floor.ParticipantTimer;
using In = Mcptt.Ue.Floor.ParticipantInput;

namespace Mcptt.Ue.Tests.Floor;

/// <summary>The rows of TS 24.380 6.2.4, state by state.</summary>
public sealed class ParticipantMachineTests
{
    private static readonly FloorWish Wish = new(Priority: 7);
    private static readonly ParticipantOptions Defaults = new();
    private static readonly PendingRequest Pending = new(C101: 1, Wish, Implicit: false);
    private static readonly Queued InQueue = new(Pressed: true, C104: 0);
    private static readonly PendingRelease GivingBack = new(C100: 1, HeldFloor: true, DualFloor: false);

    [Fact]
    [Clause("TS24.380 6.2.4.2")]
    public void A_call_without_implicit_request_starts_without_permission() =>
        Given(new StartStop()).When(new In.CallEstablished(false, false)).Then(new HasNoPermission());

    [Fact]
    [Clause("TS24.380 6.2.4.2")]
    public void An_implicit_request_starts_T101_and_pends() =>
        Given(new StartStop()).When(new In.CallEstablished(true, false, Wish))
            .Then(Pending with { Implicit = true }, new StartTimer(T101FloorRequest), Tells<FloorNotice.Requested>());

    [Fact]
    [Clause("TS24.380 6.2.4.2")]
    public void A_grant_in_the_answer_gives_permission_at_once() =>
        Given(new StartStop()).When(new In.CallEstablished(true, true)).Then(new HasPermission(false), new StartMedia(), Tells<FloorNotice.Granted>());

    [Fact]
    [Clause("TS24.380 6.2.4.1")]
    public void Outside_a_call_nothing_is_answered() =>
        Given(new StartStop()).When(new In.Granted { Acknowledge = true }).Then(new StartStop());

    [Fact]
    [Clause("TS24.380 6.2.4.3")]
    public void Pressing_sends_a_Request_and_starts_T101() =>
        Given(new HasNoPermission()).When(new In.Press(Wish))
            .Then(Pending, new SendRequest(Wish), new StartTimer(T101FloorRequest), Tells<FloorNotice.Requested>());

    [Fact]
    [Clause("TS24.380 6.2.4.3")]
    public void Pressing_while_no_request_is_permitted_sends_nothing() =>
        Given(new HasNoPermission { MayRequest = false }).When(new In.Press(Wish))
            .Then(new HasNoPermission { MayRequest = false }, Tells<FloorNotice.NotPermitted>());

    [Fact]
    [Clause("TS24.380 6.2.4.3")]
    public void Taken_without_permission_to_request_is_remembered_and_Idle_lifts_it()
    {
        Given(new HasNoPermission()).When(new In.Taken("sip:a@x", MayRequest: false))
            .Then(new HasNoPermission { MayRequest = false }, new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());
        Given(new HasNoPermission { MayRequest = false }).When(new In.Idle())
            .Then(new HasNoPermission(), new StopTimer(T103EndOfRtpMedia), Tells<FloorNotice.Idle>());
    }

    [Fact]
    [Clause("TS24.380 6.2.4.3")]
    public void Media_restarts_T103_and_its_end_tells_that_the_talker_is_silent()
    {
        Given(new HasNoPermission()).When(new In.MediaReceived()).Then(new HasNoPermission(), new StartTimer(T103EndOfRtpMedia));
        Given(new HasNoPermission()).When(new In.TimerExpired(T103EndOfRtpMedia)).Then(new HasNoPermission(), Tells<FloorNotice.TalkerSilent>());
    }

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Granted_stops_T101_and_starts_media() =>
        Given(Pending).When(new In.Granted(TimeSpan.FromSeconds(30))).Then(
            new HasPermission(false), new StopTimer(T101FloorRequest), new StopTimer(T103EndOfRtpMedia), new StartMedia(), Tells<FloorNotice.Granted>());

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Deny_ends_the_request() =>
        Given(Pending).When(new In.Deny(1)).Then(new HasNoPermission(), new StopTimer(T101FloorRequest), Tells<FloorNotice.Denied>());

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Queue_Position_Info_queues_the_request() =>
        Given(Pending).When(new In.QueuePosition(1)).Then(InQueue, new StopTimer(T101FloorRequest), Tells<FloorNotice.Queued>());

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Letting_go_before_the_answer_releases() =>
        Given(Pending).When(new In.Release()).Then(
            GivingBack with { HeldFloor = false }, new StopTimer(T101FloorRequest), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Revoke_of_a_pending_request_is_answered_by_Release() =>
        Given(Pending).When(new In.Revoke(3)).Then(
            GivingBack with { HeldFloor = false },
            new StopTimer(T101FloorRequest), Tells<FloorNotice.Revoked>(), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Clause("TS24.380 6.2.4.4")]
    public void T101_sends_the_Request_again_below_C101(int sent) =>
        Given(Pending with { C101 = sent }).When(new In.TimerExpired(T101FloorRequest))
            .Then(Pending with { C101 = sent + 1 }, new SendRequest(Wish), new StartTimer(T101FloorRequest));

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void T101_at_C101_gives_up() =>
        Given(Pending with { C101 = 3 }).When(new In.TimerExpired(T101FloorRequest)).Then(new HasNoPermission(), Tells<FloorNotice.Unanswered>());

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Taken_answers_an_implicit_request() =>
        Given(Pending with { Implicit = true }).When(new In.Taken("sip:a@x")).Then(
            new HasNoPermission(), new StopTimer(T101FloorRequest), new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());

    [Fact]
    [Clause("TS24.380 6.2.4.4")]
    public void Taken_that_crosses_a_Request_leaves_it_pending() =>
        Given(Pending).When(new In.Taken("sip:a@x")).Then(Pending, new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Letting_go_stops_media_before_the_Release() =>
        Given(new HasPermission(false)).When(new In.Release())
            .Then(GivingBack, new StopMedia(), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Release_of_a_dual_floor_grant_carries_the_G_bit() =>
        Given(new HasPermission(true)).When(new In.Release())
            .Then(GivingBack with { DualFloor = true }, new StopMedia(), new SendRelease(true), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Revoke_stops_media_and_is_answered_by_Release() =>
        Given(new HasPermission(false)).When(new In.Revoke(2)).Then(
            GivingBack, new StopMedia(), Tells<FloorNotice.Revoked>(), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Theory, InlineData(true, false), InlineData(false, true)]
    [Clause("TS24.380 6.2.4.5.8")]
    public void Taken_with_the_G_or_I_bit_lets_the_talker_go_on(bool dualFloor, bool multiTalker) =>
        Given(new HasPermission(false)).When(new In.Taken("sip:a@x", DualFloor: dualFloor, MultiTalker: multiTalker))
            .Then(new HasPermission(false), new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Taken_without_the_G_bit_means_the_floor_is_lost() =>
        Given(new HasPermission(false)).When(new In.Taken("sip:a@x")).Then(
            new HasNoPermission(), new StopMedia(), Tells<FloorNotice.Lost>(), new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Idle_while_talking_means_the_server_heard_nothing() =>
        Given(new HasPermission(false)).When(new In.Idle()).Then(
            new HasNoPermission(), new StopMedia(), Tells<FloorNotice.Lost>(), new StopTimer(T103EndOfRtpMedia), Tells<FloorNotice.Idle>());

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Idle_with_the_G_bit_ends_only_the_overriding_burst() =>
        Given(new HasPermission(false)).When(new In.Idle(DualFloor: true)).Then(new HasPermission(false), new StopTimer(T103EndOfRtpMedia));

    [Fact]
    [Clause("TS24.380 6.2.4.5")]
    public void Granted_again_tells_the_remaining_time() =>
        Given(new HasPermission(false)).When(new In.Granted(TimeSpan.FromSeconds(9))).Then(new HasPermission(false), Tells<FloorNotice.Granted>());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Clause("TS24.380 6.2.4.6")]
    public void T100_sends_the_Release_again_below_C100(int sent) =>
        Given(GivingBack with { C100 = sent }).When(new In.TimerExpired(T100FloorRelease))
            .Then(GivingBack with { C100 = sent + 1 }, new SendRelease(false), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public void T100_at_C100_gives_up() =>
        Given(GivingBack with { C100 = 3 }).When(new In.TimerExpired(T100FloorRelease)).Then(new HasNoPermission(), Tells<FloorNotice.Unanswered>());

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public void Idle_ends_the_Release() =>
        Given(GivingBack).When(new In.Idle()).Then(
            new HasNoPermission(), new StopTimer(T100FloorRelease), Tells<FloorNotice.Released>(), new StopTimer(T103EndOfRtpMedia), Tells<FloorNotice.Idle>());

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public void Taken_ends_the_Release() =>
        Given(GivingBack).When(new In.Taken("sip:a@x")).Then(
            new HasNoPermission(), new StopTimer(T100FloorRelease), Tells<FloorNotice.Released>(), new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public void Media_of_another_ends_the_Release_of_the_floor() =>
        Given(GivingBack).When(new In.MediaReceived()).Then(
            new HasNoPermission(), new StopTimer(T100FloorRelease), Tells<FloorNotice.Released>(), new StartTimer(T103EndOfRtpMedia));

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public void Media_of_another_does_not_end_the_Release_of_a_place_in_the_queue() =>
        Given(GivingBack with { HeldFloor = false }).When(new In.MediaReceived())
            .Then(GivingBack with { HeldFloor = false }, new StartTimer(T103EndOfRtpMedia));

    [Fact]
    [Clause("TS24.380 6.2.4.6.4")]
    public void Idle_after_a_broadcast_makes_its_originator_leave() =>
        Given(GivingBack).With(Defaults with { BroadcastOriginator = true }).When(new In.Idle()).Then(
            new HasNoPermission(),
            new StopTimer(T100FloorRelease), Tells<FloorNotice.Released>(), new LeaveCall(), new StopTimer(T103EndOfRtpMedia), Tells<FloorNotice.Idle>());

    [Fact]
    [Clause("TS24.380 6.2.4.6")]
    public void Granted_that_crosses_a_Release_does_not_start_media() =>
        Given(GivingBack).When(new In.Granted { Acknowledge = true }).Then(GivingBack, new SendAck(1));

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Granted_to_a_queued_user_who_presses_starts_media() =>
        Given(InQueue).When(new In.Granted()).Then(
            new HasPermission(false),
            new StopTimer(T104FloorQueuePositionRequest), new StopTimer(T103EndOfRtpMedia), new StartMedia(), Tells<FloorNotice.Granted>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Granted_to_a_queued_user_who_let_go_starts_T132() =>
        Given(InQueue with { Pressed = false }).When(new In.Granted()).Then(
            new QueuedAndGranted(false),
            new StopTimer(T104FloorQueuePositionRequest), new StartTimer(T132QueuedFloorGrantedUserAction), Tells<FloorNotice.GrantedAwaitingPress>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Pressing_before_T132_ends_takes_the_grant() =>
        Given(new QueuedAndGranted(false)).When(new In.Press()).Then(
            new HasPermission(false),
            new StopTimer(T132QueuedFloorGrantedUserAction), new StopTimer(T103EndOfRtpMedia), new StartMedia(), Tells<FloorNotice.Granted>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void T132_gives_the_grant_back() =>
        Given(new QueuedAndGranted(false)).When(new In.TimerExpired(T132QueuedFloorGrantedUserAction)).Then(
            GivingBack, new StopTimer(T132QueuedFloorGrantedUserAction), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Revoke_before_the_press_is_answered_by_Release() =>
        Given(new QueuedAndGranted(false)).When(new In.Revoke(4)).Then(
            GivingBack, new StopTimer(T132QueuedFloorGrantedUserAction), Tells<FloorNotice.Revoked>(), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Letting_go_in_the_queue_cancels_the_request() =>
        Given(InQueue).When(new In.Release()).Then(
            GivingBack with { HeldFloor = false }, new StopTimer(T104FloorQueuePositionRequest), new SendRelease(false), new StartTimer(T100FloorRelease));

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void A_client_that_keeps_its_place_only_notes_that_the_button_is_up() =>
        Given(InQueue).With(Defaults with { KeepsQueueOnRelease = true }).When(new In.Release()).Then(InQueue with { Pressed = false });

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Asking_for_the_position_starts_T104() =>
        Given(InQueue).When(new In.AskQueuePosition())
            .Then(InQueue with { C104 = 1 }, new SendQueuePositionRequest(), new StartTimer(T104FloorQueuePositionRequest));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Clause("TS24.380 6.2.4.9")]
    public void T104_asks_again_below_C104(int sent) =>
        Given(InQueue with { C104 = sent }).When(new In.TimerExpired(T104FloorQueuePositionRequest))
            .Then(InQueue with { C104 = sent + 1 }, new SendQueuePositionRequest(), new StartTimer(T104FloorQueuePositionRequest));

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void T104_at_C104_stops_asking_and_keeps_the_place() =>
        Given(InQueue with { C104 = 3 }).When(new In.TimerExpired(T104FloorQueuePositionRequest)).Then(InQueue, Tells<FloorNotice.Unanswered>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Queue_Position_Info_stops_T104() =>
        Given(InQueue with { C104 = 2 }).When(new In.QueuePosition(255))
            .Then(InQueue, new StopTimer(T104FloorQueuePositionRequest), Tells<FloorNotice.Queued>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Deny_ends_waiting() =>
        Given(InQueue).When(new In.Deny(7)).Then(new HasNoPermission(), new StopTimer(T104FloorQueuePositionRequest), Tells<FloorNotice.Denied>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Idle_while_queued_means_the_server_forgot_the_request() =>
        Given(InQueue).When(new In.Idle()).Then(
            new HasNoPermission(), new StopTimer(T104FloorQueuePositionRequest), new StopTimer(T103EndOfRtpMedia), Tells<FloorNotice.Idle>());

    [Fact]
    [Clause("TS24.380 6.2.4.9")]
    public void Taken_while_queued_names_the_new_talker() =>
        Given(InQueue).When(new In.Taken("sip:b@x")).Then(InQueue, new StartTimer(T103EndOfRtpMedia), Tells<FloorNotice.Taken>());

    [Fact]
    [Clause("TS24.380 6.2.4.7")]
    public void Leaving_the_call_stops_media_and_every_timer()
    {
        var step = ParticipantMachine.Step(new HasPermission(false), new In.CallReleasing(), Defaults);
        Assert.Equal(new Releasing(), step.State);
        Assert.Contains(new StopMedia(), step.Actions);
        Assert.All(Enum.GetValues<ParticipantTimer>(), timer => Assert.Contains(new StopTimer(timer), step.Actions));
    }

    [Fact]
    [Clause("TS24.380 6.2.4.7")]
    public void While_releasing_messages_are_dropped_and_the_end_starts_over()
    {
        Given(new Releasing()).When(new In.Granted { Acknowledge = true }).Then(new Releasing());
        Given(new Releasing()).When(new In.CallReleased()).Then(new StartStop());
    }

    [Fact]
    [Clause("TS24.380 8.2.3.14")]
    public void Every_message_with_the_ack_bit_is_acknowledged_in_every_state_of_a_call()
    {
        ParticipantState[] states = [new HasNoPermission(), Pending, new HasPermission(false), GivingBack, InQueue, new QueuedAndGranted(false)];
        In.ServerMessage[] messages =
            [new In.Granted(), new In.Taken(), new In.Deny(1), new In.Idle(), new In.Revoke(1), new In.QueuePosition(1), new In.MultiTalkerEnded()];
        foreach (var (state, message) in states.SelectMany(state => messages.Select(message => (state, message))))
        {
            var step = ParticipantMachine.Step(state, message with { Acknowledge = true }, Defaults);
            Assert.Equal(new SendAck(message.Subtype), step.Actions[0]);
            Assert.DoesNotContain(ParticipantMachine.Step(state, message, Defaults).Actions, action => action is SendAck);
        }
    }

    [Fact]
    [Clause("TS24.380 6.2.4")]
    public void Random_inputs_never_leave_media_running_without_permission()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var run = 0; run < 2_000; run++)
        {
            RunRandomly(random, seed);
        }
    }

    private static void RunRandomly(Random random, int seed)
    {
        In[] inputs =
        [
            new In.CallEstablished(true, false), new In.Press(Wish), new In.AskedByReinvite(), new In.NotAskedAfterAll(), new In.Release(), new In.AskQueuePosition(), new In.MediaReceived(),
            new In.Granted(), new In.Granted(DualFloor: true), new In.Taken("sip:a@x"), new In.Taken("sip:a@x", DualFloor: true), new In.Deny(1),
            new In.Idle(), new In.Revoke(4), new In.QueuePosition(1), new In.CallReleasing(), new In.CallReleased(),
            .. Enum.GetValues<ParticipantTimer>().Select(timer => new In.TimerExpired(timer)),
        ];
        var options = Defaults with { KeepsQueueOnRelease = random.Next(2) == 0 };
        ParticipantState state = new StartStop();
        var sending = false;
        for (var i = 0; i < 50; i++)
        {
            var input = inputs[random.Next(inputs.Length)];
            var step = ParticipantMachine.Step(state, input, options);
            state = step.State;
            foreach (var action in step.Actions)
            {
                sending = action switch { StartMedia => true, StopMedia => false, _ => sending };
            }

            Assert.True(sending == state is HasPermission, $"{input} led to {state}, media on: {sending} (seed {seed})");
        }
    }

    private static Row Given(ParticipantState state) => new(state, Defaults, new In.CallReleased());

    private static Expected Tells<TNotice>() => new(typeof(TNotice));

    /// <summary>An expected notice by its type, beside actions that are compared whole.</summary>
    private sealed record Expected(Type Notice);

    private sealed record Row(ParticipantState State, ParticipantOptions Options, In Input)
    {
        public Row With(ParticipantOptions options) => this with { Options = options };

        public Row When(In input) => this with { Input = input };

        public void Then(ParticipantState state, params object[] actions)
        {
            var step = ParticipantMachine.Step(State, Input, Options);
            Assert.Equal(state, step.State);
            Assert.Equal(
                actions.Select(action => action is Expected expected ? (object)expected.Notice : action),
                step.Actions.Select(action => action is Tell tell ? (object)tell.Notice.GetType() : action));
        }
    }
}
