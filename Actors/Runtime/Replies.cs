using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors;

internal static class Replies
{
    /// <summary>Accepted without payload, shared: thousands of remembered replies are this one.</summary>
    public static readonly Reply Accepted = new() { Accepted = new Accepted() };

    /// <summary>Only calls and their floors are archived: 481 within a dialog, 404 to who would join or asks for it (RFC 3261 12.2.2).</summary>
    public static readonly Reply Archived = Rejected(new Rejection { Code = RejectionCode.CallUnknown, Detail = "the call ended long ago; its history is in an archive" });

    public static Reply Of(Decision decision) =>
        decision.Rejection is { } rejection ? new Reply { Rejection = rejection }
        : decision.Accepted.PayloadCase == Protocol.Messages.Accepted.PayloadOneofCase.None ? Accepted
        : new Reply { Accepted = decision.Accepted };

    public static Reply Rejected(Rejection rejection) => new() { Rejection = rejection };

    public static Reply Unavailable(UnavailableReason reason, string detail, uint retryAfterSeconds) =>
        new() { Unavailable = new Unavailable { Reason = reason, Detail = detail, RetryAfterS = retryAfterSeconds } };

    /// <summary>A reply as it is remembered: the shared one where it says the same.</summary>
    public static Reply Shared(Reply reply) =>
        reply.OutcomeCase == Reply.OutcomeOneofCase.Accepted && reply.Accepted.PayloadCase == Protocol.Messages.Accepted.PayloadOneofCase.None ? Accepted : reply;
}
