using Mcptt.Domain.Audit.Stories;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>Parts of a story to what the API shows of them.</summary>
internal static class StoryModels
{
    public static DateTimeOffset? Time(long? timeUs) => timeUs is { } known ? UnixTime.OfUs(known) : null;

    public static StoryLegModel Of(StoryLeg leg) =>
        new()
        {
            Leg = leg.Leg,
            McpttId = leg.User,
            ClientId = Wire.OrNull(leg.Client),
            Entry = leg.Entry switch
            {
                StoryEntry.Originator => "originator",
                StoryEntry.Invited => "invited",
                StoryEntry.LateEntry => "lateEntry",
                _ => "joined",
            },
            Outcome = Name(leg.Outcome),
            Why = Wire.OrNull(leg.Why),
            Clause = Wire.OrNull(leg.Clause),
            InvitedAt = UnixTime.OfUs(leg.FromUs),
            JoinedAt = Time(leg.JoinedUs),
            EndedAt = Time(leg.EndedUs),
            PlainPhone = leg.IsPlainPhone,
            ReceiveOnly = leg.ReceiveOnly,
            UserPriority = leg.Priority,
            Deaf = leg.Deaf.IsEmpty ? null : [.. leg.Deaf.Select(deaf => new StorySpanModel { From = UnixTime.OfUs(deaf.FromUs), To = Time(deaf.UntilUs), Why = deaf.Why })],
        };

    public static StoryBurstModel Of(CallStory story, StoryBurst burst) =>
        new()
        {
            Number = burst.Number,
            Leg = burst.Leg,
            McpttId = burst.User,
            Class = Name(burst.Class),
            Priority = burst.Priority,
            FromQueue = burst.FromQueue,
            Overriding = burst.Overriding,
            AskedAt = UnixTime.OfUs(burst.AskedUs),
            GrantedAt = UnixTime.OfUs(burst.GrantedUs),
            VoiceAt = Time(burst.FirstPacketUs),
            RevokedAt = Time(burst.RevokedUs),
            RevokeCause = burst.RevokedUs is null ? null : burst.RevokeCause,
            EndedAt = Time(burst.EndedUs),
            EndedBy = Wire.OrNull(burst.Why),
            Clause = Wire.OrNull(burst.Clause),
            CouldHear = [.. story.HearersOf(burst).Select(hearing => new StoryHearingModel { Leg = hearing.Leg, McpttId = hearing.User, Times = [.. hearing.Spans.Select(Of)] })],
        };

    public static StoryWaitModel Of(StoryWait wait) =>
        new()
        {
            Leg = wait.Leg,
            McpttId = wait.User,
            From = UnixTime.OfUs(wait.FromUs),
            To = Time(wait.UntilUs),
            Class = Name(wait.Class),
            Priority = wait.Priority,
            Preemptive = wait.Preemptive,
            Places = [.. wait.Positions.Select(position => new StoryPlaceModel { From = UnixTime.OfUs(position.FromUs), Place = position.Position })],
            Outcome = Wire.OrNull(wait.Outcome),
            Granted = wait.Granted,
        };

    public static StoryRefusalModel Of(StoryRefusal refusal) =>
        new()
        {
            At = UnixTime.OfUs(refusal.TimeUs),
            Asked = Name(refusal.Asked),
            Leg = refusal.Leg == 0 ? null : refusal.Leg,
            McpttId = Wire.OrNull(refusal.User),
            ClientId = Wire.OrNull(refusal.Client),
            Why = refusal.Words,
            Code = Wire.OrNull(refusal.Code),
            Clause = Wire.OrNull(refusal.Clause),
            Count = refusal.Count,
        };

    public static StoryRevokeModel Of(StoryRevoke revoke) =>
        new()
        {
            At = UnixTime.OfUs(revoke.TimeUs),
            Leg = revoke.Leg,
            McpttId = revoke.User,
            Cause = revoke.Cause,
            Why = revoke.Words,
            Clause = revoke.Clause,
            By = Wire.OrNull(revoke.ByUser),
            SilentAt = Time(revoke.UntilUs),
        };

    public static StoryConditionModel Of(StoryCondition condition) =>
        new() { Emergency = condition.Emergency, From = UnixTime.OfUs(condition.FromUs), To = Time(condition.UntilUs) };

    public static StoryMomentModel Of(StoryMoment moment) =>
        new()
        {
            At = UnixTime.OfUs(moment.TimeUs),
            Kind = moment.What.Kind,
            Sentence = moment.What.Sentence,
            McpttId = Wire.OrNull(moment.What.User),
            Leg = moment.What.Leg == 0 ? null : moment.What.Leg,
            Clause = Wire.OrNull(moment.What.Clause),
            PersistenceId = moment.PersistenceId,
            SequenceNumber = moment.SequenceNumber,
        };

    public static IReadOnlyList<StoryRecordingModel> Recordings(CallStory story) =>
        [
            .. story.Recordings.Select(recording => new StoryRecordingModel
            {
                Burst = recording.Burst == 0 ? null : recording.Burst,
                From = UnixTime.OfUs(recording.File.StartedUs),
                To = UnixTime.OfUs(recording.File.EndedUs),
                File = recording.File.File,
                Sha256 = Convert.ToHexStringLower(recording.File.Sha256.Span),
                Packets = recording.File.Packets,
                Lost = recording.File.Interrupted ? null : recording.File.Lost,
                Missing = Wire.OrNull(recording.Dropped),
            }),
            .. story.Gaps.Select(gap => new StoryRecordingModel
            {
                Burst = gap.Burst == 0 ? null : gap.Burst,
                From = UnixTime.OfUs(gap.FromUs),
                To = UnixTime.OfUs(gap.UntilUs),
                Missing = gap.Why,
            }),
        ];

    public static string Name(FloorRequestClass rank) =>
        rank switch
        {
            FloorRequestClass.Emergency => "emergency",
            FloorRequestClass.ImminentPeril => "imminent peril",
            _ => "normal",
        };

    private static StorySpanModel Of(StorySpan span) => new() { From = UnixTime.OfUs(span.FromUs), To = UnixTime.OfUs(span.UntilUs) };

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
