using Mcptt.Protocol.Messages;
using Kind = Mcptt.Protocol.Messages.CallCommand.BodyOneofCase;

namespace Mcptt.Domain.Calls;

internal static class CallDecider
{
    public static Decision Decide(CallState state, Command command) =>
        command.BodyCase switch
        {
            Command.BodyOneofCase.Call => OfCall(state, command, command.Call),
            Command.BodyOneofCase.Timer => CallTimeouts.Fired(state, command),
            _ => Decision.Reject(RejectionCode.InvalidRequest, $"a call takes no {command.BodyCase} command"),
        };

    private static Decision OfCall(CallState state, Command command, CallCommand call) =>
        (call.BodyCase, state) switch
        {
            (Kind.Initiate, CallState.NotStarted) => CallSetup.Initiate(state, command, call.Initiate),
            (Kind.Initiate, _) => Decision.AlreadySo,
            (Kind.MediaOpened, _) => CallMedia.Opened(state, command, call.MediaOpened),
            (Kind.MediaFailed, _) => CallMedia.Failed(state, command, call.MediaFailed),
            (Kind.MediaNodeLost, _) => CallMedia.NodeLost(state, command, call.MediaNodeLost),
            (Kind.MediaNodeDraining, _) => CallMedia.NodeDraining(state, command, call.MediaNodeDraining),
            (Kind.CheckMedia, _) => CallMedia.Check(state, call.CheckMedia),
            (Kind.Join, _) => CallJoins.Join(state, command, call.Join),
            (Kind.InviteClient, _) => CallJoins.InviteClient(state, command, call.InviteClient.Member),
            (Kind.RemoveClient, _) => CallLeaves.RemoveClient(state, command, call.RemoveClient),
            (Kind.LegProgressed, _) => Decision.AlreadySo,
            (Kind.LegAnswered, _) => CallAnswers.Answered(state, command, call.LegAnswered),
            (Kind.LegFailed, _) => CallAnswers.Failed(state, command, call.LegFailed),
            (Kind.LegAcknowledged, _) => CallAnswers.Acknowledged(state, command, call.LegAcknowledged.Leg),
            (Kind.LegNotAcknowledged, _) => CallAnswers.NotAcknowledged(state, command, call.LegNotAcknowledged.Leg),
            (Kind.LegCancelled, _) => CallLeaves.Cancelled(state, command, call.LegCancelled),
            (Kind.LegBye, _) => CallLeaves.Bye(state, command, call.LegBye),
            (Kind.LegReoffered, _) => CallReoffers.Reoffered(state, command, call.LegReoffered),

            // T4 of a call that still gathers its members says nothing: nobody could talk yet.
            (Kind.FloorInactive, CallState.Active) => Release(state, command, "hang timer"),
            (Kind.FloorInactive, _) => Decision.AlreadySo,
            (Kind.Release, CallState.Started) => Release(state, command, call.Release.Reason),
            (Kind.Release, _) => Decision.AlreadySo,
            (Kind.RecordingClosed, _) => CallRecordings.Closed(state, command, call.RecordingClosed.Burst),
            (Kind.RecordingBroken, _) => CallRecordings.Broken(state, command, call.RecordingBroken.Recording),
            (Kind.RecordingIncomplete, _) => CallRecordings.Incomplete(state, command, call.RecordingIncomplete.Missing),
            (Kind.DropRecording, _) => CallRecordings.Drop(state, command, call.DropRecording),
            (Kind.GetCall, CallState.NotStarted) => Decision.Reject(RejectionCode.CallUnknown, $"no call {state.Id}"),
            (Kind.GetCall, _) => Decision.Answer(new Accepted { Call = CallViews.View(state) }),
            _ => Decision.Reject(RejectionCode.InvalidRequest, "an empty command to a call"),
        };

    private static Decision Release(CallState state, Command command, string reason)
    {
        var draft = new CallDraft(state, command);
        CallRelease.Release(draft, reason);
        return draft.Done();
    }
}
