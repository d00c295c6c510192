using Mcptt.Domain.Calls;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Calls;

/// <summary>Stored histories of calls still load, and every type of call event is in one of them.</summary>
public sealed class CallCorpusTests
{
    private const string Folder = "call";

    static CallCorpusTests()
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
        GoldenHistory.AssertLoads(new CallKind(), CallRun.CallId, Folder, name);

    [Fact]
    public void Every_type_of_call_event_is_in_a_stored_history()
    {
        var stored = GoldenHistory.Names(Folder).SelectMany(name => GoldenHistory.Events(Folder, name)).Select(happened => happened.Call.BodyCase).Distinct();
        Assert.Equal(Enum.GetValues<CallEvent.BodyOneofCase>().Where(type => type != CallEvent.BodyOneofCase.None).Order(), stored.Order());
    }

    private static CallRun Declared() =>
        new CallRun { OriginatorRights = CallRun.AllRights }.Running(rules => rules.EmergencyTimeLimitMs = 60_000)
            .Reoffered(1, "alice", CallRun.Sdp(), change: reoffer => reoffer.Emergency = Indication.True);

    private static IEnumerable<(string Name, CallRun Run)> Scenarios()
    {
        yield return ("opening", new CallRun().Cancelled("eve").Initiate(CallRun.Rules(), CallRun.Invite("alice"), CallRun.Member("bob"))
            .Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member("dave") } })
            .Join("bob"));
        yield return ("gathering", new CallRun().Started(rules => rules.AcknowledgementTimeoutMs = 9_000, CallRun.Member("bob", required: true)));
        yield return ("active", new CallRun().Started().Acknowledged(1).Answered(2, "bob", sessionExpires: 600, refresher: "uac").Failed(3, 486)
            .Join("dave").Reoffered(1, "alice", CallRun.Sdp(lines: "a=sendonly\r\n"), change: reoffer => reoffer.SupportsTimer = true)
            .Advance(300).Answered(2, "bob", cseq: 2, sessionExpires: 600, refresher: "uac")
            .Advance(300).Failed(2, 491, inDialog: true)
            .Send(new CallCommand { InviteClient = new InviteClient { Member = CallRun.Member("eve") } }));
        yield return ("full", new CallRun().Running(rules => rules.MaxParticipants = 3).Join("dave"));
        yield return ("emergency", Declared().Reoffered(1, "alice", CallRun.Sdp(), cseq: 9, reoffer => reoffer.ImminentPeril = Indication.True));
        yield return ("emergency-over", Declared().Answered(2, "bob", cseq: 2).Failed(3, 491, inDialog: true)
            .Reoffered(1, "alice", CallRun.Sdp(), cseq: 9, reoffer => reoffer.Emergency = Indication.False));
        yield return ("temporary", new CallRun().Running(rules => rules.Temporary = true));
        yield return ("moving", new CallRun().Running().Send(new CallCommand { MediaFailed = new MediaSessionFailed { Detail = "gone" } }));
        yield return ("moved", new CallRun().Running(rules => rules.Recorded = true)
            .Send(new CallCommand { MediaNodeDraining = new MediaNodeDraining { MediaNode = "m1" } })
            .Send(new CallCommand { MediaFailed = new MediaSessionFailed { Detail = "full", MediaNode = "m2" } })
            .Send(new CallCommand { MediaNodeDraining = new MediaNodeDraining { MediaNode = "m1" } })
            .MediaOpened(30000, "m2").Answered(1, "alice", cseq: 2).Failed(2, 488, inDialog: true).Advance(3)
            .Send(new CallCommand { MediaNodeLost = new MediaNodeLost { MediaNode = "m2" } }).Advance(4).MediaOpened(40000, "m3"));
        yield return ("seeking", new CallRun().Running()
            .Send(new CallCommand { MediaNodeLost = new MediaNodeLost { MediaNode = "m1" } }).Advance(2)
            .Send(new CallCommand { MediaFailed = new MediaSessionFailed { Detail = "full", MediaNode = "m2" } }));
        yield return ("ended", new CallRun().Running().Bye(2, "bob").Send(new CallCommand { Release = new ReleaseCall { Reason = "done" } }).Join("dave"));
        yield return ("recorded", new CallRun().Running(rules => rules.Recorded = true)
            .Send(CallRecordingTests.Closed(name: "sip:bob@example.org")).Send(CallRecordingTests.Broken()).Send(CallRecordingTests.Incomplete())
            .Send(new CallCommand { Release = new ReleaseCall { Reason = "done" } }).Send(CallRecordingTests.Closed(leg: 3))
            .Send(new CallCommand { DropRecording = new DropRecording { File = "2026-01-01/x.pcap", Reason = RecordingDropReason.DiskFull, MediaNode = "m1" } }));
        yield return ("ended-with-words-to-come", new CallRun().Started().Send(new CallCommand { Release = new ReleaseCall { Reason = "done" } }).Answered(2, "bob"));
    }
}
