using Google.Protobuf;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Calls;

public sealed class CallRecordingTests
{
    private const string File = "2026-01-01/0123456789abcdef01234567/000001.000000-leg2.pcap";

    public static TheoryData<CallCommand> Reports =>
        [Closed(), Broken(), Incomplete(), new CallCommand { DropRecording = new DropRecording { File = File, Reason = RecordingDropReason.Expired, MediaNode = "m1" } }];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_whose_group_says_so_is_opened_as_recorded_and_tells_whose_voice_each_leg_is(bool recorded)
    {
        var call = new CallRun().Running(rules => rules.Recorded = recorded);

        Assert.Equal(recorded, Opens(call.AllEffects).Single().Recorded);
        var names = call.AllEffects.Where(effect => effect.Media?.PutLeg is not null).Select(effect => effect.Media.PutLeg.McpttId).Distinct().Order();
        Assert.Equal(recorded ? ["sip:alice@example.org", "sip:bob@example.org", "sip:carol@example.org"] : [""], names);
    }

    [Fact]
    public void It_is_recorded_on_after_recovery_and_on_another_media_node()
    {
        var call = new CallRun().Running(rules => rules.Recorded = true);

        Assert.True(Opens(call.Run.Recover()).Single().Recorded);
        call.Send(new CallCommand { MediaFailed = new MediaSessionFailed { Detail = "gone" } });
        Assert.True(Opens(call.Effects).Single().Recorded);
    }

    [Fact]
    public void Files_are_counted_in_the_order_in_which_they_were_told()
    {
        var call = new CallRun().Running().Send(Closed()).Send(Closed(leg: 3));

        Assert.Equal([1u, 2u], call.Run.Events.Where(happened => happened.Call.BurstRecorded is not null).Select(happened => happened.Call.BurstRecorded.Number));
    }

    [Fact]
    public void An_event_names_the_talker_once_and_keeps_what_the_media_node_said()
    {
        var call = new CallRun().Running().Send(Closed(name: "sip:bob@example.org"));

        var recorded = call.Run.Events[^1].Call.BurstRecorded;
        Assert.Equal("sip:bob@example.org", recorded.McpttId);
        Assert.Equal(Closed().RecordingClosed.Burst, recorded.Burst);
    }

    [Fact]
    public void A_node_that_forgot_who_talked_is_helped_by_the_leg()
    {
        Assert.Equal("sip:bob@example.org", new CallRun().Running().Send(Closed(leg: 2)).Run.Events[^1].Call.BurstRecorded.McpttId);
        Assert.Equal("", new CallRun().Running().Send(Closed(leg: 9)).Run.Events[^1].Call.BurstRecorded.McpttId);
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_report_is_kept_after_the_end_of_the_call_and_changes_nothing(CallCommand report)
    {
        var call = new CallRun().Running().Send(new CallCommand { Release = new ReleaseCall { Reason = "done" } });
        var before = call.View;
        var events = call.Run.Events.Count;

        call.Send(report);

        Assert.Null(call.Decision.Rejection);
        Assert.Equal(events + 1, call.Run.Events.Count);
        Assert.Empty(call.Effects);
        Assert.Equal(before, call.View);
        Assert.True(call.Run.Kind.IsFinished(call.Run.State));
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_report_for_a_call_that_never_was_is_rejected(CallCommand report)
    {
        var call = new CallRun().Send(report);

        Assert.Equal(RejectionCode.CallUnknown, call.Decision.Rejection?.Code);
        Assert.Empty(call.Run.Events);
    }

    [Fact]
    public void A_recording_without_a_hash_is_none()
    {
        var report = Closed();
        report.RecordingClosed.Burst.Sha256 = ByteString.Empty;

        Assert.Equal(RejectionCode.InvalidRequest, new CallRun().Running().Send(report).Decision.Rejection?.Code);
    }

    internal static CallCommand Closed(uint leg = 2, string name = "") =>
        new()
        {
            RecordingClosed = new BurstRecordingClosed
            {
                Burst = new RecordedBurst
                {
                    Leg = leg,
                    McpttId = name,
                    TalkersEpoch = 3,
                    StartedUs = 1,
                    EndedUs = 2,
                    Packets = 50,
                    Lost = 1,
                    Octets = 12_000,
                    File = File,
                    Sha256 = ByteString.CopyFrom(new byte[32]),
                    MediaNode = "m1",
                },
            },
        };

    internal static CallCommand Broken() =>
        new()
        {
            RecordingBroken = new BurstRecordingBroken
            {
                Recording = new BrokenRecording { Leg = 2, TalkersEpoch = 3, Fault = RecordingFault.DiskFull, Detail = "12 MB free", MediaNode = "m1" },
            },
        };

    internal static CallCommand Incomplete() =>
        new()
        {
            RecordingIncomplete = new BurstRecordingIncomplete
            {
                Missing = new MissingRecording { Leg = 2, TalkersEpoch = 3, Fault = RecordingFault.WriterBehind, Packets = 7, FromUs = 1, ToUs = 2, MediaNode = "m1" },
            },
        };

    private static IEnumerable<OpenMediaSession> Opens(IEnumerable<Effect> effects) =>
        effects.Where(effect => effect.Media?.Open is not null).Select(effect => effect.Media.Open);
}
