using Mcptt.Domain.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>Bursts, waits, revokes and denials of one floor. The order of the queue is that of the production evolver.</summary>
internal sealed class FloorRecord(string call)
{
    private readonly List<StoryBurst> _bursts = [];
    private readonly List<StoryRevoke> _revokes = [];
    private readonly List<StoryRefusal> _denials = [];
    private readonly List<StoryCondition> _conditions = [];
    private readonly WaitRecord _waits = new();
    private FloorState _state = new FloorState.Unopened(call);
    private string _fault = "";

    public void Take(DomainEvent happened, LegRecord legs)
    {
        Evolve(happened);
        TakeLegs(happened.Floor, happened.TimeUs, legs);
        TakeTalk(happened.Floor, happened.TimeUs, legs);
        TakeRequests(happened.Floor, happened.TimeUs, legs);
        _waits.SetPositions((_state as FloorState.Open)?.Session.Queue ?? [], happened.TimeUs);
    }

    public CallStory AddTo(CallStory story) =>
        story with
        {
            Bursts = [.. _bursts],
            Waits = _waits.All(),
            Revokes = [.. _revokes],
            Conditions = [.. _conditions],
            Refusals = story.Refusals.AddRange(_denials),
            Fault = _fault,
        };

    // What one event broke, the next ones cannot mend: the queue is not followed any further, all else is.
    private void Evolve(DomainEvent happened)
    {
        if (_fault.Length > 0)
        {
            return;
        }

        try
        {
            _state = FloorEvolver.Evolve(_state, happened);
        }
        catch (InvalidOperationException impossible)
        {
            _fault = $"places in the queue are not known from {Words.Time(happened.TimeUs)} on: {impossible.Message}";
        }
    }

    private void TakeLegs(FloorEvent happened, long timeUs, LegRecord legs)
    {
        switch (happened.BodyCase)
        {
            case FloorEvent.BodyOneofCase.ParticipantAdded:
                legs.Take(happened.ParticipantAdded.Participant);
                break;
            case FloorEvent.BodyOneofCase.ParticipantChanged:
                legs.Take(happened.ParticipantChanged.Participant);
                break;
            case FloorEvent.BodyOneofCase.MediaFlowControlled:
                legs.SetDeaf(happened.MediaFlowControlled.Leg, happened.MediaFlowControlled.Stopped, "asked for no voice", timeUs);
                break;
            case FloorEvent.BodyOneofCase.ConditionSet:
                SetCondition(happened.ConditionSet, timeUs);
                break;
        }
    }

    private void TakeTalk(FloorEvent happened, long timeUs, LegRecord legs)
    {
        switch (happened.BodyCase)
        {
            case FloorEvent.BodyOneofCase.Granted:
                Grant(happened.Granted, timeUs, legs);
                break;
            case FloorEvent.BodyOneofCase.TalkStarted:
                Change(happened.TalkStarted.Leg, burst => burst with { FirstPacketUs = burst.FirstPacketUs ?? timeUs });
                break;
            case FloorEvent.BodyOneofCase.Revoked:
                var revoked = happened.Revoked;
                _revokes.Add(new StoryRevoke(timeUs, revoked.Leg, legs.UserOf(revoked.Leg), revoked.Cause, legs.UserOf(revoked.ByLeg), null));
                Change(revoked.Leg, burst => burst with { RevokedUs = timeUs, RevokeCause = revoked.Cause });
                break;
            case FloorEvent.BodyOneofCase.TalkEnded:
                var (why, clause) = BurstWords.OfEnd(happened.TalkEnded.Reason);
                End(happened.TalkEnded.Leg, why, clause, timeUs);
                break;
            case FloorEvent.BodyOneofCase.OverrideBecameFloor:
                Change(happened.OverrideBecameFloor.Leg, burst => burst with { Overriding = false });
                break;
            case FloorEvent.BodyOneofCase.MediaUnpermitted when happened.MediaUnpermitted.RevokesSent == 1:
                var leg = happened.MediaUnpermitted.Leg;
                _revokes.Add(new StoryRevoke(timeUs, leg, legs.UserOf(leg), (uint)Protocol.Floor.FloorRevokeCause.NoPermissionToSend, "", null));
                break;
            case FloorEvent.BodyOneofCase.MediaUnpermittedEnded:
                EndRevoke(happened.MediaUnpermittedEnded.Leg, timeUs);
                break;
            case FloorEvent.BodyOneofCase.ParticipantRemoved:
                EndRevoke(happened.ParticipantRemoved.Leg, timeUs);
                break;
            case FloorEvent.BodyOneofCase.Closed:
                Close(timeUs);
                break;
        }
    }

    private void TakeRequests(FloorEvent happened, long timeUs, LegRecord legs)
    {
        switch (happened.BodyCase)
        {
            case FloorEvent.BodyOneofCase.RequestQueued:
                _waits.Begin(happened.RequestQueued.Request, legs, timeUs);
                break;
            case FloorEvent.BodyOneofCase.RequestKept:
                _waits.Begin(happened.RequestKept.Request, legs, timeUs);
                break;
            case FloorEvent.BodyOneofCase.RequestDropped:
                _waits.End(happened.RequestDropped.Leg, BurstWords.OfDrop(happened.RequestDropped.Reason), timeUs);
                break;
            case FloorEvent.BodyOneofCase.QueuedRequestsCancelled:
                Cancelled(happened.QueuedRequestsCancelled, timeUs, legs);
                break;
            case FloorEvent.BodyOneofCase.Denied:
                Deny(happened.Denied, timeUs, legs);
                break;
            case FloorEvent.BodyOneofCase.RevokeRequestRefused:
                var refused = happened.RevokeRequestRefused;
                Refuse(timeUs, refused.Leg, legs, $"may not revoke the floor of {refused.User}", "TS 24.380 8.2.17");
                break;
            case FloorEvent.BodyOneofCase.ParticipantRemoved:
                _waits.End(happened.ParticipantRemoved.Leg, "left the call", timeUs);
                break;
        }
    }

    private void Grant(FloorGranted granted, long timeUs, LegRecord legs)
    {
        var request = granted.Request;
        EndRevoke(request.Leg, timeUs);
        _bursts.Add(new StoryBurst
        {
            Number = _bursts.Count + 1,
            Leg = request.Leg,
            User = legs.UserOf(request.Leg),
            AskedUs = request.SinceUs,
            GrantedUs = timeUs,
            Class = request.Class,
            Priority = request.Priority,
            FromQueue = _waits.End(request.Leg, "got the floor", timeUs, granted: true),
            Overriding = granted.Overriding,
            TalkersEpoch = granted.TalkersEpoch,
        });
    }

    private void Deny(FloorDenied denied, long timeUs, LegRecord legs)
    {
        // A denial takes nobody out of the queue: who waits there and asks anew goes on waiting.
        if ((_state as FloorState.Open)?.Session.Waits(denied.Leg) != true)
        {
            _waits.End(denied.Leg, $"denied: {FloorCauseWords.OfDeny(denied.Cause)}", timeUs);
        }

        var manner = denied.Manner switch
        {
            FloorRequestManner.Implicit => " (asked with the INVITE)",
            FloorRequestManner.Speech => " (spoke: a plain phone, which cannot be told)",
            _ => "",
        };
        var code = denied.Manner == FloorRequestManner.Unspecified ? $"Floor Deny cause {denied.Cause}" : $"cause {denied.Cause}";
        _denials.Add(new StoryRefusal(
            timeUs, StoryAsked.Floor, denied.Leg, legs.UserOf(denied.Leg), "", FloorCauseWords.OfDeny(denied.Cause) + manner, code, "TS 24.380 8.2.6.2"));
    }

    private void Cancelled(FloorQueuedRequestsCancelled cancelled, long timeUs, LegRecord legs)
    {
        foreach (var leg in cancelled.CancelledLegs)
        {
            _waits.End(leg, $"cancelled by {legs.UserOf(cancelled.Leg)}", timeUs);
        }

        if (cancelled.ResponseState != 0)
        {
            Refuse(timeUs, cancelled.Leg, legs, "may not cancel the requests of others", "TS 24.380 8.2.15");
        }
    }

    private void Refuse(long timeUs, uint leg, LegRecord legs, string words, string clause) =>
        _denials.Add(new StoryRefusal(timeUs, StoryAsked.Authority, leg, legs.UserOf(leg), "", words, "", clause));

    private void SetCondition(FloorConditionSet condition, long timeUs)
    {
        if (_conditions is [.., { UntilUs: null } open])
        {
            _conditions[^1] = open with { UntilUs = timeUs };
        }

        if (condition.Emergency || condition.ImminentPeril)
        {
            _conditions.Add(new StoryCondition(condition.Emergency, timeUs, null));
        }
    }

    private void Close(long timeUs)
    {
        foreach (var burst in _bursts.Where(burst => burst.EndedUs is null).ToList())
        {
            End(burst.Leg, "end of the call", "TS 24.379 6.3.8.1", timeUs);
        }

        foreach (var revoke in _revokes.Where(revoke => revoke.UntilUs is null).ToList())
        {
            EndRevoke(revoke.Leg, timeUs);
        }

        SetCondition(new FloorConditionSet(), timeUs);
        _waits.EndAll("end of the call", timeUs);
    }

    private void End(uint leg, string why, string clause, long timeUs)
    {
        Change(leg, burst => burst with { EndedUs = timeUs, Why = why, Clause = clause });
        EndRevoke(leg, timeUs);
    }

    private void EndRevoke(uint leg, long timeUs)
    {
        if (_revokes.FindLastIndex(revoke => revoke.Leg == leg && revoke.UntilUs is null) is >= 0 and var at)
        {
            _revokes[at] = _revokes[at] with { UntilUs = timeUs };
        }
    }

    private void Change(uint leg, Func<StoryBurst, StoryBurst> change)
    {
        if (_bursts.FindLastIndex(burst => burst.Leg == leg && burst.EndedUs is null) is >= 0 and var at)
        {
            _bursts[at] = change(_bursts[at]);
        }
    }
}
