using Google.Protobuf;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Stored histories of floors still load, and every type of floor event is in one of them.</summary>
public sealed class FloorCorpusTests
{
    private const string Folder = "floor";

    static FloorCorpusTests()
    {
        foreach (var (name, run) in Scenarios())
        {
            GoldenHistory.WriteMissing(Folder, name, run.Run);
        }
    }

    public static TheoryData<string> Histories => [.. GoldenHistory.Names(Folder)];

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_stored_history_loads_and_leads_to_its_state(string name) =>
        GoldenHistory.AssertLoads(new FloorKind(), FloorRun.CallId, Folder, name);

    [Fact]
    public void Every_type_of_floor_event_is_in_a_stored_history()
    {
        var stored = GoldenHistory.Names(Folder).SelectMany(name => GoldenHistory.Events(Folder, name)).Select(happened => happened.Floor.BodyCase).Distinct();
        Assert.Equal(Enum.GetValues<FloorEvent.BodyOneofCase>().Where(type => type != FloorEvent.BodyOneofCase.None).Order(), stored.Order());
    }

    private static IEnumerable<(string Name, FloorRun Run)> Scenarios()
    {
        yield return ("closed", FloorRun.Of(2, rules => rules.T7Ms = 5_000).Request(1).Release(1).After(31).Close());
        yield return (
            "single",
            FloorRun.Of(4, rules => rules.RetryAfterMs = 9_000).Request(1, change: Rich).Speak(1).Request(2, 3).Request(3, 9).Request(4, 9).AskPosition(4)
                .After(1).After(3).Release(4).Speak(2).Request(3).After(31).Condition(emergency: true).Silence(2).Join(2, member => member.ReceiveOnly = true)
                .Request(2).Leave(4).Crash().Do(new FloorCommand { Open = new OpenFloor { MediaNode = "media-2", Rules = FloorRun.Rules() } }));
        yield return (
            "queue-grant",
            FloorRun.Of(3).Request(1).Request(2).Release(1).After(1).Ack(2, FloorMessageType.FloorGranted).Speak(2).Request(3, change: Rich));
        yield return ("plain-phone", FloorRun.Of(2).JoinPlain(3).Speak(3).After(30));
        yield return ("dual-override-ends", FloorRun.Of(3, rules => rules.DualFloor = true).Request(1).Request(2, 9).Speak(2).Release(2));
        yield return ("dual-override-stays", FloorRun.Of(3, rules => rules.DualFloor = true).Request(1).Request(2, 9).Speak(2).Release(1));
        yield return (
            "multi-talker",
            FloorRun.Of(4, rules => rules.MaxTalkers = 2, member => member.MultiTalkerAllowed = true).Request(1, change: Rich).Request(2).Request(3).Release(1));
        yield return (
            "acknowledged",
            FloorRun.Of(2, rules => rules.Acknowledge = true).Request(1).After(1).Ack(2, FloorMessageType.FloorTaken).Release(1));
        yield return ("moving", MovingSessionTests.Moving(FloorRun.Of(2).Request(1).Speak(1)));
        yield return ("moved", MovingSessionTests.Moved(MovingSessionTests.Moving(FloorRun.Of(2).Request(1).Speak(1))));
        yield return ("kept-granted", FloorRun.Opened(invited: 2).Join(1).Request(1, change: Rich).After(0.1).Join(2));
        yield return ("kept-denied", FloorRun.Opened(invited: 1).Join(1).Request(1, change: Rich).After(3));
        yield return ("refused", FloorRun.Of(3, rules => (rules.QueueDepth, rules.ReleaseNumber) = (1, 19)).JoinPlain(4).Request(1)
            .Request(2).Request(3).Speak(4).Join(5, participant => participant.Queueing = false, @implicit: true)
            .Do(new FloorCommand { RevokeRequest = new RevokeFloorOfOther { Leg = 2, User = "sip:u1@example.org" } }).Request(3, 9));
        yield return ("kept-waits", FloorRun.Opened(invited: 1).Join(1).Request(1, change: Rich));
        yield return ("queue-time", FloorRun.Of(3, rules => rules.MaxQueueTimeMs = 9_000).Request(1).Request(2, change: Rich).After(4).Request(3).After(5));
        yield return ("initialising", FloorRun.Of(3, rules => rules.TemporaryGroup = true).Request(2, change: Rich).Request(3));
        yield return ("initialised", FloorRun.Of(3, rules => rules.TemporaryGroup = true).Request(2, change: Rich).Initialised().Speak(2));
        yield return ("initialised-idle", FloorRun.Of(3, rules => rules.TemporaryGroup = true).Initialised());
        yield return (
            "media-flow",
            FloorRun.Of(3).Flow(2, MediaFlowControl.Stop, acknowledge: true).Flow(3, MediaFlowControl.Stop).Flow(3, MediaFlowControl.Resume));
        var cancel = new QueuedFloorRequestsReceived { Leg = 3, Users = { "sip:u2@example.org" }, Acknowledge = true };
        yield return (
            "queued-requests-cancelled",
            FloorRun.Of(3, each: member => member.MayCancelQueued = true).Request(1).Request(2).Do(new FloorCommand { QueuedRequests = cancel }));
    }

    private static void Rich(RequestFloor request)
    {
        request.FunctionalAlias = "sip:driver@example.org";
        request.Location = ByteString.CopyFrom(FloorLocation.Coordinates(1, 2).Value);
        request.TrackInfo = ByteString.CopyFrom(FloorTrackInfo.Create(true, "dispatcher", 7).Value);
    }
}
