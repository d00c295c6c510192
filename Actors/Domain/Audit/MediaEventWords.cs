using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Where the media of a call is and how it moves, in words.</summary>
internal static class MediaEventWords
{
    // A new address and port of a session: o= with the next version, in a re-INVITE (RFC 3264 8.3.1).
    private const string Follow = "RFC 3264 8.3.1";

    public static Told? Tell(CallEvent happened) =>
        happened.BodyCase switch
        {
            CallEvent.BodyOneofCase.MediaPlaced => Placed(happened.MediaPlaced),
            CallEvent.BodyOneofCase.MediaLost => new($"The media node cannot carry the call any more ({happened.MediaLost.Detail}); another one is asked."),
            CallEvent.BodyOneofCase.MediaMoveBegun => new($"Media node {happened.MediaMoveBegun.MediaNode} is being emptied: another one is asked while it goes on."),
            CallEvent.BodyOneofCase.MediaMoveGivenUp => new($"The voice stays where it is: no other media node took it ({happened.MediaMoveGivenUp.Detail})."),
            CallEvent.BodyOneofCase.MediaMoveEnded => Ended(happened.MediaMoveEnded),
            _ => null,
        };

    /// <summary>Of a re-INVITE by which a leg is to send its media elsewhere.</summary>
    public static Told Followed(uint leg, string who) => new($"{who} was told by re-INVITE where the voice is now.", Follow) { Leg = leg };

    private static Told Placed(MediaSessionPlaced placed)
    {
        var placement = placed.Placement ?? new();
        var where = $"{placement.Address}, RTP port {placement.RtpPort}, floor port {placement.FloorPort}";
        return placed.Resumed ? new($"Media node {placement.MediaNode} was started anew and carries the voice again on {where}.")
            : placed.Overlaps ? new($"Media node {placement.MediaNode} carries the voice too, on {where}; the former one goes on until everybody has followed.", Follow)
            : new($"Media node {placement.MediaNode} carries the voice on {where}.");
    }

    private static Told Ended(MediaMoveEnded ended) =>
        new(ended.LegsBehind == 0
            ? $"Everybody has followed: the session on media node {ended.MediaNode} is closed."
            : $"The session on media node {ended.MediaNode} is closed; {Words.Count((int)ended.LegsBehind, "client")} did not follow in time and may still do so.");
}
