using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Why a leg ended, short enough for a table.</summary>
internal static class LegWords
{
    public const string InvitationClause = "TS 24.379 10.1.1.4.1";

    public static string OfFailure(uint status, string reason) =>
        status switch
        {
            0 => reason.Length == 0 ? "could not be reached" : $"could not be reached: {reason}",
            408 => $"did not answer ({Numbered(status, reason)})",
            480 => $"not available ({Numbered(status, reason)})",
            486 or 600 => $"busy ({Numbered(status, reason)})",
            603 => $"declined ({Numbered(status, reason)})",
            _ => $"could not be reached ({Numbered(status, reason)})",
        };

    public static (string Words, string Clause) OfLeaving(LeaveCause cause) =>
        cause switch
        {
            LeaveCause.Bye => ("hung up", "RFC 3261 15.1.2"),
            LeaveCause.Deaffiliated => ("not affiliated any more", "TS 24.379 10.1.1.4.4.3"),
            LeaveCause.Replaced => ("called again from the same client", ""),
            LeaveCause.NotAcknowledged => ("never acknowledged the answer", "RFC 3261 13.3.1.4"),
            LeaveCause.SessionExpired => ("did not refresh the session", "RFC 4028 10"),
            LeaveCause.DialogLost => ("did not know the dialog any more", "RFC 3261 12.2.1.2"),
            LeaveCause.Released => ("end of the call", "TS 24.379 6.3.8.1"),
            LeaveCause.UnacceptableAnswer => ("answered with a session that cannot be", "RFC 3261 13.2.2.4"),
            LeaveCause.CallFull => ("came when the call was full", "TS 24.379 4.4.2"),
            LeaveCause.MediaNotFollowed => ("would not send its media to where the voice is now", "RFC 3261 14.1"),
            _ => ("left", ""),
        };

    private static string Numbered(uint status, string reason) => reason.Length == 0 ? $"{status}" : $"{status} {reason}";
}
