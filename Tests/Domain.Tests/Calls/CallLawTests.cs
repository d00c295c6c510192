using Mcptt.Domain.Calls;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Random histories: whatever arrives in whatever order, what the world is told stays consistent.</summary>
public sealed class CallLawTests
{
    private const int Histories = 150;
    private const int Steps = 60;
    private static readonly string[] Names = ["alice", "bob", "carol", "dave", "eve"];

    [Fact]
    public void Laws_and_invariants_hold_for_random_histories()
    {
        var seed = Seed.Take();
        for (var history = 0; history < Histories; history++)
        {
            var random = new Random((seed + (history * 7919)) & int.MaxValue);
            var note = $"seed {seed}, history {history}";
            var call = new CallRun { OriginatorRights = CallRun.AllRights };
            var world = new World(note);
            call.Run.Observed = world.See;
            Initiate(call, random);
            for (var step = 0; step < Steps; step++)
            {
                Step(call, random);
                world.AssertListenersAreInTheCall(call.Run.State);
                AssertConditionIsTold(call.Run.State, world.Condition, note);
                AssertEverybodyFollows(call.Run.State, note);
            }

            ActorLaws.AssertHold(call.Run, note);
            call.Send(new CallCommand { Release = new ReleaseCall { Reason = "end" } }).Advance(120);
            ActorLaws.AssertHold(call.Run, note);
            Assert.True(call.Run.Kind.IsFinished(call.Run.State), $"not finished: {call.View}, {note}");
            Assert.True(!call.Run.Kind.Timers(call.Run.State).Any(), $"timers of a closed call, {note}");
            world.AssertEverythingIsClosed();
        }
    }

    [Fact]
    public void Repeated_commands_on_the_state_after_them_change_no_participants()
    {
        var call = new CallRun().Running();
        var before = call.View;

        call.MediaOpened().Acknowledged(1).Answered(2, "bob").Answered(3, "carol");

        Assert.Equal(before, call.View);
        Assert.Empty(call.Effects);
    }

    private static void Initiate(CallRun call, Random random) =>
        call.Initiate(
            CallRun.Rules(rules =>
            {
                rules.MaxParticipants = (uint)random.Next(0, 5);
                rules.MaxParticipants = rules.MaxParticipants == 1 ? 0 : rules.MaxParticipants;
                rules.AcknowledgementTimeoutMs = random.Next(2) == 0 ? 0u : 10_000;
                rules.ProceedWithoutRequired = random.Next(2) == 0;
                rules.MinimumToStart = (uint)random.Next(3);
                rules.Recorded = random.Next(2) == 0;
                rules.MaxDurationMs = random.Next(4) == 0 ? 100_000u : 0;
                rules.EmergencyTimeLimitMs = random.Next(4) == 0 ? 50_000u : 0;
                rules.Temporary = random.Next(4) == 0;
            }),
            CallRun.Invite("alice", change: invite => invite.SupportsTimer = random.Next(2) == 0),
            [.. Names.Skip(1).Take(random.Next(4)).Select(name => CallRun.Member(name, required: random.Next(3) == 0))]);

    private static void Step(CallRun call, Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var leg = (uint)random.Next(1, 9);
        _ = random.Next(22) switch
        {
            0 or 1 => call.MediaOpened(random.Next(8) == 0 ? 30000u : 20000u),
            2 or 3 or 4 => call.Answered(leg, name, random.Next(6) == 0 ? "" : null, (uint)random.Next(1, 4), random.Next(2) == 0 ? 600u : 0, random.Next(2) == 0 ? "uac" : "uas"),
            5 => call.Failed(leg, (uint)random.Next(400, 500), random.Next(2) == 0),
            6 or 7 => call.Join(name, sipCallId: random.Next(3) == 0 ? "again" + random.Next(3) : ""),
            8 => call.Bye(leg, name, (uint)random.Next(1, 200)),
            9 => call.Cancelled(name),
            10 => call.Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member(name) } }),
            11 => call.Send(new CallCommand { RemoveClient = new RemoveClient { McpttId = $"sip:{name}@example.org", ClientId = name + "-1" } }),
            12 => call.Acknowledged(leg),
            13 => call.Send(new CallCommand { LegNotAcknowledged = new LegNotAcknowledged { Leg = leg } }),
            14 => call.Reoffered(leg, name, CallRun.Sdp("192.0.2.77", random.Next(2) == 0 ? "a=sendonly\r\n" : ""), (uint)random.Next(1, 50), reoffer =>
            {
                reoffer.Emergency = (Indication)random.Next(3);
                reoffer.ImminentPeril = (Indication)random.Next(3);
            }),
            15 when random.Next(6) == 0 => call.Send(new CallCommand { MediaFailed = new MediaSessionFailed() }),
            17 => call.Send(random.Next(2) == 0 ? CallRecordingTests.Closed(leg) : CallRecordingTests.Incomplete()),
            18 => call.MediaOpened(random.Next(2) == 0 ? 20000u : 40000u, random.Next(2) == 0 ? "m2" : "m3"),
            19 => call.Send(new CallCommand { MediaNodeDraining = new MediaNodeDraining { MediaNode = MediaNodeOf(call) } }),
            20 when random.Next(3) == 0 => call.Send(new CallCommand { MediaNodeLost = new MediaNodeLost { MediaNode = MediaNodeOf(call) } }),
            21 when random.Next(4) == 0 => call.Send(new CallCommand { MediaFailed = new MediaSessionFailed { MediaNode = "m" + random.Next(1, 4) } }),
            16 when random.Next(10) == 0 => call.Send(new CallCommand { FloorInactive = new FloorInactive() }),
            _ => call.Advance(random.Next(1, 40)),
        };
    }

    private static string MediaNodeOf(CallRun call) => (call.Run.State as CallState.InSession)?.Placement.MediaNode ?? "m1";

    // Whoever does not know where the voice is, is being told; a former session lasts no longer than somebody is behind.
    private static void AssertEverybodyFollows(CallState state, string note)
    {
        if (state is not CallState.InSession session)
        {
            return;
        }

        var legs = session.Core.Legs.Values.OfType<CallLeg.InSession>().ToList();
        foreach (var leg in legs)
        {
            Assert.True(leg.Behind || MediaNegotiation.ShowsPlacement(leg.LocalSdp, session.Placement), $"leg {leg.Number} was told {leg.LocalSdp}, the session is at {session.Placement}, {note}");
            var isBeingTold = leg.RefreshCseq != 0 || leg.RefreshRetryUs != 0 || !leg.Confirmed || session.IsMediaLost;
            Assert.True(isBeingTold || !leg.Behind, $"nobody tells leg {leg.Number} to follow, {note}");
        }

        Assert.True(session.Former is null || legs.Exists(leg => leg.Behind), $"the former session goes on for nobody, {note}");
    }

    // Everybody who may be asked knows the condition, and the floor has it.
    private static void AssertConditionIsTold(CallState state, CallCondition atFloor, string note)
    {
        if (state is not CallState.InSession session)
        {
            return;
        }

        foreach (var leg in session.Core.Legs.Values.OfType<CallLeg.InSession>())
        {
            var isBeingTold = leg.RefreshCseq != 0 || leg.RefreshRetryUs != 0 || !leg.Confirmed;
            Assert.True(isBeingTold || leg.Told == session.Core.Condition || !leg.Member.Client.McpttClient, $"leg {leg.Number} was told {leg.Told}, {note}");
        }

        Assert.True(session is not CallState.Active || atFloor == session.Core.Condition, $"the floor has {atFloor}, the call {session.Core.Condition}, {note}");
    }

    /// <summary>What media node, floor and phones know by the effects alone.</summary>
    private sealed class World(string note)
    {
        private readonly Dictionary<string, HashSet<uint>> _media = [];
        private readonly HashSet<uint> _floor = [];
        private readonly HashSet<string> _invites = [];
        private readonly HashSet<string> _answered = [];
        private bool _floorOpen;
        private bool _floorBegan;
        private int _ended;

        public CallCondition Condition { get; private set; }

        public void See(CallState state, DomainEvent happened, IReadOnlyList<Effect> effects)
        {
            foreach (var effect in effects)
            {
                switch (effect.BodyCase)
                {
                    case Effect.BodyOneofCase.Sip:
                        See(effect.Sip);
                        break;
                    case Effect.BodyOneofCase.Media:
                        See(effect.Media);
                        break;
                    case Effect.BodyOneofCase.Command when effect.Command.To.Kind == ActorKindName.Floor:
                        See(effect.Command.Floor);
                        break;
                    case Effect.BodyOneofCase.Command when effect.Command.Group?.CallEnded is not null:
                        _ended++;
                        break;
                }
            }

            if (happened.Call.MediaPlaced is { } placed)
            {
                MediaOf(placed.Placement.MediaNode);
                LoseAllBut(state);
            }
        }

        public void AssertListenersAreInTheCall(CallState state)
        {
            var inSession = state.Core.Legs.Values.OfType<CallLeg.InSession>().Select(leg => leg.Number).ToHashSet();
            foreach (var (node, legs) in _media)
            {
                Assert.True(inSession.SetEquals(legs), $"{node} has {string.Join(' ', legs)}, the call {string.Join(' ', inSession)}, {note}");
            }

            if (state is CallState.Active)
            {
                Assert.True(inSession.SetEquals(_floor), $"floor has {string.Join(' ', _floor)}, the call {string.Join(' ', inSession)}, {note}");
            }
        }

        public void AssertEverythingIsClosed()
        {
            Assert.True(_media.Count == 0 && !_floorOpen, $"media ({string.Join(' ', _media.Keys)}) or floor left open, {note}");
            Assert.True(_ended == 1, $"the group heard {_ended} times of the end, {note}");
        }

        private void See(SipEffect sip)
        {
            if (sip.Answer is { } answer)
            {
                AssertAnsweredOnce($"{answer.Request.CallId} of leg {answer.Leg}");
            }

            if (sip.Refuse is { LocalTag: ['c', ..] } refuse)
            {
                AssertAnsweredOnce($"{refuse.Request.CallId} of leg {refuse.LocalTag[(refuse.LocalTag.LastIndexOf('l') + 1)..]}");
            }

            if (sip.Invite is { } invite)
            {
                Assert.True(_invites.Add(invite.SipCallId), $"{invite.SipCallId} invited twice, {note}");
            }
        }

        private void AssertAnsweredOnce(string key) => Assert.True(_answered.Add(key), $"{key} answered twice, {note}");

        private void See(MediaEffect media)
        {
            switch (media.BodyCase)
            {
                case MediaEffect.BodyOneofCase.Close:
                    _media.Remove(media.MediaNode);
                    break;
                case MediaEffect.BodyOneofCase.PutLeg:
                    MediaOf(media.MediaNode).Add(media.PutLeg.Leg);
                    break;
                case MediaEffect.BodyOneofCase.RemoveLeg:
                    Assert.True(MediaOf(media.MediaNode).Remove(media.RemoveLeg.Leg), $"leg {media.RemoveLeg.Leg} removed from {media.MediaNode} without having been there, {note}");
                    break;
            }
        }

        private HashSet<uint> MediaOf(string node) =>
            _media.TryGetValue(node, out var legs) ? legs : _media[node] = [];

        // A node that was lost is not told to close anything.
        private void LoseAllBut(CallState state)
        {
            var session = (CallState.InSession)state;
            foreach (var node in _media.Keys.Where(node => node != session.Placement.MediaNode && node != session.Former?.Placement.MediaNode).ToList())
            {
                _media.Remove(node);
            }
        }

        private void See(FloorCommand floor)
        {
            switch (floor.BodyCase)
            {
                case FloorCommand.BodyOneofCase.Open:
                    _floorOpen = true;
                    break;
                case FloorCommand.BodyOneofCase.SetCondition:
                    Condition = new CallCondition(floor.SetCondition.Emergency, floor.SetCondition.ImminentPeril);
                    break;
                case FloorCommand.BodyOneofCase.SetInitialised:
                    Assert.True(_floorOpen && !_floorBegan, $"a floor that is not open or has begun is told to begin, {note}");
                    _floorBegan = true;
                    break;
                case FloorCommand.BodyOneofCase.Close:
                    _floorOpen = false;
                    _floor.Clear();
                    break;
                case FloorCommand.BodyOneofCase.AddParticipant:
                    Assert.True(_floorOpen, $"a participant of a floor that is not open, {note}");
                    _floor.Add(floor.AddParticipant.Participant.Leg);
                    break;
                case FloorCommand.BodyOneofCase.RemoveParticipant:
                    Assert.True(_floor.Remove(floor.RemoveParticipant.Leg), $"leg {floor.RemoveParticipant.Leg} was not on the floor, {note}");
                    break;
            }
        }
    }
}
