using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>A call's state as its snapshot says it, there and back.</summary>
internal static class CallSnapshots
{
    public static CallSnapshot Save(CallState state)
    {
        var saved = new CallSnapshot { EventCount = state.Core.EventCount, NextLeg = state.Core.NextLeg, Recordings = state.Core.Recordings };
        (saved.Emergency, saved.ImminentPeril) = (state.Core.Condition.Emergency, state.Core.Condition.ImminentPeril);
        (saved.EmergencyUs, saved.FloorMayBegin) = (state.Core.EmergencyUs, state.Core.FloorMayBegin);
        saved.Cancels.Add(state.Core.Cancels);
        saved.Legs.Add(state.Core.Legs.Values.Select(Save));
        switch (state)
        {
            case CallState.Started started:
                Save(started, saved);
                break;
            case CallState.Releasing releasing:
                saved.Phase = CallPhase.Releasing;
                (saved.GroupId, saved.MediaNode, saved.Reason, saved.StartedUs) = (releasing.GroupId, releasing.MediaNode, releasing.Reason, releasing.StartedUs);
                saved.FormerMediaNode = releasing.FormerMediaNode;
                break;
            case CallState.Ended ended:
                saved.Phase = CallPhase.Ended;
                (saved.GroupId, saved.Reason, saved.StartedUs, saved.EndedUs) = (ended.GroupId, ended.Reason, ended.StartedUs, ended.EndedUs);
                break;
        }

        return saved;
    }

    public static CallState Load(string id, CallSnapshot saved)
    {
        var core = new CallCore(id)
        {
            EventCount = saved.EventCount,
            NextLeg = saved.NextLeg,
            Recordings = saved.Recordings,
            Condition = new CallCondition(saved.Emergency, saved.ImminentPeril),
            EmergencyUs = saved.EmergencyUs,
            FloorMayBegin = saved.FloorMayBegin,
            Cancels = [.. saved.Cancels],
            Legs = saved.Legs.ToImmutableSortedDictionary(leg => leg.Leg, Load),
        };
        return saved.Phase switch
        {
            CallPhase.Unspecified => new CallState.NotStarted(core),
            CallPhase.Opening => new CallState.Opening(core, saved.Rules, saved.Audio, saved.StartedUs, [.. saved.Members]) { Search = LoadSearch(saved) },
            CallPhase.Gathering => new CallState.Gathering(core, saved.Rules, saved.Audio, saved.StartedUs, saved.Placement, saved.GatheringUs, [.. saved.Members])
            {
                Search = LoadSearch(saved),
                Former = LoadFormer(saved),
            },
            CallPhase.Active => new CallState.Active(core, saved.Rules, saved.Audio, saved.StartedUs, saved.Placement) { Search = LoadSearch(saved), Former = LoadFormer(saved) },
            CallPhase.Releasing => new CallState.Releasing(core, saved.GroupId, saved.MediaNode, saved.Reason, saved.StartedUs) { FormerMediaNode = saved.FormerMediaNode },
            CallPhase.Ended => new CallState.Ended(core, saved.GroupId, saved.Reason, saved.StartedUs, saved.EndedUs),
            _ => throw new InvalidOperationException($"a call snapshot in phase {saved.Phase}"),
        };
    }

    private static void Save(CallState.Started started, CallSnapshot saved)
    {
        (saved.Rules, saved.Audio, saved.StartedUs) = (started.Rules, started.Audio, started.StartedUs);
        if (started.Search is { } search)
        {
            (saved.MediaLostUs, saved.MediaMoveUs) = search.GoesOn ? (0L, search.SinceUs) : (search.SinceUs, 0L);
            saved.MediaAskedAgain = search.AskedAgain;
            saved.MediaAskedUs = search.AskedUs == search.SinceUs ? 0 : search.AskedUs;
            saved.MediaAvoid.Add(search.Avoid);
        }

        if (started is CallState.InSession session)
        {
            (saved.Placement, saved.FormerPlacement, saved.FormerUs) = (session.Placement, session.Former?.Placement, session.Former?.SinceUs ?? 0);
        }

        switch (started)
        {
            case CallState.Opening opening:
                saved.Phase = CallPhase.Opening;
                saved.Members.Add(opening.Members);
                break;
            case CallState.Gathering gathering:
                saved.Phase = CallPhase.Gathering;
                saved.GatheringUs = gathering.SinceUs;
                saved.Members.Add(gathering.Required);
                break;
            default:
                saved.Phase = CallPhase.Active;
                break;
        }
    }

    private static MediaSearch? LoadSearch(CallSnapshot saved)
    {
        var since = Math.Max(saved.MediaLostUs, saved.MediaMoveUs);
        return since == 0 ? null : new MediaSearch(since, saved.MediaAskedUs == 0 ? since : saved.MediaAskedUs, saved.MediaAskedAgain, [.. saved.MediaAvoid], saved.MediaMoveUs != 0);
    }

    private static FormerPlacement? LoadFormer(CallSnapshot saved) => saved.FormerPlacement is { } former ? new FormerPlacement(former, saved.FormerUs) : null;

    private static SavedLeg Save(CallLeg leg)
    {
        var saved = new SavedLeg { Leg = leg.Number, Member = leg.Member };
        switch (leg)
        {
            case CallLeg.Waiting waiting:
                (saved.Phase, saved.Invite) = (LegPhase.Waiting, waiting.Invite);
                break;
            case CallLeg.Invited invited:
                (saved.Phase, saved.Invitation, saved.InviteEffectId, saved.SinceUs) = (LegPhase.Invited, invited.Invitation, invited.EffectId, invited.SinceUs);
                break;
            case CallLeg.Cancelling cancelling:
                (saved.Phase, saved.Invitation, saved.InviteEffectId, saved.SinceUs) = (LegPhase.Cancelling, cancelling.Invitation, cancelling.EffectId, cancelling.SinceUs);
                break;
            case CallLeg.Leaving leaving:
                (saved.Phase, saved.Dialog, saved.SinceUs) = (LegPhase.Leaving, leaving.Dialog, leaving.SinceUs);
                break;
            case CallLeg.InSession inSession:
                Save(inSession, saved);
                break;
        }

        return saved;
    }

    private static void Save(CallLeg.InSession leg, SavedLeg saved)
    {
        saved.Phase = LegPhase.InSession;
        (saved.Dialog, saved.Media, saved.LocalSdp, saved.Timer) = (leg.Dialog, leg.Media, leg.LocalSdp, leg.Timer);
        (saved.Outgoing, saved.Confirmed, saved.RefreshedUs) = (leg.Outgoing, leg.Confirmed, leg.RefreshedUs);
        (saved.RefreshCseq, saved.RefreshSentUs, saved.RefreshRetryUs) = (leg.RefreshCseq, leg.RefreshSentUs, leg.RefreshRetryUs);
        (saved.ToldEmergency, saved.ToldImminentPeril) = (leg.Told.Emergency, leg.Told.ImminentPeril);
        (saved.TellingEmergency, saved.TellingImminentPeril) = (leg.Telling.Emergency, leg.Telling.ImminentPeril);
        (saved.Behind, saved.MoveRefusals) = (leg.Behind, leg.MoveRefusals);
    }

    private static CallLeg Load(SavedLeg saved) =>
        saved.Phase switch
        {
            LegPhase.Waiting => new CallLeg.Waiting(saved.Leg, saved.Member, saved.Invite),
            LegPhase.Invited => new CallLeg.Invited(saved.Leg, saved.Member, saved.Invitation, saved.InviteEffectId, saved.SinceUs),
            LegPhase.Cancelling => new CallLeg.Cancelling(saved.Leg, saved.Member, saved.Invitation, saved.InviteEffectId, saved.SinceUs),
            LegPhase.Leaving => new CallLeg.Leaving(saved.Leg, saved.Member, saved.Dialog, saved.SinceUs),
            LegPhase.InSession => new CallLeg.InSession(saved.Leg, saved.Member, saved.Dialog, saved.Media, saved.LocalSdp)
            {
                Timer = saved.Timer,
                Outgoing = saved.Outgoing,
                Confirmed = saved.Confirmed,
                RefreshedUs = saved.RefreshedUs,
                RefreshCseq = saved.RefreshCseq,
                RefreshSentUs = saved.RefreshSentUs,
                Told = new CallCondition(saved.ToldEmergency, saved.ToldImminentPeril),
                Telling = new CallCondition(saved.TellingEmergency, saved.TellingImminentPeril),
                RefreshRetryUs = saved.RefreshRetryUs,
                Behind = saved.Behind,
                MoveRefusals = saved.MoveRefusals,
            },
            _ => throw new InvalidOperationException($"a leg of a call snapshot in phase {saved.Phase}"),
        };
}
