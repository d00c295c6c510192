using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>Where the call's media session is: on which node, when it must be on another one, and which of two is the call's.</summary>
internal static class CallMedia
{
    /// <summary>A rejection tells the node that the session is one too many: an order whose outcome was lost is given again, perhaps to another node.</summary>
    public static Decision Opened(CallState state, Command command, MediaSessionOpened opened)
    {
        var draft = new CallDraft(state, command);
        var placement = new MediaPlacement { MediaNode = opened.MediaNode, Address = opened.Address, RtpPort = opened.RtpPort, FloorPort = opened.FloorPort };
        switch (state)
        {
            case CallState.Opening opening:
                draft.Add(new CallEvent { MediaPlaced = new MediaSessionPlaced { Placement = placement } });
                CallSetup.Begin(draft, opening);
                break;
            case CallState.InSession { MediaLostUs: 0 } session when session.Placement.MediaNode != opened.MediaNode:
                return Decision.Reject(RejectionCode.AlreadyExists, $"the media session of call {state.Id} is on {session.Placement.MediaNode}");

            // A recovery that took the call longer than its floor: what the floor said meanwhile went nowhere, and is said again.
            case CallState.InSession session when opened.Missed || session.MediaLostUs != 0 || !session.Placement.Equals(placement):
                draft.Add(new CallEvent { MediaPlaced = new MediaSessionPlaced { Placement = placement } });
                CallRefreshes.TellNewPlacement(draft);
                break;
            case CallState.InSession:
                break;
            default:
                return NotStarted(state);
        }

        return draft.Done();
    }

    public static Decision Failed(CallState state, Command command, string detail)
    {
        var draft = new CallDraft(state, command);
        switch (state)
        {
            case CallState.Opening:
            case CallState.InSession { MediaLostUs: not 0 }:
                CallRelease.Release(draft, "no media node: " + detail, RejectionCode.NoResources);
                break;
            case CallState.InSession:
                draft.Add(new CallEvent { MediaLost = new MediaSessionLost { Detail = detail } });
                break;
        }

        return draft.Done();
    }

    /// <summary>While the call asks for a node, any session may become its own.</summary>
    public static Decision Check(CallState state, CheckMediaSession check) =>
        state switch
        {
            CallState.InSession { MediaLostUs: 0 } session when session.Placement.MediaNode != check.MediaNode || session.Placement.RtpPort != check.RtpPort =>
                Decision.Reject(RejectionCode.AlreadyExists, $"the media session of call {state.Id} is on {session.Placement.MediaNode}"),
            CallState.Started => Decision.AlreadySo,
            _ => NotStarted(state),
        };

    private static Decision NotStarted(CallState state) =>
        state is CallState.NotStarted
            ? Decision.Reject(RejectionCode.CallUnknown, $"no call {state.Id}")
            : Decision.Reject(RejectionCode.CallReleased, $"call {state.Id} is over");
}
