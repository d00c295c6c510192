using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>What a call knows of its recordings, in words.</summary>
internal static class RecordingEventWords
{
    public static Told? Tell(CallEvent happened) =>
        happened.BodyCase switch
        {
            CallEvent.BodyOneofCase.BurstRecorded => Recorded(happened.BurstRecorded),
            CallEvent.BodyOneofCase.RecordingFailed => Failed(happened.RecordingFailed),
            CallEvent.BodyOneofCase.RecordingGap => Gap(happened.RecordingGap),
            CallEvent.BodyOneofCase.RecordingDropped => new(
                $"The recording {happened.RecordingDropped.File} was deleted: "
                + (happened.RecordingDropped.Reason == RecordingDropReason.DiskFull ? "the disk was full." : "its time to be kept was over.")),
            _ => null,
        };

    private static Told Recorded(BurstRecorded recorded)
    {
        var burst = recorded.Burst ?? new();
        var lost = burst.Lost > 0 ? $", {burst.Lost} more are missing" : "";
        var end = burst.Interrupted ? "; the media node died before its end" : "";
        return new($"A burst of {Words.Or(recorded.McpttId, $"leg {burst.Leg}")} was recorded: {burst.File}, {Packets(burst.Packets)}{lost}{end}.")
        {
            User = recorded.McpttId,
            Leg = burst.Leg,
        };
    }

    private static Told Failed(RecordingFailed failed)
    {
        var recording = failed.Recording ?? new();
        return new($"A burst of {Words.Or(failed.McpttId, $"leg {recording.Leg}")} is heard and not recorded: {Fault(recording.Fault)}{(recording.Detail.Length > 0 ? $" ({recording.Detail})" : "")}.")
        {
            User = failed.McpttId,
            Leg = recording.Leg,
        };
    }

    private static Told Gap(RecordingGap gap)
    {
        var missing = gap.Missing ?? new();
        if (missing.Fault == RecordingFault.NodeLost)
        {
            var seconds = (missing.ToUs - missing.FromUs) / (double)TimeSpan.MicrosecondsPerSecond;
            return new(string.Create(CultureInfo.InvariantCulture, $"Nothing of what was said in {seconds:F1} s is in a recording: media node {missing.MediaNode} was lost."));
        }

        return new($"{Packets(missing.Packets)} of {Words.Or(gap.McpttId, $"leg {missing.Leg}")} are in no recording: {Fault(missing.Fault)}.")
        {
            User = gap.McpttId,
            Leg = missing.Leg,
        };
    }

    private static string Packets(ulong count) => count == 1 ? "1 packet" : $"{count} packets";

    private static string Fault(RecordingFault fault) =>
        fault switch
        {
            RecordingFault.DiskFull => "the disk is full",
            RecordingFault.IoError => "the file could not be written",
            RecordingFault.WriterBehind => "the disk was too slow",
            RecordingFault.BurstLimit => "the burst was longer than one recording may be",
            RecordingFault.Interrupted => "the media node died",
            RecordingFault.Unavailable => "this media node cannot record the call",
            RecordingFault.NodeLost => "the media node was lost",
            _ => "no reason was given",
        };
}
