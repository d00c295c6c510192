using System.Collections.Immutable;
using System.Globalization;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>What of the call is on record, and what is not.</summary>
internal static class StoryRecordingTable
{
    public static StoryTable Of(CallStory story) =>
        new(
            "What was recorded",
            ["BURST", "FROM", "UNTIL", "PACKETS", "LOST", "FILE", "SHA-256"],
            [
                .. story.Recordings.Select(recording => Row(recording)),
                .. story.Gaps.Select(gap => ImmutableArray.Create(
                    Burst(gap.Burst), StoryClock.Time(gap.FromUs), StoryClock.Time(gap.UntilUs), "", "", $"not recorded: {gap.Why}", "")),
            ]);

    private static ImmutableArray<string> Row(StoryRecording recording)
    {
        var file = recording.File;
        return
        [
            Burst(recording.Burst),
            StoryClock.Time(file.StartedUs),
            StoryClock.Time(file.EndedUs),
            file.Packets.ToString(CultureInfo.InvariantCulture),
            file.Interrupted ? "not known" : file.Lost.ToString(CultureInfo.InvariantCulture),
            file.File + (recording.Dropped.Length > 0 ? $" ({recording.Dropped})" : ""),
            Convert.ToHexStringLower(file.Sha256.Span),
        ];
    }

    private static string Burst(int number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
}
