using Google.Protobuf;
using Mcptt.Domain.Floor;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>The fields of the server's messages (TS 24.380 8.2, facts 1.8).</summary>
public sealed class MessageFieldTests
{
    private static readonly ByteString Track = ByteString.CopyFrom(FloorTrackInfo.Create(true, "dispatcher", 7).Value);

    [Fact]
    [Clause("TS24.380 8.2.5")]
    public void Granted_carries_duration_SSRC_priority_and_indicator_and_nothing_off_network()
    {
        var granted = One(FloorRun.Of(2).Request(2, priority: 7), FloorMessageType.FloorGranted);
        Assert.Equal((ushort)30, granted.DurationSeconds);
        Assert.Equal(1002u, granted.GrantedSsrc);
        Assert.Equal((byte)7, granted.Priority);
        Assert.Equal(FloorIndicator.NormalCall | FloorIndicator.QueueingSupported, granted.Indicator);
        Assert.Null(granted.GrantedPartyIdentity);
        Assert.Null(granted.UserId);
        Assert.Null(granted.QueueSize);
        Assert.Null(granted.QueueInfo);
    }

    [Fact]
    [Clause("TS24.380 8.2.7")]
    public void Taken_carries_identity_permission_and_SSRC_of_the_talker()
    {
        var taken = One(FloorRun.Of(2).Request(2), FloorMessageType.FloorTaken);
        Assert.Equal("sip:u2@example.org", taken.GrantedPartyIdentity);
        Assert.True(taken.PermissionToRequestTheFloor);
        Assert.Equal(1002u, taken.GrantedSsrc);
        Assert.Null(taken.UserId);
        Assert.Null(taken.DurationSeconds);
    }

    [Fact]
    [Clause("TS24.380 8.2.7")]
    public void Taken_does_not_name_who_wants_privacy() =>
        FloorRun.Of(2, each: member => member.IdentityHidden = member.Leg == 2).Request(2).Says("talkers 2", "2: Granted 30", "1: Taken ?");

    [Fact]
    [Clause("TS24.380 8.2.7")]
    public void Taken_carries_functional_alias_and_location_of_the_request()
    {
        var here = FloorLocation.Coordinates(5, 6);
        var taken = One(
            FloorRun.Of(2).Request(2, change: request =>
            {
                request.FunctionalAlias = "sip:driver@example.org";
                request.Location = ByteString.CopyFrom(here.Value);
            }),
            FloorMessageType.FloorTaken);
        Assert.Equal("sip:driver@example.org", taken.FunctionalAlias);
        Assert.Equal(here, taken.Location);
    }

    [Theory]
    [Clause("TS24.380 8.2.3.13")]
    [InlineData(FloorMessageType.FloorGranted)]
    [InlineData(FloorMessageType.FloorDeny)]
    [InlineData(FloorMessageType.FloorQueuePositionInfo)]
    public void Track_info_of_a_request_comes_back_in_its_answer(FloorMessageType answer)
    {
        var run = FloorRun.Of(2).Join(3, member => member.Queueing = answer == FloorMessageType.FloorQueuePositionInfo);
        _ = answer == FloorMessageType.FloorGranted ? run : run.Request(1);
        run.Request(3, change: request => request.TrackInfo = Track);
        Assert.Equal(Track, TrackOf(One(run, answer)));
    }

    [Fact]
    [Clause("TS24.380 8.2.3.13")]
    public void Track_info_of_a_queued_request_comes_back_in_its_grant_and_its_revoke()
    {
        var run = FloorRun.Of(2).Request(1).Request(2, change: request => request.TrackInfo = Track).Release(1);
        Assert.Equal(Track, TrackOf(One(run, FloorMessageType.FloorGranted)));
        Assert.Null(One(run, FloorMessageType.FloorTaken).TrackInfo);
        Assert.Equal(Track, TrackOf(One(run.Speak(2).After(30), FloorMessageType.FloorRevoke)));
    }

    [Fact]
    [Clause("TS24.380 8.2.3.13")]
    public void Track_info_of_a_release_comes_back_in_its_ack_and_its_answer()
    {
        var release = new ReleaseFloor { Leg = 2, Acknowledge = true, TrackInfo = Track };
        var run = FloorRun.Of(2).Do(new FloorCommand { Release = release });
        Assert.Equal(Track, TrackOf(One(run, FloorMessageType.FloorAck)));
        Assert.Equal(Track, TrackOf(One(run, FloorMessageType.FloorIdle)));
        Assert.Equal(FloorSource.ControllingFunction, One(run, FloorMessageType.FloorAck).Source);
    }

    [Fact]
    [Clause("TS24.380 8.2.3.13")]
    public void Track_info_that_nobody_can_read_is_not_echoed()
    {
        var run = FloorRun.Of(2).Request(1, change: request => request.TrackInfo = ByteString.CopyFrom(0, 200));
        Assert.Null(One(run, FloorMessageType.FloorGranted).TrackInfo);
    }

    [Theory]
    [Clause("TS24.380 8.2.3.15")]
    [InlineData(false, false, false, FloorIndicator.NormalCall)]
    [InlineData(true, false, false, FloorIndicator.EmergencyCall)]
    [InlineData(false, true, false, FloorIndicator.ImminentPerilCall)]
    [InlineData(true, true, false, FloorIndicator.EmergencyCall)]
    [InlineData(false, false, true, FloorIndicator.BroadcastGroupCall)]
    [InlineData(true, false, true, FloorIndicator.BroadcastGroupCall | FloorIndicator.EmergencyCall)]
    public void The_indicator_says_what_the_call_is_not_who_talks(bool emergency, bool peril, bool broadcast, FloorIndicator expected)
    {
        var run = FloorRun.Of(2, rules => rules.Broadcast = broadcast, member => member.Queueing = false).Condition(emergency, peril).Request(1);
        Assert.All(run.Messages, message => Assert.Equal(expected, message.Indicator));
        run.Release(1);
        Assert.All(run.Messages, message => Assert.Equal(expected, message.Indicator));
    }

    [Fact]
    [Clause("TS24.380 8.2.3.15")]
    public void Queueing_is_said_to_those_who_negotiated_it()
    {
        var run = FloorRun.Of(2).Join(3, member => member.Queueing = false).Request(1).Says("talkers 1", "1: Granted 30", "2: Taken u1", "3: Taken u1");
        Assert.Equal([true, true, false], run.Messages.Select(message => message.Indicator!.Value.HasFlag(FloorIndicator.QueueingSupported)));
    }

    [Fact]
    [Clause("TS24.380 8.2.3.10")]
    public void The_sequence_number_starts_again_after_65535_and_is_never_zero()
    {
        var kind = new FloorKind();
        var snapshot = kind.Save(FloorRun.Of(2).State);
        snapshot.Floor.MessageSequenceNumber = ushort.MaxValue - 1;
        var state = kind.Load(FloorRun.CallId, snapshot);
        var numbers = new List<ushort?>();
        for (var i = 0; i < 3; i++)
        {
            var release = new Command { Floor = new FloorCommand { Release = new ReleaseFloor { Leg = 2 } } };
            var happened = Assert.Single(kind.Decide(state, release).Events);
            state = kind.Evolve(state, happened);
            numbers.AddRange(kind.React(state, happened).SelectMany(FloorRun.MessagesOf).Select(sent => sent.Message.SequenceNumber));
        }

        Assert.Equal([ushort.MaxValue, 1, 2], numbers);
    }

    [Fact]
    public void The_server_has_one_SSRC_in_a_call_and_it_is_not_zero()
    {
        var ssrcs = FloorRun.Of(3).Request(1).Messages.Concat(FloorRun.Of(2).Speak(2).Messages).Select(message => message.Ssrc).Distinct();
        Assert.NotEqual(0u, Assert.Single(ssrcs));
    }

    [Fact]
    public void Every_effect_names_the_session_and_its_media_node() =>
        Assert.All(FloorRun.Of(2).Request(1).Effects, effect => Assert.Equal((FloorRun.CallId, "media-1"), (effect.Media.Session, effect.Media.MediaNode)));

    [Fact]
    public void The_view_shows_who_holds_and_who_waits_since_when()
    {
        var run = FloorRun.Of(3).Request(1, 7).After(2).Request(2, 6);
        var view = run.View;
        Assert.Equal(("sip:u1@example.org", 7u), (view.Holders[0].McpttId, view.Holders[0].Priority));
        Assert.Equal(("sip:u2@example.org", 2_000_000L), (view.Queue[0].McpttId, view.Queue[0].SinceUs - view.Holders[0].SinceUs));
        Assert.Equal(3, view.Participants.Count);
    }

    private static FloorMessage One(FloorRun run, FloorMessageType type) => run.Messages.Single(message => message.Type == type);

    private static ByteString? TrackOf(FloorMessage message) => message.TrackInfo is { } track ? ByteString.CopyFrom(track.Value) : null;
}
