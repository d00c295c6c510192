using Google.Protobuf;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>The messages of the server with the fields of TS 24.380 8.2 that go on-network (facts 1.8).</summary>
internal sealed class FloorMessages(FloorSession session)
{
    private const int Audiences = 4;

    private readonly uint _ssrc = SsrcOf(session.CallId);

    /// <summary>
    /// One message for each of many: those whom it says the same share one. A Floor Taken, Floor Idle or Floor Release Multi Talker differs
    /// by bit F and by field 12 alone, whatever the number of participants.
    /// </summary>
    public IEnumerable<(FloorParticipant To, FloorMessage Message)> ForEach(IEnumerable<FloorParticipant> participants, Func<FloorParticipant, FloorMessage> message)
    {
        var shared = new FloorMessage?[Audiences];
        foreach (var to in participants)
        {
            var audience = (to.Queueing ? 1 : 0) + (MayRequest(to) ? 2 : 0);
            yield return (to, shared[audience] ??= message(to));
        }
    }

    public FloorMessage Granted(FloorTalkerState talker, FloorParticipant participant, uint durationSeconds, ByteString trackInfo) =>
        New(FloorMessageType.FloorGranted, participant, OverrideBit(talker), trackInfo) with
        {
            DurationSeconds = (ushort)durationSeconds,
            Priority = Octet(talker.Request.Priority),
            GrantedSsrc = SsrcOf(talker),
            AcknowledgementRequired = FloorIndicators.MustAcknowledgeGrant(session.Rules),
        };

    /// <summary>One talker (the overriding one with bit G), to somebody else. Who may not ask is told so.</summary>
    public FloorMessage Taken(FloorTalkerState talker, FloorParticipant participant, uint number, ByteString? trackInfo = null)
    {
        var party = session.Participants[talker.Leg];
        return New(FloorMessageType.FloorTaken, participant, OverrideBit(talker), trackInfo) with
        {
            GrantedPartyIdentity = party.IdentityHidden ? null : party.McpttId,
            PermissionToRequestTheFloor = MayRequest(participant),
            SequenceNumber = (ushort)number,
            GrantedSsrc = SsrcOf(talker),
            FunctionalAlias = TextOrNull(talker.Request.FunctionalAlias),
            Location = LocationOf(talker.Request),
            AcknowledgementRequired = session.Rules.Acknowledge,
        };
    }

    /// <summary>Multi-talker: everybody who talks, in lists of equal order (fields 15, 16, 18, 20).</summary>
    public FloorMessage Taken(IReadOnlyList<FloorTalkerState> talkers, FloorParticipant participant, uint number, ByteString? trackInfo = null)
    {
        var aliases = talkers.Select(talker => talker.Request.FunctionalAlias).ToArray();
        var locations = talkers.Select(talker => LocationOf(talker.Request)).ToArray();
        return New(FloorMessageType.FloorTaken, participant, FloorIndicator.None, trackInfo) with
        {
            PermissionToRequestTheFloor = MayRequest(participant),
            SequenceNumber = (ushort)number,
            GrantedUsers = [.. talkers.Select(talker => IdentityOf(talker.Leg))],
            Ssrcs = [.. talkers.Select(talker => SsrcOf(talker) ?? 0)],
            FunctionalAliases = Array.Exists(aliases, alias => alias.Length > 0) ? [.. aliases] : null,
            Locations = Array.Exists(locations, location => location is not null)
                ? [.. locations.Select(location => location ?? FloorLocation.NotProvided)]
                : null,
            AcknowledgementRequired = session.Rules.Acknowledge,
        };
    }

    public FloorMessage Idle(FloorParticipant participant, uint number, bool ofOverride = false, ByteString? trackInfo = null) =>
        New(FloorMessageType.FloorIdle, participant, ofOverride ? FloorIndicator.DualFloor : FloorIndicator.None, trackInfo) with
        {
            SequenceNumber = (ushort)number,
            AcknowledgementRequired = session.Rules.Acknowledge,
        };

    public FloorMessage Deny(FloorParticipant participant, uint cause, ByteString trackInfo) =>
        New(FloorMessageType.FloorDeny, participant, FloorIndicator.None, trackInfo) with
        {
            RejectCause = (ushort)cause,
            AcknowledgementRequired = session.Rules.Acknowledge,
        };

    public FloorMessage Revoke(FloorParticipant participant, uint cause, ByteString? trackInfo = null) =>
        New(FloorMessageType.FloorRevoke, participant, FloorIndicator.None, trackInfo) with { RejectCause = (ushort)cause };

    public FloorMessage QueuePositionInfo(FloorParticipant participant, ByteString? trackInfo = null)
    {
        var index = session.Queue.FindIndex(request => request.Leg == participant.Leg);
        var position = index < 0 ? QueueInfo.NotQueued : index < QueueInfo.LastPosition ? (byte)(index + 1) : QueueInfo.PositionNotDisclosed;
        var priority = index < 0 ? (byte)0 : Octet(session.Queue[index].Priority);
        return New(FloorMessageType.FloorQueuePositionInfo, participant, FloorIndicator.None, trackInfo) with
        {
            QueueInfo = new QueueInfo(position, priority),
            AcknowledgementRequired = session.Rules.Acknowledge,
        };
    }

    public FloorMessage Ack(FloorMessageType acknowledged, ByteString trackInfo) =>
        FloorMessage.Ack(_ssrc, FloorSource.ControllingFunction, acknowledged) with { TrackInfo = TrackInfoOf(trackInfo) };

    public FloorMessage ReleaseMultiTalker(FloorParticipant participant, FloorTalkerReleased released) =>
        New(FloorMessageType.FloorReleaseMultiTalker, participant, FloorIndicator.None, null) with
        {
            UserId = TextOrNull(released.McpttId),
            GrantedSsrc = released.Ssrc == 0 ? null : released.Ssrc,
            FunctionalAlias = TextOrNull(released.FunctionalAlias),
        };

    public FloorMessage CancelResult(FloorQueuedRequestsCancelled cancelled) =>
        new(FloorMessageType.QueuedFloorRequests, _ssrc)
        {
            Purpose = QueuedFloorRequestsPurpose.CancelResult,
            QueuedUsers = [.. cancelled.CancelledUsers],
            ResponseState = (ushort)cancelled.ResponseState,
            AcknowledgementRequired = session.Rules.Acknowledge,
            TrackInfo = TrackInfoOf(cancelled.TrackInfo),
        };

    public FloorMessage CancelNotification(FloorParticipant by) =>
        new(FloorMessageType.QueuedFloorRequests, _ssrc)
        {
            Purpose = QueuedFloorRequestsPurpose.CancelNotification,
            UserId = by.IdentityHidden ? null : by.McpttId,
            AcknowledgementRequired = session.Rules.Acknowledge,
        };

    /// <summary>The server's SSRC in a call: the same after every restart, never 0. FNV-1a over the call id.</summary>
    public static uint SsrcOf(string callId)
    {
        var hash = 2166136261u;
        foreach (var letter in callId)
        {
            hash = unchecked((hash ^ letter) * 16777619u);
        }

        return hash == 0 ? 1 : hash;
    }

    private FloorMessage New(FloorMessageType type, FloorParticipant participant, FloorIndicator more, ByteString? trackInfo) =>
        new(type, _ssrc) { Indicator = FloorIndicators.For(session, participant, more), TrackInfo = TrackInfoOf(trackInfo) };

    private bool MayRequest(FloorParticipant participant) =>
        !participant.ReceiveOnly && (!session.Rules.Broadcast || participant.Originator);

    private string IdentityOf(uint leg) => session.Participants[leg] is { IdentityHidden: false } party ? party.McpttId : "";

    private uint? SsrcOf(FloorTalkerState talker) => talker.Request.Ssrc == 0 ? null : talker.Request.Ssrc;

    private static FloorIndicator OverrideBit(FloorTalkerState talker) => talker.Overriding ? FloorIndicator.DualFloor : FloorIndicator.None;

    private static byte Octet(uint value) => (byte)Math.Min(value, byte.MaxValue);

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;

    private static FloorLocation? LocationOf(AcceptedFloorRequest request) =>
        FloorLocation.TryParse(request.Location.Span, out var location, out _) ? location : null;

    // What does not parse is not echoed: it would make our own message malformed.
    private static FloorTrackInfo? TrackInfoOf(ByteString? value) =>
        value is { IsEmpty: false } && FloorTrackInfo.TryParse(value.Span, out var trackInfo) ? trackInfo : null;
}
