using System.Collections.Frozen;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>
/// Puts a story together from the events that carry the call's tag, in the order of their commits. It takes what it is given: an event that does
/// not fit what was before is told as a fault, and the rest goes on.
/// </summary>
public sealed class CallStoryBuilder(string call)
{
    private static readonly FrozenSet<string> Details = FrozenSet.Create(
        StringComparer.Ordinal,
        "call-dialog-confirmed",
        "call-media-placed",
        "call-refresh-sent",
        "call-refreshed",
        "call-released",
        "call-cancel-remembered",
        "floor-acknowledged",
        "floor-acknowledgement-awaited",
        "floor-closed",
        "floor-grant-acknowledged",
        "floor-grant-repeated",
        "floor-idle-repeated",
        "floor-inactivity-reported",
        "floor-opened",
        "floor-override-ended",
        "floor-participant-added",
        "floor-participant-changed",
        "floor-participant-removed",
        "floor-placement-changed",
        "floor-queue-position-told",
        "floor-revoke-repeated",
        "floor-state-told",
        "floor-talker-released",
        "group-call-cleared",
        "group-call-joined",
        "group-call-started");

    private readonly string _callActor = ActorAddresses.Call(call).PersistenceId();
    private readonly string _floorActor = ActorAddresses.Floor(call).PersistenceId();
    private readonly CallNames _names = new();
    private readonly List<(string PersistenceId, long SequenceNumber, EventEnvelope Envelope)> _events = [];
    private readonly LegRecord _legs = new();
    private readonly FloorRecord _floor = new(call);
    private readonly RecordingRecord _recordings = new();
    private CallStory _story = new() { Call = call };

    /// <summary>One event of the call, its floor or its group, as it stands in the journal.</summary>
    public void Take(string persistenceId, long sequenceNumber, EventEnvelope envelope)
    {
        _events.Add((persistenceId, sequenceNumber, envelope));
        _names.Take(envelope.Event);
        if (persistenceId == _callActor && envelope.Event.Call is { } ofCall)
        {
            TakeCall(ofCall, envelope);
        }
        else if (persistenceId == _floorActor && envelope.Event.Floor is not null)
        {
            _story = _story with { LastUs = Math.Max(_story.LastUs, envelope.Event.TimeUs) };
            _floor.Take(envelope.Event, _legs);
        }
        else if (envelope.Event.Group is { } ofGroup)
        {
            _legs.Take(ofGroup, envelope.Event.TimeUs, call);
        }
    }

    /// <summary>False: no event of the call itself was taken.</summary>
    public bool IsFound => _story.LastUs > 0;

    public CallStory Build()
    {
        var story = _story with { Legs = _legs.Legs(), Refusals = [.. _legs.Refusals] };
        story = _floor.AddTo(story);
        story = _recordings.AddTo(story);
        return story with { Refusals = [.. story.Refusals.OrderBy(refusal => refusal.TimeUs)], Moments = [.. Moments()] };
    }

    private IEnumerable<StoryMoment> Moments() =>
        from entry in _events.OrderBy(entry => entry.Envelope.Event.TimeUs)
        let what = EventDescription.Of(entry.PersistenceId, entry.Envelope, _names)
        select new StoryMoment(entry.Envelope.Event.TimeUs, entry.PersistenceId, entry.SequenceNumber, what, Details.Contains(what.Kind));

    private void TakeCall(CallEvent happened, EventEnvelope envelope)
    {
        var timeUs = envelope.Event.TimeUs;
        switch (happened.BodyCase)
        {
            case CallEvent.BodyOneofCase.Initiated:
                var rules = happened.Initiated.Rules;
                _story = _story with
                {
                    Group = rules.GroupId,
                    SessionType = rules.SessionType,
                    Rules = rules,
                    Originator = happened.Initiated.Invite.McpttId,
                    StartedUs = timeUs,
                };
                break;
            case CallEvent.BodyOneofCase.Finished:
                _story = _story with
                {
                    EndedUs = timeUs,
                    EndReason = happened.Finished.Reason,
                    Group = happened.Finished.GroupId,
                    StartedUs = _story.StartedUs == 0 ? timeUs : _story.StartedUs,
                };
                break;
        }

        _story = _story with { LastUs = Math.Max(_story.LastUs, timeUs) };
        _legs.Take(happened, envelope);
        _recordings.Take(happened);
    }
}
