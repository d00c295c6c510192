using System.Globalization;
using Google.Protobuf;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>
/// Random requests, releases, media, joins, leaves, timers, lost messages and crashes against the laws of a floor. MCPTT_TEST_SEED repeats a run,
/// MCPTT_TEST_STEPS makes it longer (CI: 1 000 000).
/// </summary>
public sealed class FloorLawTests
{
    private const int StepsPerCall = 60;
    private const int DefaultSteps = 30_000;
    private const uint Legs = 6;

    public static TheoryData<string> Modes => ["single", "cut-in", "dual", "multi", "broadcast"];

    private static int Steps =>
        int.TryParse(Environment.GetEnvironmentVariable("MCPTT_TEST_STEPS"), CultureInfo.InvariantCulture, out var steps) ? steps : DefaultSteps;

    [Theory]
    [MemberData(nameof(Modes))]
    [Clause("TS24.380 6.3")]
    public void Random_calls_keep_every_law(string mode)
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var steps = 0; steps < Steps / Modes.Count; steps += StepsPerCall)
        {
            new RandomCall(random, mode, $"mode {mode}, seed {seed}, after {steps} steps").Play(StepsPerCall);
        }
    }

    private sealed class RandomCall
    {
        private readonly Random _random;
        private readonly string _note;
        private readonly FloorRun _run;
        private readonly BelievedFloor _world = new();
        private readonly HashSet<uint> _granted = [];
        private bool _loses;
        private uint _number;
        private string _last = "";

        public RandomCall(Random random, string mode, string note)
        {
            _random = random;
            _note = note;
            _run = FloorRun.Opened(rules => Configure(rules, mode), invited: (uint)_random.Next(2));
            _run.Run.Observed = Observe;
            _loses = _random.Next(3) == 0;
        }

        private string Note => $"{_note}, last {_last}";

        private FloorSession Session => ((FloorState.Open)_run.State).Session;

        public void Play(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Step();
                Agree();
            }

            Settle();
            Drain();
            ActorLaws.AssertHold(_run.Run, Note);
            Do(new FloorCommand { Close = new CloseFloor() });
            Assert.Empty(_run.Run.Kind.Timers(_run.State));
            ActorLaws.AssertHold(_run.Run, Note);
        }

        private void Configure(FloorRules rules, string mode)
        {
            rules.QueueDepth = (uint)_random.Next(4);
            rules.MaxQueueTimeMs = _random.Next(3) == 0 ? 4_000u : 0;
            rules.TemporaryGroup = _random.Next(4) == 0;
            rules.T7Ms = _random.Next(2) == 0 ? 0u : 5_000;
            rules.C7 = 3;
            rules.RetryAfterMs = _random.Next(4) == 0 ? 5_000u : 0;
            rules.Acknowledge = _random.Next(4) == 0;
            rules.AudioCutIn = mode == "cut-in";
            rules.DualFloor = mode == "dual";
            rules.MaxTalkers = mode == "multi" ? (uint)_random.Next(2, 4) : 0;
            rules.Broadcast = mode == "broadcast";
        }

        private void Step()
        {
            var leg = (uint)_random.Next(1, (int)Legs + 1);
            if (!Session.Participants.ContainsKey(leg) && _random.Next(3) > 0)
            {
                Join(leg);
                return;
            }

            switch (_random.Next(14))
            {
                case <= 3:
                    Do(new FloorCommand { Request = Request(leg) });
                    break;
                case <= 5:
                    Do(new FloorCommand { Release = new ReleaseFloor { Leg = leg, Acknowledge = _random.Next(2) == 0 } });
                    break;
                case 6:
                    Twice(new FloorCommand { MediaStarted = new MediaStarted { Leg = leg, Ssrc = 1000 + leg } });
                    break;
                case 7:
                    Twice(new FloorCommand { MediaStopped = new MediaStopped { Leg = leg } });
                    break;
                case 8 when _random.Next(3) == 0:
                    _world.Forget(leg);
                    Twice(new FloorCommand { RemoveParticipant = new RemoveParticipant { Leg = leg } });
                    break;
                case 9 when _random.Next(2) == 0:
                    var type = _random.Next(2) == 0 ? FloorMessageType.FloorGranted : FloorMessageType.FloorIdle;
                    Twice(new FloorCommand { Acknowledge = new AcknowledgeFloorMessage { Leg = leg, MessageType = (uint)type } });
                    break;
                case 9:
                    Do(new FloorCommand { RequestQueuePosition = new RequestQueuePosition { Leg = leg } });
                    break;
                case 10 when _random.Next(2) == 0:
                    var condition = new SetCallCondition { Emergency = _random.Next(3) == 0, ImminentPeril = _random.Next(3) == 0 };
                    Twice(new FloorCommand { SetCondition = condition });
                    break;
                case 11 when _random.Next(4) == 0:
                    _last = "crash";
                    _run.Crash();
                    break;
                case 13 when _random.Next(8) == 0:
                    Twice(new FloorCommand { ControlMediaFlow = new ControlMediaFlow { Leg = leg, Indicator = (uint)_random.Next(2) << 15 } });
                    break;
                case 13 when _random.Next(4) == 0:
                    Twice(new FloorCommand { SetInitialised = new SetInitialised() });
                    break;
                case 12 when _random.Next(4) == 0:
                    Twice(new FloorCommand { Open = new OpenFloor { MediaNode = $"media-{_random.Next(3)}", NextMediaNode = _random.Next(2) == 0 ? "media-9" : "", Rules = Session.Rules } });
                    break;
                default:
                    FireOrWait();
                    break;
            }
        }

        private RequestFloor Request(uint leg) =>
            new()
            {
                Leg = leg,
                HasPriority = _random.Next(2) == 0,
                Priority = (uint)_random.Next(20),
                Indicator = (uint)(_random.Next(4) == 0 ? FloorIndicator.EmergencyCall : FloorIndicator.None),
                FunctionalAlias = _random.Next(3) == 0 ? $"sip:driver{leg}@example.org" : "",
                Location = _random.Next(3) == 0 ? ByteString.CopyFrom(FloorLocation.Coordinates(leg, leg).Value) : ByteString.Empty,
            };

        private void Join(uint leg)
        {
            var participant = FloorRun.Participant(leg, member =>
            {
                member.UserPriority = (uint)_random.Next(10);
                member.Queueing = _random.Next(4) > 0;
                member.PriorityNegotiated = _random.Next(3) > 0;
                member.ReceiveOnly = _random.Next(8) == 0;
                member.MultiTalkerAllowed = _random.Next(3) > 0;
                member.FloorChannel = _random.Next(5) > 0;
            });
            var add = new AddParticipant { Participant = participant, ImplicitRequest = participant.FloorChannel && _random.Next(4) == 0 };
            Do(new FloorCommand { AddParticipant = add });
        }

        private void FireOrWait()
        {
            if (_random.Next(2) == 0 && _run.Run.NextTimer() is { } timer)
            {
                _last = timer.Name;
                _run.After(TimeSpan.FromMicroseconds(Math.Max(0, timer.DueUs - _run.Run.NowUs)));
                Assert.Empty(_run.Run.Fire(timer).Decision.Events);
            }
            else
            {
                _last = "wait";
                _run.After(_random.NextDouble() * 2);
            }
        }

        /// <summary>A command whose repeat finds nothing left to do.</summary>
        private void Twice(FloorCommand command)
        {
            Do(command);
            Do(command);
            Assert.True(_run.Decision.Events.Count == 0, $"the repeat of {command} wrote {string.Join(' ', _run.Decision.Events)}, {Note}");
        }

        private void Do(FloorCommand command)
        {
            _last = command.ToString();
            _run.Do(command);
        }

        private void Observe(FloorState state, DomainEvent happened, IReadOnlyList<Effect> effects)
        {
            CheckGrants(state, happened, effects);
            foreach (var effect in effects)
            {
                CheckSequence(effect);
                _world.Hear(effect, _ => _loses && _random.Next(4) == 0);
            }

            CheckState(state);
        }

        // Every Granted has an event before it, and its leg holds the floor in the state of that event.
        private void CheckGrants(FloorState state, DomainEvent happened, IReadOnlyList<Effect> effects)
        {
            var granted = effects.SelectMany(FloorRun.MessagesOf).Where(sent => sent.Message.Type == FloorMessageType.FloorGranted).SelectMany(sent => sent.Legs);
            foreach (var leg in granted)
            {
                var body = happened.Floor;
                var named = body.Granted?.Request.Leg == leg
                    || body.GrantRepeated?.Leg == leg
                    || body.OverrideBecameFloor?.Leg == leg
                    || body.Restated?.Grants.Any(restated => restated.Leg == leg) == true;
                Assert.True(named, $"Granted to {leg} without an event for it: {happened}, {Note}");
                Assert.True(((FloorState.Taken)state).Find(leg)!.IsPermitted, $"Granted to {leg}, who is revoked, {Note}");
            }

            if (happened.Floor.Granted is { } grant)
            {
                _granted.Add(grant.Request.Leg);
            }
        }

        // A number is passed over where nobody has a floor channel to be told by.
        private void CheckSequence(Effect effect)
        {
            foreach (var number in FloorRun.MessagesOf(effect).Select(sent => sent.Message.SequenceNumber).OfType<ushort>().Distinct().Order())
            {
                Assert.True(number > _number, $"sequence number {number} after {_number}, {Note}");
                _number = number;
            }
        }

        private void CheckState(FloorState state)
        {
            if (state is not FloorState.Open open)
            {
                return;
            }

            var rules = open.Session.Rules;
            var queue = open.Session.Queue;
            var talkers = (open as FloorState.Taken)?.Talkers ?? [];
            var most = rules.MaxTalkers > 1 ? (int)rules.MaxTalkers : rules.DualFloor ? 2 : 1;
            Assert.True(talkers.Count <= most, $"{talkers.Count} holders, {Note}");
            Assert.True(talkers.Count(talker => talker.Overriding) <= (rules.DualFloor ? 1 : 0), $"too many overrides, {Note}");
            Assert.True(queue.Count(request => !request.Preemptive) <= rules.QueueDepth, $"queue longer than its depth, {Note}");
            Assert.True(queue.Select(request => request.Leg).Concat(talkers.Select(talker => talker.Leg)).Distinct().Count() == queue.Count + talkers.Count, $"a leg talks and waits, {Note}");
            Assert.True(queue.All(request => open.Session.Participants.ContainsKey(request.Leg)), $"a stranger waits, {Note}");
            Assert.True(queue.Zip(queue.Skip(1)).All(pair => InOrder(pair.First, pair.Second)), $"the queue is out of order: {string.Join(' ', queue)}, {Note}");
        }

        // Nobody is kept waiting for company that came, nor without an end.
        private void CheckKept()
        {
            if (Session.KeptRequest is { } kept)
            {
                var waits = _run.State is FloorState.Idle && Session.Participants.Keys.SequenceEqual([kept.Leg]) && Session.Queue.IsEmpty;
                Assert.True(waits && _run.Run.Kind.Timers(_run.State).Any(timer => timer.Name == "Invited"), $"leg {kept.Leg} is kept waiting, {Note}");
            }
        }

        private static bool InOrder(AcceptedFloorRequest one, AcceptedFloorRequest next) =>
            (one.Preemptive, one.Class, one.Priority, -one.SinceUs).CompareTo((next.Preemptive, next.Class, next.Priority, -next.SinceUs)) >= 0;

        // After a whole command, and with no message lost, everybody knows who talks; who is being revoked has other things to hear.
        private void Agree()
        {
            CheckKept();
            var talkers = (_run.State as FloorState.Taken)?.Talkers ?? [];
            Assert.True(_run.State is not FloorState.Idle || Session.Queue.IsEmpty, $"somebody waits for a free floor, {Note}");
            Assert.True(_world.FlowStopped.SetEquals(Session.FlowStopped), $"the media node sends no voice to {string.Join(' ', _world.FlowStopped)}, {Note}");
            Assert.True(_world.Talkers.SetEquals(talkers.Select(talker => talker.Leg)), $"the media node forwards {string.Join(' ', _world.Talkers)}, {Note}");
            if (_loses)
            {
                return;
            }

            foreach (var leg in Session.Participants.Values.Where(participant => participant.FloorChannel).Select(participant => participant.Leg))
            {
                if (_world.Of(leg) is { } belief && !talkers.Exists(talker => talker.Leg == leg && !talker.IsPermitted))
                {
                    var talks = talkers.Exists(talker => talker.Leg == leg);
                    var others = talkers.Where(talker => talker.Leg != leg).Select(talker => BelievedFloor.User(talker.Leg)).ToHashSet();
                    Assert.True(belief.MayTalk == talks && others.SetEquals(belief.Others), $"leg {leg} believes: {belief}; true: {talks}, {string.Join(' ', others)}, {Note}");
                }
            }
        }

        // Messages were lost, and no more are. Bursts end by silence and clients send again what was not answered: then everybody knows.
        private void Settle()
        {
            if (!_loses)
            {
                return;
            }

            _loses = false;
            Do(new FloorCommand { SetInitialised = new SetInitialised() });
            while (_run.State is FloorState.Taken { Talkers: [var talker, ..] })
            {
                Do(new FloorCommand { MediaStopped = new MediaStopped { Leg = talker.Leg } });
            }

            foreach (var leg in Session.Participants.Keys)
            {
                Do(new FloorCommand { Release = new ReleaseFloor { Leg = leg } });
            }

            Agree();
        }

        // Who waits gets the floor when nothing else is asked: every burst ends by silence, and the queue empties in its order.
        private void Drain()
        {
            var waiting = Session.Queue.Select(request => request.Leg).ToList();
            _granted.Clear();
            Do(new FloorCommand { SetInitialised = new SetInitialised() });
            for (var bursts = 0; bursts <= waiting.Count + (int)Legs && _run.State is FloorState.Taken taken; bursts++)
            {
                Do(new FloorCommand { MediaStopped = new MediaStopped { Leg = taken.Talkers[0].Leg } });
                Agree();
            }

            Assert.True(_run.State is FloorState.Idle, $"the floor never comes to rest, {Note}");
            Assert.True(waiting.All(_granted.Contains), $"a request starved: {string.Join(' ', waiting)} got {string.Join(' ', _granted)}, {Note}");
        }
    }
}
