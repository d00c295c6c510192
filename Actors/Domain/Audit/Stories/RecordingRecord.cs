using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>What the media node told of the call's recordings; they are found by the talkers' epoch of the burst's grant.</summary>
internal sealed class RecordingRecord
{
    private readonly List<RecordedBurst> _files = [];
    private readonly List<(string User, MissingRecording Missing)> _missing = [];
    private readonly Dictionary<string, string> _dropped = [];

    public void Take(CallEvent happened)
    {
        switch (happened.BodyCase)
        {
            case CallEvent.BodyOneofCase.BurstRecorded:
                _files.Add(happened.BurstRecorded.Burst);
                break;
            case CallEvent.BodyOneofCase.RecordingGap:
                _missing.Add((happened.RecordingGap.McpttId, happened.RecordingGap.Missing));
                break;
            case CallEvent.BodyOneofCase.RecordingDropped:
                _dropped[happened.RecordingDropped.File] = happened.RecordingDropped.Reason switch
                {
                    RecordingDropReason.Expired => "deleted: kept long enough",
                    RecordingDropReason.DiskFull => "deleted: the disk was full",
                    _ => "deleted",
                };
                break;
        }
    }

    public CallStory AddTo(CallStory story) =>
        story with
        {
            Recordings = [.. _files.Select(file => new StoryRecording(BurstOf(story, file.Leg, file.TalkersEpoch), file, _dropped.GetValueOrDefault(file.File, "")))],
            Gaps =
            [
                .. _missing.Select(entry => new StoryGap(
                    BurstOf(story, entry.Missing.Leg, entry.Missing.TalkersEpoch),
                    entry.Missing.Leg,
                    entry.User,
                    entry.Missing.FromUs,
                    Math.Max(entry.Missing.FromUs, entry.Missing.ToUs),
                    OfFault(entry.Missing.Fault))),
            ],
        };

    private static int BurstOf(CallStory story, uint leg, ulong epoch) =>
        story.Bursts.LastOrDefault(burst => burst.Leg == leg && burst.TalkersEpoch <= epoch)?.Number ?? 0;

    private static string OfFault(RecordingFault fault) =>
        fault switch
        {
            RecordingFault.DiskFull => "the disk was full",
            RecordingFault.IoError => "the disk failed",
            RecordingFault.WriterBehind => "the disk was too slow",
            RecordingFault.BurstLimit => "the burst was longer than a recording may be",
            RecordingFault.Interrupted => "the media node died",
            RecordingFault.Unavailable => "the media node cannot record this call",
            RecordingFault.NodeLost => "the media node was lost",
            _ => "no reason was given",
        };
}
