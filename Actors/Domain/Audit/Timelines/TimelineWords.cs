using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>What a picture says in words.</summary>
internal static class TimelineWords
{
    public static string Title(CallStory story) => $"Call {story.Call} of {story.Group}";

    /// <summary>For who cannot see the picture: all that it shows, in sentences.</summary>
    public static string Description(CallStory story)
    {
        var lines = new List<string>(Head(story).Skip(1));
        lines.AddRange(story.Legs.Select(leg => $"{leg.User}: {StorySummary.EntryOf(leg)}, "
            + (leg.JoinedUs is { } joined ? $"in the call from {StoryClock.Time(joined)}" : "never in the call")
            + (leg.EndedUs is { } ended ? $" until {StoryClock.Time(ended)} ({leg.Why})." : ".")));
        lines.AddRange(story.Bursts.Select(burst => $"Burst {burst.Number}: {burst.User} from {StoryClock.Time(burst.GrantedUs)} until {StoryClock.Time(burst.EndedUs ?? story.UntilUs)}, heard by {StorySummary.HearersOf(story, burst)}."));
        lines.AddRange(story.Waits.Select(wait => $"{wait.User} waited from {StoryClock.Time(wait.FromUs)}: {wait.Outcome}."));
        lines.AddRange(story.Revokes.Select(revoke => $"{StoryClock.Time(revoke.TimeUs)} {revoke.User} was told to stop: {revoke.Words}."));
        lines.AddRange(story.Refusals.Select(refusal => $"{StoryClock.Time(refusal.TimeUs)} {refusal.User} was refused: {refusal.Words}."));
        return string.Join('\n', lines);
    }

    public static IReadOnlyList<string> Head(CallStory story) =>
    [
        $"{(story.Group.Length > 0 ? story.Group : "unknown group")} · call {story.Call}",
        $"{StoryClock.Day(story.StartedUs)} {StoryClock.Time(story.StartedUs)} to "
            + (story.EndedUs is { } ended
                ? $"{(StoryClock.Day(ended) == StoryClock.Day(story.StartedUs) ? "" : StoryClock.Day(ended) + " ")}{StoryClock.Time(ended)} UTC, {StoryClock.Length(ended - story.StartedUs)}; ended by: {story.EndReason}"
                : $"{StoryClock.Time(story.LastUs)} UTC, not over by the last event"),
        StorySummary.Of(story),
    ];

    public static string KindOf(TimelineLane lane) =>
        lane.Legs.IsEmpty ? "never in the call" : $"{StorySummary.EntryOf(lane.Legs[0])}, {(lane.IsPlainPhone ? "plain phone" : "MCPTT")}";

    public static string Lane(TimelineLane lane) =>
        $"{lane.User}, client {lane.Client}" + (lane.Legs.IsEmpty ? ": was refused and had no leg" : string.Concat(lane.Legs.Select(leg => $"\nleg {leg.Leg}: {StorySummary.PhoneOf(leg)}, {StorySummary.EntryOf(leg)}")));
}
