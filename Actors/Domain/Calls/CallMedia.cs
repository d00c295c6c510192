using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>Where the call's media session is: on which node, when it must be on another one, and which of two is the call's.</summary>
internal static class CallMedia
{
    /// <summary>A rejection tells the node that the session is one too many: an order whose outcome was lost is given again, perhaps to another node.</summary>
    public static Decision Opened(CallState state, Command command, MediaSessionOpened opened)
    {
        var draft = new CallDraft(state, command);
        var placed = new MediaSessionPlaced
        {
            Placement = new MediaPlacement
            {
                MediaNode = opened.MediaNode,
                Address = opened.Address,
                RtpPort = opened.RtpPort,
                FloorPort = opened.FloorPort,
                Run = opened.Run,
            },
        };
        switch (state)
        {
            case CallState.Opening opening:
                draft.Add(new CallEvent { MediaPlaced = placed });
                CallSetup.Begin(draft, opening);
                break;
            case CallState.InSession { IsMediaLost: true } session:
                TellRecordingGap(draft, session);
                draft.Add(new CallEvent { MediaPlaced = placed });
                CallRefreshes.TellAll(draft, session.Search?.Avoid);
                break;
            case CallState.InSession session when session.Placement.MediaNode == opened.MediaNode:
                OpenedAgain(draft, session, placed, opened.Missed);
                break;
            case CallState.InSession { Search.GoesOn: true }:
                placed.Overlaps = true;
                draft.Add(new CallEvent { MediaPlaced = placed });
                break;
            case CallState.InSession session when session.Former?.Placement.MediaNode == opened.MediaNode:
                break;
            default:
                return NotHere(state);
        }

        return draft.Done();
    }

    public static Decision Failed(CallState state, Command command, MediaSessionFailed failed)
    {
        var draft = new CallDraft(state, command);
        switch (state)
        {
            case CallState.Opening or CallState.InSession { IsMediaLost: true }:
                AskAnother(draft, (CallState.Started)state, failed);
                break;
            case CallState.InSession { Search.GoesOn: true }:
                draft.Add(new CallEvent { MediaMoveGivenUp = new MediaMoveGivenUp { Detail = failed.Detail } });
                break;

            // It came back without the ports of before. Another node may answer an order that was given twice.
            case CallState.InSession session when failed.MediaNode.Length == 0 || failed.MediaNode == session.Placement.MediaNode:
                draft.Add(new CallEvent { MediaLost = new MediaSessionLost { Detail = failed.Detail } });
                break;
        }

        return draft.Done();
    }

    /// <summary>Nobody answered in time.</summary>
    public static void Unanswered(CallDraft draft)
    {
        const string Detail = "no answer";
        switch (draft.State)
        {
            case CallState.InSession { Search.GoesOn: true }:
                draft.Add(new CallEvent { MediaMoveGivenUp = new MediaMoveGivenUp { Detail = Detail } });
                break;
            case CallState.InSession { Search: { } search } when search.AskedAgain + 1 < CallDefaults.MediaAttempts:
                draft.Add(new CallEvent { MediaLost = new MediaSessionLost { Detail = Detail } });
                break;
            default:
                Release(draft, Detail);
                break;
        }
    }

    /// <summary>The run that has the session is gone, and with it the session.</summary>
    public static Decision NodeLost(CallState state, Command command, MediaNodeLost lost)
    {
        var draft = new CallDraft(state, command);
        if (state is CallState.InSession { IsMediaLost: false } session && IsOn(session.Placement, lost.MediaNode, lost.Run))
        {
            draft.Add(new CallEvent { MediaLost = new MediaSessionLost { Detail = $"node {lost.MediaNode} is gone", MediaNode = lost.MediaNode } });
        }

        return draft.Done();
    }

    /// <summary>Make before break: another node is asked first, and this one forwards until every leg has answered its re-INVITE.</summary>
    public static Decision NodeDraining(CallState state, Command command, MediaNodeDraining draining)
    {
        var draft = new CallDraft(state, command);
        if (state is CallState.InSession { Search: null, Former: null } session && IsOn(session.Placement, draining.MediaNode, draining.Run))
        {
            draft.Add(new CallEvent { MediaMoveBegun = new MediaMoveBegun { MediaNode = draining.MediaNode } });
        }

        return draft.Done();
    }

    /// <summary>Every leg has followed to the new session: the former one has nothing to do any more. With time up, it ends for those that have not.</summary>
    public static void EndOverlap(CallDraft draft, bool timeIsUp = false)
    {
        if (draft.State is not CallState.InSession { Former: { } former })
        {
            return;
        }

        var behind = draft.Participants.Count(leg => leg.Behind);
        if (behind == 0 || timeIsUp)
        {
            draft.Add(new CallEvent { MediaMoveEnded = new MediaMoveEnded { MediaNode = former.Placement.MediaNode, LegsBehind = (uint)behind } });
        }
    }

    /// <summary>While the call asks for a node, any session may become its own.</summary>
    public static Decision Check(CallState state, CheckMediaSession check)
    {
        var isOurs = state switch
        {
            CallState.InSession { Search: null } session =>
                IsAt(session.Placement, check) || (session.Former is { } former && IsAt(former.Placement, check)),
            _ => state is CallState.Started,
        };
        return isOurs ? Decision.AlreadySo : NotHere(state);
    }

    private static void OpenedAgain(CallDraft draft, CallState.InSession session, MediaSessionPlaced placed, bool missed)
    {
        var isSamePlace = placed.Placement.Equals(new MediaPlacement(session.Placement) { Run = placed.Placement.Run });

        // A recovery that took the call longer than its floor: what the floor said meanwhile went nowhere, and is said again.
        if (missed || !isSamePlace)
        {
            draft.Add(new CallEvent { MediaPlaced = placed });
        }
        else if (session.Placement.Run != placed.Placement.Run)
        {
            placed.Resumed = true;
            draft.Add(new CallEvent { MediaPlaced = placed });
        }
    }

    // At once where another node may do better; else the timer asks again, for a call that is under way: a node may come back.
    private static void AskAnother(CallDraft draft, CallState.Started started, MediaSessionFailed failed)
    {
        var again = started.Search is { } search ? search.AskedAgain + 1 : 0;
        var isNews = failed.MediaNode.Length > 0 && started.Search?.Avoid.Contains(failed.MediaNode) != true;
        var limit = started is CallState.Opening ? CallDefaults.OpeningAttempts : CallDefaults.MediaAttempts;
        if (isNews && again < limit)
        {
            draft.Add(new CallEvent { MediaLost = new MediaSessionLost { Detail = failed.Detail, MediaNode = failed.MediaNode } });
        }
        else if (isNews || started is CallState.Opening)
        {
            Release(draft, failed.Detail);
        }
    }

    private static void Release(CallDraft draft, string detail) => CallRelease.Release(draft, "no media node: " + detail, RejectionCode.NoResources);

    private static void TellRecordingGap(CallDraft draft, CallState.InSession session)
    {
        if (session is { Rules.Recorded: true, Search: { } search })
        {
            var missing = new MissingRecording { Fault = RecordingFault.NodeLost, FromUs = search.SinceUs, ToUs = draft.NowUs, MediaNode = session.Placement.MediaNode };
            draft.Add(new CallEvent { RecordingGap = new RecordingGap { Missing = missing } });
        }
    }

    // Calls of before know no run.
    private static bool IsOn(MediaPlacement placement, string node, string run) =>
        placement.MediaNode == node && (placement.Run == run || placement.Run.Length == 0 || run.Length == 0);

    private static bool IsAt(MediaPlacement placement, CheckMediaSession check) => placement.MediaNode == check.MediaNode && placement.RtpPort == check.RtpPort;

    private static Decision NotHere(CallState state) =>
        state switch
        {
            CallState.NotStarted => Decision.Reject(RejectionCode.CallUnknown, $"no call {state.Id}"),
            CallState.InSession session => Decision.Reject(RejectionCode.AlreadyExists, $"the media session of call {state.Id} is on {session.Placement.MediaNode}"),
            _ => Decision.Reject(RejectionCode.CallReleased, $"call {state.Id} is over"),
        };
}
