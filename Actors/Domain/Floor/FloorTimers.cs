using System.Globalization;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>The timers of table 11.1.3-1 that the server keeps, from state; T1 and T11 are the media node's. "T2/3" is T2 of leg 3; "Ack", "Queue" and "Invited" are our own.</summary>
internal static class FloorTimers
{
    public static IEnumerable<ActorTimer> Of(FloorState state)
    {
        if (state is not FloorState.Open open)
        {
            return [];
        }

        var timers = open switch
        {
            FloorState.Idle idle => [new ActorTimer("T4", idle.Timers.T4DueUs), new ActorTimer("T7", idle.Timers.T7DueUs)],
            FloorState.Taken taken => taken.Talkers.SelectMany(OfTalker),
            _ => Enumerable.Empty<ActorTimer>(),
        };
        return timers
            .Concat(open.Session.Unpermitted.Values.Select(media => Named("T8", media.Leg, media.T8DueUs)))
            .Concat(open.Session.Queue.Select(request => Named("Queue", request.Leg, request.ExpiresUs)))
            .Append(new ActorTimer("Invited", open.Session.KeptRequest is null ? 0 : open.Session.InvitedUntilUs))
            .Concat(open.Session.Awaited.Values.Select(awaited => Named("Ack", awaited.Leg, awaited.DueUs)))
            .Where(timer => timer.DueUs > 0);
    }

    /// <summary>A timer that state asks for ran out.</summary>
    public static void Expired(FloorDraft draft, string name)
    {
        var (timer, leg) = Parse(name);
        switch (timer)
        {
            case "T2" or "T12":
                FloorArbitration.Revoke(draft, Talker(draft, leg), FloorRevokeCause.MediaBurstTooLong);
                break;
            case "T3":
                FloorArbitration.EndRevoked(draft, leg);
                break;
            case "T4":
                draft.Add(new FloorEvent { InactivityReported = new FloorInactivityReported { T4DueUs = FloorSuccession.T4Due(draft) } });
                break;
            case "T7":
                RepeatIdle(draft);
                break;
            case "T8":
                RepeatRevoke(draft, leg);
                break;
            case "T20":
                RepeatGrant(draft, Talker(draft, leg));
                break;
            case "Ack":
                FloorAcknowledgements.Repeat(draft, leg);
                break;
            case "Queue":
                WaitedTooLong(draft, leg);
                break;
            case "Invited":
                FloorArbitration.DenyKept(draft);
                break;
            default:
                throw new InvalidOperationException($"no timer of a floor is named {name}");
        }
    }

    // Floor Deny ends "U: queued" in the client, a Queue Position Info 254 would only be shown (6.2.4.9, facts 3). No cause of 8.2.6.2 is its own.
    private static void WaitedTooLong(FloorDraft draft, uint leg)
    {
        if (draft.Session.QueuedRequestOf(leg) is { } waited)
        {
            draft.Add(new FloorEvent { RequestDropped = new FloorRequestDropped { Leg = leg, Reason = FloorRequestDropReason.WaitedTooLong } });
            var denied = new FloorDenied { Leg = leg, Cause = (uint)FloorDenyCause.Other, TrackInfo = waited.TrackInfo, Class = waited.Class, Priority = waited.Priority };
            draft.Add(new FloorEvent { Denied = denied });
            FloorSuccession.FillFreeSlots(draft);
        }
    }

    private static IEnumerable<ActorTimer> OfTalker(FloorTalkerState talker) =>
        talker.Permission switch
        {
            TalkPermission.Permitted permitted =>
                [Named(talker.Overriding ? "T12" : "T2", talker.Leg, talker.T2DueUs), Named("T20", talker.Leg, permitted.T20DueUs)],
            TalkPermission.PendingRevoke pending => [Named("T3", talker.Leg, pending.T3DueUs), Named("T8", talker.Leg, pending.T8DueUs)],
            _ => throw new InvalidOperationException("an unknown permission to talk"),
        };

    private static ActorTimer Named(string timer, uint leg, long dueUs) => new(string.Create(CultureInfo.InvariantCulture, $"{timer}/{leg}"), dueUs);

    private static (string Timer, uint Leg) Parse(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (name, 0) : (name[..slash], uint.Parse(name.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    private static FloorTalkerState Talker(FloorDraft draft, uint leg) =>
        draft.Taken?.Find(leg) ?? throw new InvalidOperationException($"a timer of leg {leg}, which does not talk");

    // C7 counts the Floor Idles of this idle time; the last one allowed is not followed by a timer.
    private static void RepeatIdle(FloorDraft draft)
    {
        var c7 = ((FloorState.Idle)draft.State).Timers.C7 + 1;
        var repeated = new FloorIdleRepeated
        {
            MessageSequenceNumber = draft.Session.NextMessageSequenceNumber,
            C7 = c7,
            T7DueUs = c7 < draft.Rules.C7 ? draft.After(draft.Rules.T7Ms) : 0,
        };
        draft.Add(new FloorEvent { IdleRepeated = repeated });
    }

    // Repeats of the Revoke to a talker are bounded by T3, those to who never had the floor by a count.
    private static void RepeatRevoke(FloorDraft draft, uint leg)
    {
        if (draft.Taken?.Find(leg)?.Permission is TalkPermission.PendingRevoke pending)
        {
            var next = draft.After(draft.Rules.T8Ms);
            draft.Add(new FloorEvent { RevokeRepeated = new FloorRevokeRepeated { Leg = leg, T8DueUs = next < pending.T3DueUs ? next : 0 } });
        }
        else
        {
            FloorMedia.Unpermitted(draft, leg, draft.Session.Unpermitted[leg].RevokesSent + 1);
        }
    }

    // After the limit the floor simply stays taken: T1 ends it if nothing is heard.
    private static void RepeatGrant(FloorDraft draft, FloorTalkerState talker)
    {
        var c20 = ((TalkPermission.Permitted)talker.Permission).C20 + 1;
        var repeated = new FloorGrantRepeated
        {
            Leg = talker.Leg,
            DurationS = FloorDuration.Remaining(draft.Rules, talker, draft.NowUs),
            C20 = c20,
            T20DueUs = c20 < draft.Rules.C20 ? draft.After(draft.Rules.T20Ms) : 0,
            TrackInfo = talker.Request.TrackInfo,
        };
        draft.Add(new FloorEvent { GrantRepeated = repeated });
    }
}
