using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>
/// The one table from what the domain rejects to what SIP says: status, Warning 399 text (TS 24.379 4.4) and the header fields that
/// the status wants. One row per <see cref="RejectionCode"/>; a test fails when a code has none.
/// </summary>
internal static class RejectionTable
{
    /// <summary>Retry-After of a 503 whose cause named no time of its own.</summary>
    public const int DefaultRetryAfterSeconds = 2;

    /// <summary>RFC 3261 14.2: the Retry-After of a 500 for overlapping offers lies between 0 and 10 seconds.</summary>
    private const int MaxOverlapRetrySeconds = 10;

    private static readonly FrozenDictionary<RejectionCode, Row> Rows = new Dictionary<RejectionCode, Row>
    {
        [RejectionCode.Unspecified] = new(500),
        [RejectionCode.InvalidRequest] = new(400, Detail: DetailPlace.Reason),
        [RejectionCode.UserUnknown] = new(404, 141),
        [RejectionCode.NotRegistered] = new(404, 141),
        [RejectionCode.NotAuthorised] = new(403, 100, DetailPlace.Warning),
        [RejectionCode.ServiceAuthorisationFailed] = new(403, 101),
        [RejectionCode.TooManyAffiliations] = new(486, 102),
        [RejectionCode.TooManyGroupCalls] = new(486, 103),
        [RejectionCode.UserDeclined] = new(480, 110),
        [RejectionCode.RequiredMembersMissing] = new(480, 112),
        [RejectionCode.GroupUnknown] = new(404, 113),
        [RejectionCode.GroupDisabled] = new(403, 115),
        [RejectionCode.NotAMember] = new(403, 116),
        [RejectionCode.GroupIsPrearranged] = new(404, 117),
        [RejectionCode.GroupIsChat] = new(404, 118),
        [RejectionCode.MayNotInitiate] = new(403, 119),
        [RejectionCode.NotAffiliated] = new(403, 120),
        [RejectionCode.MayNotJoin] = new(403, 121),
        [RejectionCode.TooManyParticipants] = new(486, 122),
        [RejectionCode.CallUnknown] = new(404),
        [RejectionCode.DialogUnknown] = new(481),
        [RejectionCode.NoCommonCodec] = new(488),
        [RejectionCode.CseqOutOfOrder] = new(500, Extra: ExtraHeader.OverlapRetryAfter),
        [RejectionCode.RequestPending] = new(491),
        [RejectionCode.IntervalTooBrief] = new(423, Extra: ExtraHeader.MinExpires),
        [RejectionCode.SessionIntervalTooSmall] = new(422, Extra: ExtraHeader.MinSe),
        [RejectionCode.NoResources] = new(503, Extra: ExtraHeader.RetryAfter),
        [RejectionCode.RequestTerminated] = new(487),
        [RejectionCode.CallReleased] = new(480),
        [RejectionCode.SessionTypeUnsupported] = new(403, 100, DetailPlace.Warning),
        [RejectionCode.OutsideTime] = new(400, Detail: DetailPlace.Reason),
        [RejectionCode.AlreadyExists] = new(500),
        [RejectionCode.Conflict] = new(412),
    }.ToFrozenDictionary();

    private enum DetailPlace
    {
        Nowhere,
        Reason,
        Warning,
    }

    private enum ExtraHeader
    {
        None,
        RetryAfter,
        OverlapRetryAfter,
        MinExpires,
        MinSe,
    }

    public static bool Knows(RejectionCode code) => Rows.ContainsKey(code);

    /// <summary>The answer to a request that was rejected. What differs per request (the spread of Retry-After) comes from its id.</summary>
    public static Answer For(Rejection rejection, string warningAgent, string requestId)
    {
        // A code of a newer node: an internal error here, never a wrong promise.
        var row = Rows.GetValueOrDefault(rejection.Code, Rows[RejectionCode.Unspecified]);
        var headers = new List<(string Name, string Value)>(2);
        if (row.Warning != 0)
        {
            var text = row.Detail == DetailPlace.Warning ? WarningText.NotAllowed(rejection.Detail) : WarningText.Of(row.Warning);
            headers.Add((SipHeaderNames.Warning, text.ToHeaderValue(warningAgent)));
        }

        if (Extra(row.Extra, rejection, requestId) is { } extra)
        {
            headers.Add(extra);
        }

        var reason = row.Detail == DetailPlace.Reason && rejection.Detail.Length > 0 ? $"{ReasonPhrases.Of(row.Status)}: {rejection.Detail}" : null;
        var answer = Answer.Of(row.Status, reason) with { Headers = headers };
        return ConditionInfo.Of(rejection.Emergency, rejection.ImminentPeril) is { } info
            ? answer with { Body = (McpttMimeTypes.McpttInfo, info.ToBytes()) }
            : answer;
    }

    /// <summary>Nothing was decided: the caller may try again, except when the actor's history cannot be read, which no retry mends.</summary>
    public static Answer For(Unavailable unavailable) =>
        unavailable.Reason == UnavailableReason.RecoveryFailed
            ? Answer.Of(500)
            : Unavailable(unavailable.RetryAfterS == 0 ? DefaultRetryAfterSeconds : (int)unavailable.RetryAfterS);

    public static Answer Unavailable(int retryAfterSeconds = DefaultRetryAfterSeconds) => Answer.Of(503, null, (SipHeaderNames.RetryAfter, $"{retryAfterSeconds}"));

    private static (string Name, string Value)? Extra(ExtraHeader extra, Rejection rejection, string requestId) =>
        extra switch
        {
            ExtraHeader.RetryAfter => (SipHeaderNames.RetryAfter, $"{DefaultRetryAfterSeconds}"),
            ExtraHeader.OverlapRetryAfter => (SipHeaderNames.RetryAfter, $"{Spread(requestId)}"),
            ExtraHeader.MinExpires => (SipHeaderNames.MinExpires, $"{rejection.MinimumS}"),
            ExtraHeader.MinSe => (SipHeaderNames.MinSE, $"{rejection.MinimumS}"),
            _ => null,
        };

    private static int Spread(string requestId) => SHA256.HashData(Encoding.UTF8.GetBytes(requestId))[0] % (MaxOverlapRetrySeconds + 1);

    private readonly record struct Row(int Status, int Warning = 0, DetailPlace Detail = DetailPlace.Nowhere, ExtraHeader Extra = ExtraHeader.None);
}
