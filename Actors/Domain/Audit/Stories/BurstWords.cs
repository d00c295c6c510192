using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Why a burst or a wait ended, short enough for a table.</summary>
internal static class BurstWords
{
    public static (string Words, string Clause) OfEnd(FloorTalkEndReason reason) =>
        reason switch
        {
            FloorTalkEndReason.Released => ("released", "TS 24.380 6.3.4.4.6"),
            FloorTalkEndReason.MediaEnded => ("no voice until T1 ran out", "TS 24.380 6.3.4.4.4"),
            FloorTalkEndReason.Revoked => ("taken away when T3 ran out", "TS 24.380 6.3.4.5.4"),
            FloorTalkEndReason.LeftCall => ("left the call", "TS 24.380 6.3.4.4.6"),
            _ => ("ended", ""),
        };

    public static string OfDrop(FloorRequestDropReason reason) =>
        reason switch
        {
            FloorRequestDropReason.Released => "took the request back",
            FloorRequestDropReason.Cancelled => "cancelled by somebody who may",
            FloorRequestDropReason.NotEligible => "may only listen now",
            FloorRequestDropReason.WaitedTooLong => "waited too long",
            _ => "dropped",
        };

    public static string OfClass(FloorRequestClass rank) =>
        rank switch
        {
            FloorRequestClass.Emergency => "emergency",
            FloorRequestClass.ImminentPeril => "imminent peril",
            _ => "normal",
        };
}
