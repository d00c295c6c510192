using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>How a call ends (TS 24.379 6.3.8.1) and when it must.</summary>
internal static class CallRelease
{
    public static void Release(CallDraft draft, string reason, RejectionCode refusal = RejectionCode.CallReleased)
    {
        var started = (CallState.Started)draft.State;
        draft.Add(new CallEvent { Released = new CallReleased { Reason = reason, CloseFloor = started is CallState.Active } });
        foreach (var leg in draft.Core.Legs.Values)
        {
            switch (leg)
            {
                case CallLeg.Waiting waiting:
                    draft.Refuse(leg.Number, waiting.Invite, refusal, reason);
                    break;
                case CallLeg.Invited invited:
                    draft.Cancel(invited, reason);
                    break;
                case CallLeg.InSession inSession:
                    draft.Leave(inSession, LeaveCause.Released);
                    break;
            }
        }

        draft.Add(new CallEvent
        {
            Finished = new CallFinished
            {
                Reason = reason,
                GroupId = started.Rules.GroupId,
                CloseMedia = true,
                MediaNode = (started as CallState.InSession)?.Placement.MediaNode ?? "",
                FormerMediaNode = (started as CallState.InSession)?.Former?.Placement.MediaNode ?? "",
            },
        });
    }

    /// <summary>
    /// After somebody left or could not come: nobody is in the call, or one is and no one is on the way. A call whose group has
    /// no other affiliated client is not ended by this: T4 ends it, and until then late entry can fill it.
    /// </summary>
    public static void ReleaseIfAlone(CallDraft draft)
    {
        if (draft.State is not CallState.Active)
        {
            return;
        }

        var participants = draft.Participants.Count();
        if (participants == 0 || (participants == 1 && !draft.Invited.Any()))
        {
            Release(draft, "no other participants");
        }
    }
}
