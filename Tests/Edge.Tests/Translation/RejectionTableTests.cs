using Mcptt.Edge.Translation;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Translation;

[Clause("TS24.379 4.4")]
public sealed class RejectionTableTests
{
    [Fact]
    public void Every_rejection_code_has_a_row() => Assert.All(Enum.GetValues<RejectionCode>(), code => Assert.True(RejectionTable.Knows(code), code.ToString()));

    [Theory]
    [InlineData(RejectionCode.InvalidRequest, 400, null)]
    [InlineData(RejectionCode.UserUnknown, 404, "141 user unknown to the participating function")]
    [InlineData(RejectionCode.NotRegistered, 404, "141 user unknown to the participating function")]
    [InlineData(RejectionCode.NotAuthorised, 403, "100 function not allowed due to why")]
    [InlineData(RejectionCode.ServiceAuthorisationFailed, 403, "101 service authorisation failed")]
    [InlineData(RejectionCode.TooManyAffiliations, 486, "102 too many simultaneous affiliations")]
    [InlineData(RejectionCode.TooManyGroupCalls, 486, "103 maximum simultaneous MCPTT group calls reached")]
    [InlineData(RejectionCode.UserDeclined, 480, "110 user declined the call invitation")]
    [InlineData(RejectionCode.RequiredMembersMissing, 480, "112 group call abandoned due to required group members not part of the group session")]
    [InlineData(RejectionCode.GroupUnknown, 404, "113 group document does not exist")]
    [InlineData(RejectionCode.GroupDisabled, 403, "115 group is disabled")]
    [InlineData(RejectionCode.NotAMember, 403, "116 user is not part of the MCPTT group")]
    [InlineData(RejectionCode.GroupIsPrearranged, 404, "117 the group identity indicated in the request is a prearranged group")]
    [InlineData(RejectionCode.GroupIsChat, 404, "118 the group identity indicated in the request is a chat group")]
    [InlineData(RejectionCode.MayNotInitiate, 403, "119 user is not authorised to initiate the group call")]
    [InlineData(RejectionCode.NotAffiliated, 403, "120 user is not affiliated to this group")]
    [InlineData(RejectionCode.MayNotJoin, 403, "121 user is not authorised to join the group call")]
    [InlineData(RejectionCode.TooManyParticipants, 486, "122 too many participants")]
    [InlineData(RejectionCode.CallUnknown, 404, null)]
    [InlineData(RejectionCode.DialogUnknown, 481, null)]
    [InlineData(RejectionCode.NoCommonCodec, 488, null)]
    [InlineData(RejectionCode.CseqOutOfOrder, 500, null)]
    [InlineData(RejectionCode.RequestPending, 491, null)]
    [InlineData(RejectionCode.IntervalTooBrief, 423, null)]
    [InlineData(RejectionCode.SessionIntervalTooSmall, 422, null)]
    [InlineData(RejectionCode.NoResources, 503, null)]
    [InlineData(RejectionCode.RequestTerminated, 487, null)]
    [InlineData(RejectionCode.CallReleased, 480, null)]
    [InlineData(RejectionCode.SessionTypeUnsupported, 403, "100 function not allowed due to why")]
    [InlineData(RejectionCode.OutsideTime, 400, null)]
    [InlineData(RejectionCode.Unspecified, 500, null)]
    public void A_rejection_has_its_status_and_warning(RejectionCode code, int status, string? warning)
    {
        var answer = RejectionTable.For(new Rejection { Code = code, Detail = "why", MinimumS = 90 }, "ptt.example.org", "sip:INVITE:x:y");

        Assert.Equal(status, answer.Status);
        Assert.Equal(warning is null ? null : $"399 ptt.example.org \"{warning}\"", Header(answer, "Warning"));
    }

    [Fact]
    [Clause("RFC3261 14.2")]
    public void Overlapping_offers_are_told_to_come_again_within_ten_seconds_and_not_all_at_once()
    {
        var times = Enumerable.Range(0, 200)
            .Select(number => int.Parse(Header(RejectionTable.For(new Rejection { Code = RejectionCode.CseqOutOfOrder }, "host", $"id{number}"), "Retry-After")!))
            .ToList();

        Assert.All(times, seconds => Assert.InRange(seconds, 0, 10));
        Assert.True(times.Distinct().Count() > 5);
    }

    [Theory]
    [InlineData(RejectionCode.IntervalTooBrief, "Min-Expires")]
    [InlineData(RejectionCode.SessionIntervalTooSmall, "Min-SE")]
    public void A_too_short_interval_is_told_the_minimum(RejectionCode code, string header) =>
        Assert.Equal("90", Header(RejectionTable.For(new Rejection { Code = code, MinimumS = 90 }, "host", "id"), header));

    [Fact]
    public void The_detail_of_a_bad_request_stands_in_the_reason_phrase() =>
        Assert.Equal("Bad Request: no group", RejectionTable.For(new Rejection { Code = RejectionCode.InvalidRequest, Detail = "no group" }, "host", "id").Reason);

    [Theory]
    [InlineData(UnavailableReason.Overloaded, 0u, 503, "2")]
    [InlineData(UnavailableReason.Journal, 7u, 503, "7")]
    [InlineData(UnavailableReason.Deadline, 0u, 503, "2")]
    [InlineData(UnavailableReason.RecoveryFailed, 0u, 500, null)]
    public void What_was_not_decided_may_be_tried_again_unless_the_history_is_unreadable(UnavailableReason reason, uint retryAfter, int status, string? header)
    {
        var answer = RejectionTable.For(new Unavailable { Reason = reason, RetryAfterS = retryAfter });

        Assert.Equal(status, answer.Status);
        Assert.Equal(header, Header(answer, "Retry-After"));
    }

    private static string? Header(Answer answer, string name) => answer.Headers.Where(header => header.Name == name).Select(header => header.Value).SingleOrDefault();
}
