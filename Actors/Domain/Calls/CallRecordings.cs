using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>
/// What the media node tells of a call's recording becomes the call's history, also after the call has ended: a file is finished later
/// than the burst, and one that a killed node left behind is found when it starts again. Nothing here changes the call.
/// </summary>
internal static class CallRecordings
{
    public static Decision Closed(CallState state, Command command, RecordedBurst? burst) =>
        burst is null || burst.File.Length == 0 || burst.Sha256.IsEmpty
            ? Decision.Reject(RejectionCode.InvalidRequest, "a recording without file or hash")
            : Tell(state, command, new CallEvent
            {
                BurstRecorded = new BurstRecorded
                {
                    Number = state.Core.Recordings + 1,
                    McpttId = TalkerOf(state, burst.Leg, burst.McpttId),
                    Burst = new RecordedBurst(burst) { McpttId = "" },
                },
            });

    public static Decision Broken(CallState state, Command command, BrokenRecording? recording) =>
        recording is null
            ? Decision.Reject(RejectionCode.InvalidRequest, "an empty report of a recording")
            : Tell(state, command, new CallEvent
            {
                RecordingFailed = new RecordingFailed
                {
                    McpttId = TalkerOf(state, recording.Leg, recording.McpttId),
                    Recording = new BrokenRecording(recording) { McpttId = "" },
                },
            });

    public static Decision Incomplete(CallState state, Command command, MissingRecording? missing) =>
        missing is null
            ? Decision.Reject(RejectionCode.InvalidRequest, "an empty report of a recording")
            : Tell(state, command, new CallEvent
            {
                RecordingGap = new RecordingGap
                {
                    McpttId = TalkerOf(state, missing.Leg, missing.McpttId),
                    Missing = new MissingRecording(missing) { McpttId = "" },
                },
            });

    public static Decision Drop(CallState state, Command command, DropRecording drop) =>
        drop.File.Length == 0
            ? Decision.Reject(RejectionCode.InvalidRequest, "a recording without file")
            : Tell(state, command, new CallEvent
            {
                RecordingDropped = new RecordingDropped { File = drop.File, Reason = drop.Reason, MediaNode = drop.MediaNode },
            });

    private static Decision Tell(CallState state, Command command, CallEvent happened)
    {
        if (state is CallState.NotStarted)
        {
            return Decision.Reject(RejectionCode.CallUnknown, $"no call {state.Id}");
        }

        var draft = new CallDraft(state, command);
        draft.Add(happened);
        return draft.Done();
    }

    // The media node knows it unless it died in between; then the leg may still be there.
    private static string TalkerOf(CallState state, uint leg, string told) =>
        told.Length > 0 ? told : state.Core.Legs.GetValueOrDefault(leg)?.Member.Client.McpttId ?? "";
}
