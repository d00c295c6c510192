using System.Collections.Immutable;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>A story in parts for people: the same words on a terminal, in a file and in a document.</summary>
public static class StoryTables
{
    /// <param name="withDetails">Also the protocol's housekeeping, step by step.</param>
    public static IEnumerable<StoryTable> Of(CallStory story, bool withDetails = false)
    {
        yield return Head(story);
        yield return Participants(story);
        yield return Bursts(story);
        if (story.Waits.Length > 0)
        {
            yield return Waits(story);
        }

        if (story.Refusals.Length > 0)
        {
            yield return Refusals("Who was refused", story.Refusals);
        }

        if (story.Revokes.Length > 0)
        {
            yield return Revokes(story);
        }

        if (story.Conditions.Length > 0)
        {
            yield return Conditions(story);
        }

        if (story.Recordings.Length > 0 || story.Gaps.Length > 0)
        {
            yield return StoryRecordingTable.Of(story);
        }

        yield return Steps(story, withDetails);
    }

    internal static StoryTable Refusals(string title, ImmutableArray<StoryRefusal> refusals) =>
        new(
            title,
            ["TIME", "WHO", "WANTED", "WHY NOT", "CLAUSE"],
            [.. refusals.Select(Row)]);

    private static StoryTable Head(CallStory story)
    {
        var lines = new List<string>
        {
            $"Call {story.Call} of {Or(story.Group, "an unknown group")}, {story.SessionType.ToString().ToLowerInvariant()}.",
            story.StartedUs == 0
                ? "Its beginning is not in the journal."
                : $"Started {StoryClock.Full(story.StartedUs)}{(story.Originator.Length > 0 ? $" by {story.Originator}" : "")}.",
            story.EndedUs is { } ended
                ? $"Ended {StoryClock.Full(ended)} after {StoryClock.Length(ended - story.StartedUs)}: {Or(story.EndReason, "no reason was given")}."
                : $"Not over by its last event, {StoryClock.Full(story.LastUs)}.",
            StorySummary.Of(story),
        };
        if (story.Fault.Length > 0)
        {
            lines.Add($"Not everything could be understood: {story.Fault}.");
        }

        return StoryTable.OfLines("The call", lines);
    }

    private static StoryTable Participants(CallStory story) =>
        new(
            "Who took part",
            ["LEG", "USER", "PHONE", "CAME", "IN", "OUT", "WHY OUT"],
            [
                .. story.Legs.Select(leg => ImmutableArray.Create(
                    $"{leg.Leg}",
                    leg.User,
                    StorySummary.PhoneOf(leg),
                    StorySummary.EntryOf(leg),
                    leg.JoinedUs is null ? "never" : StoryClock.Time(leg.JoinedUs),
                    StoryClock.Time(leg.EndedUs),
                    Why(leg))),
            ]);

    private static StoryTable Bursts(CallStory story)
    {
        if (story.Bursts.Length == 0)
        {
            return StoryTable.OfLines("Who talked", "Nobody had the floor.");
        }

        return new StoryTable(
            "Who talked, and who could hear it",
            ["#", "TALKER", "ASKED", "GRANTED", "VOICE FROM", "UNTIL", "LASTED", "ENDED BY", "COULD HEAR"],
            [
                .. story.Bursts.Select(burst => ImmutableArray.Create(
                    $"{burst.Number}",
                    StorySummary.TalkerOf(burst),
                    StoryClock.Time(burst.AskedUs),
                    StoryClock.Time(burst.GrantedUs),
                    burst.FirstPacketUs is null ? "no voice" : StoryClock.Time(burst.FirstPacketUs),
                    StoryClock.Time(burst.EndedUs),
                    burst.FirstPacketUs is { } first ? StoryClock.Length((burst.EndedUs ?? story.UntilUs) - first) : "",
                    StorySummary.EndOf(burst),
                    StorySummary.HearersOf(story, burst))),
            ]);
    }

    private static StoryTable Waits(CallStory story) =>
        new(
            "Who waited for the floor",
            ["WHO", "FROM", "UNTIL", "WAITED", "RANK", "PLACES", "WHAT CAME OF IT"],
            [
                .. story.Waits.Select(wait => ImmutableArray.Create(
                    wait.User,
                    StoryClock.Time(wait.FromUs),
                    StoryClock.Time(wait.UntilUs),
                    StoryClock.Length((wait.UntilUs ?? story.UntilUs) - wait.FromUs),
                    StorySummary.RankOf(wait.Class, wait.Priority) + (wait.Preemptive ? ", pre-empts" : ""),
                    wait.Positions.IsEmpty ? "kept until somebody else came" : string.Join(", then ", wait.Positions.Select(position => $"{position.Position}")),
                    Or(wait.Outcome, "still waiting"))),
            ]);

    private static StoryTable Revokes(CallStory story) =>
        new(
            "Who was stopped",
            ["TIME", "WHO", "WHY", "FOR WHOM", "SILENT AT", "CLAUSE"],
            [
                .. story.Revokes.Select(revoke => ImmutableArray.Create(
                    StoryClock.Time(revoke.TimeUs),
                    revoke.User,
                    $"{revoke.Words} (Floor Revoke cause {revoke.Cause})",
                    revoke.ByUser,
                    StoryClock.Time(revoke.UntilUs),
                    revoke.Clause)),
            ]);

    private static StoryTable Conditions(CallStory story) =>
        new(
            "When the call was in an emergency",
            ["WHAT", "FROM", "UNTIL"],
            [
                .. story.Conditions.Select(condition => ImmutableArray.Create(
                    condition.Emergency ? "emergency" : "imminent peril", StoryClock.Time(condition.FromUs), StoryClock.Time(condition.UntilUs))),
            ]);

    private static StoryTable Steps(CallStory story, bool withDetails) =>
        new(
            "Step by step",
            ["TIME", "WHAT HAPPENED", "CLAUSE"],
            [.. story.Moments.Where(moment => withDetails || !moment.IsDetail).Select(Row)]);

    internal static ImmutableArray<string> Row(StoryMoment moment) => [StoryClock.Time(moment.TimeUs), moment.What.Sentence, moment.What.Clause];

    private static ImmutableArray<string> Row(StoryRefusal refusal) =>
        [
            StoryClock.Time(refusal.TimeUs),
            refusal.Count > 1 || refusal.User.Length == 0 ? $"{refusal.Count} attempts" : refusal.User,
            refusal.Asked switch
            {
                StoryAsked.Join => "to be in the call",
                StoryAsked.Floor => "the floor",
                _ => "to decide for others",
            },
            refusal.Words + (refusal.Code.Length > 0 ? $" ({refusal.Code})" : ""),
            refusal.Clause,
        ];

    private static string Why(StoryLeg leg) =>
        leg.Outcome switch
        {
            StoryOutcome.Open => "",
            StoryOutcome.Refused => $"refused: {leg.Why}",
            StoryOutcome.Cancelled => $"not invited any more: {leg.Why}",
            _ => leg.Why,
        };

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
