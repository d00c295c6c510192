using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>Every command of a floor actor, against the state it meets. The rules are in the classes beside this one.</summary>
internal static class FloorDecider
{
    public static Decision Decide(FloorState state, Command command) =>
        (state, command.BodyCase) switch
        {
            (FloorState.Open open, Command.BodyOneofCase.Timer) => Expire(open, command),
            (_, Command.BodyOneofCase.Timer) => Decision.AlreadySo,
            (FloorState.Open open, Command.BodyOneofCase.Floor) => DecideOpen(open, command.Floor, command.TimeUs),
            (FloorState.Unopened unopened, Command.BodyOneofCase.Floor) => DecideUnopened(unopened, command.Floor, command.TimeUs),
            (FloorState.Closed closed, Command.BodyOneofCase.Floor) => DecideClosed(closed, command.Floor),
            _ => Decision.Reject(RejectionCode.InvalidRequest, $"a floor does not know {command.BodyCase}"),
        };

    private static Decision DecideUnopened(FloorState.Unopened unopened, FloorCommand command, long timeUs) =>
        command.BodyCase switch
        {
            FloorCommand.BodyOneofCase.Open => Open(command.Open, timeUs),
            FloorCommand.BodyOneofCase.Close => Single(timeUs, new FloorEvent { Closed = new FloorClosed() }),
            _ => Decision.Reject(RejectionCode.CallUnknown, $"the floor of call {unopened.CallId} was never opened"),
        };

    private static Decision DecideClosed(FloorState.Closed closed, FloorCommand command) =>
        command.BodyCase switch
        {
            FloorCommand.BodyOneofCase.Close or FloorCommand.BodyOneofCase.RemoveParticipant => Decision.AlreadySo,
            FloorCommand.BodyOneofCase.GetFloor => Decision.Answer(new Accepted { Floor = FloorViews.Of(closed) }),
            _ => Decision.Reject(RejectionCode.CallReleased, $"the floor of call {closed.CallId} is closed"),
        };

    private static Decision DecideOpen(FloorState.Open open, FloorCommand command, long timeUs)
    {
        var session = open.Session;
        return command.BodyCase switch
        {
            FloorCommand.BodyOneofCase.Open => Reopen(open, command.Open, timeUs),
            FloorCommand.BodyOneofCase.AddParticipant => AddParticipant(open, command.AddParticipant, timeUs),
            FloorCommand.BodyOneofCase.RemoveParticipant when !session.Participants.ContainsKey(command.RemoveParticipant.Leg) => Decision.AlreadySo,
            FloorCommand.BodyOneofCase.RemoveParticipant => Draft(open, timeUs, draft => FloorMembership.Remove(draft, command.RemoveParticipant.Leg)),
            FloorCommand.BodyOneofCase.Close => Single(timeUs, new FloorEvent { Closed = new FloorClosed { TalkersEpoch = session.NextTalkersEpoch } }),
            FloorCommand.BodyOneofCase.SetCondition => SetCondition(session, command.SetCondition, timeUs),
            FloorCommand.BodyOneofCase.SetInitialised when open is not FloorState.Initialising => Decision.AlreadySo,
            FloorCommand.BodyOneofCase.SetInitialised => Draft(open, timeUs, FloorSuccession.Begin),
            FloorCommand.BodyOneofCase.Restate => Draft(open, timeUs, Restate),
            FloorCommand.BodyOneofCase.GetFloor => Decision.Answer(new Accepted { Floor = FloorViews.Of(open) }),
            FloorCommand.BodyOneofCase.None => Decision.Reject(RejectionCode.InvalidRequest, "the floor command is empty"),
            _ => DecideOfLeg(open, command, timeUs),
        };
    }

    private static Decision DecideOfLeg(FloorState.Open open, FloorCommand command, long timeUs)
    {
        var leg = LegOf(command);
        if (!open.Session.Participants.TryGetValue(leg, out var participant))
        {
            return Decision.Reject(RejectionCode.DialogUnknown, $"leg {leg} is not in call {open.CallId}");
        }

        return command.BodyCase switch
        {
            FloorCommand.BodyOneofCase.Request => Draft(open, timeUs, draft => Request(draft, participant, command.Request)),
            FloorCommand.BodyOneofCase.Release => Draft(open, timeUs, draft => Release(draft, participant, command.Release)),
            FloorCommand.BodyOneofCase.RequestQueuePosition => TellQueuePosition(command.RequestQueuePosition, timeUs),
            FloorCommand.BodyOneofCase.Acknowledge => Draft(open, timeUs, draft => FloorAcknowledgements.Received(draft, command.Acknowledge)),
            FloorCommand.BodyOneofCase.MediaStarted => Draft(open, timeUs, draft => FloorMedia.Started(draft, participant, command.MediaStarted)),
            FloorCommand.BodyOneofCase.MediaStopped => Draft(open, timeUs, draft => FloorMedia.Stopped(draft, participant, command.MediaStopped)),
            FloorCommand.BodyOneofCase.QueuedRequests =>
                Draft(open, timeUs, draft => FloorAuthority.CancelQueued(draft, participant, command.QueuedRequests)),
            FloorCommand.BodyOneofCase.ControlMediaFlow => FloorMediaFlow.Control(open, command.ControlMediaFlow, timeUs),
            FloorCommand.BodyOneofCase.RevokeRequest => RevokeOfOther(open, participant, command.RevokeRequest, timeUs),
            _ => Decision.Reject(RejectionCode.InvalidRequest, $"a floor does not know {command.BodyCase}"),
        };
    }

    private static uint LegOf(FloorCommand command) =>
        command.BodyCase switch
        {
            FloorCommand.BodyOneofCase.Request => command.Request.Leg,
            FloorCommand.BodyOneofCase.Release => command.Release.Leg,
            FloorCommand.BodyOneofCase.RequestQueuePosition => command.RequestQueuePosition.Leg,
            FloorCommand.BodyOneofCase.Acknowledge => command.Acknowledge.Leg,
            FloorCommand.BodyOneofCase.MediaStarted => command.MediaStarted.Leg,
            FloorCommand.BodyOneofCase.MediaStopped => command.MediaStopped.Leg,
            FloorCommand.BodyOneofCase.QueuedRequests => command.QueuedRequests.Leg,
            FloorCommand.BodyOneofCase.ControlMediaFlow => command.ControlMediaFlow.Leg,
            FloorCommand.BodyOneofCase.RevokeRequest => command.RevokeRequest.Leg,
            _ => 0,
        };

    private static Decision Draft(FloorState.Open open, long timeUs, Action<FloorDraft> decide)
    {
        var draft = new FloorDraft(open, timeUs);
        decide(draft);
        FloorAcknowledgements.Await(draft);
        return Decision.Accept(draft.Events);
    }

    private static Decision Single(long timeUs, FloorEvent body) => Decision.Accept([new DomainEvent { TimeUs = timeUs, Floor = body }]);

    private static Decision Open(OpenFloor open, long timeUs)
    {
        var rules = FloorDefaults.Fill(open.Rules);
        var t4 = rules.SessionType == SessionType.Chat || rules.TemporaryGroup ? 0 : timeUs + (rules.T4Ms * 1000L);
        var invitedUntil = open.InvitedLegs == 0 || rules.TemporaryGroup ? 0 : timeUs + (FloorDefaults.InvitedMs * 1000L);
        var opened = new FloorOpened { Rules = rules, MediaNode = open.MediaNode, T4DueUs = t4, InvitedUntilUs = invitedUntil };
        return Single(timeUs, new FloorEvent { Opened = opened });
    }

    // The session is a new one, on another media node or the same, or the group's rules changed: it learns the talkers and everybody the state.
    private static Decision Reopen(FloorState.Open open, OpenFloor again, long timeUs)
    {
        var rules = FloorDefaults.Fill(again.Rules);
        var isThere = !again.Moved && rules.Equals(open.Session.Rules) && again.MediaNode == open.Session.MediaNode;
        if (isThere && again.NextMediaNode == open.Session.NextMediaNode)
        {
            return Decision.AlreadySo;
        }

        return Draft(open, timeUs, draft =>
        {
            var moved = new FloorPlacementChanged
            {
                Rules = rules,
                MediaNode = again.MediaNode,
                NextMediaNode = again.NextMediaNode,
                TalkersEpoch = draft.Session.NextTalkersEpoch,
            };
            draft.Add(new FloorEvent { PlacementChanged = moved });

            // On its way to another node it goes on where everybody hears it: nothing is new to them.
            if (!isThere)
            {
                Restate(draft);
            }
        });
    }

    private static Decision AddParticipant(FloorState.Open open, AddParticipant add, long timeUs) =>
        add.Participant is null or { Leg: 0 }
            ? Decision.Reject(RejectionCode.InvalidRequest, "a participant has a leg, from 1")
            : Draft(open, timeUs, draft => FloorMembership.Add(draft, add));

    private static Decision SetCondition(FloorSession session, SetCallCondition condition, long timeUs) =>
        session.Emergency == condition.Emergency && session.ImminentPeril == condition.ImminentPeril
            ? Decision.AlreadySo
            : Single(timeUs, new FloorEvent
            {
                ConditionSet = new FloorConditionSet { Emergency = condition.Emergency, ImminentPeril = condition.ImminentPeril },
            });

    private static void Request(FloorDraft draft, FloorParticipant participant, RequestFloor request)
    {
        var accepted = new AcceptedFloorRequest
        {
            Leg = participant.Leg,
            Class = FloorRank.ClassOf(draft.Session, request.Indicator),
            Priority = FloorRank.PriorityOf(participant, request.HasPriority, request.Priority),
            SinceUs = draft.NowUs,
            Ssrc = participant.Ssrc == 0 ? request.Ssrc : participant.Ssrc,
            FunctionalAlias = request.FunctionalAlias,
            Location = request.Location,
            TrackInfo = request.TrackInfo,
        };
        FloorArbitration.Request(draft, participant, accepted, RequestKind.Message);
    }

    // Who does not talk gives up its place in the queue, and is told how things are (6.3.5.3.5, 6.3.5.4.5, 6.3.5.8).
    private static void Release(FloorDraft draft, FloorParticipant participant, ReleaseFloor release)
    {
        var leg = participant.Leg;
        if (draft.Taken?.Find(leg) is { } talker)
        {
            var ended = new FloorTalkEnded { Leg = leg, Reason = FloorTalkEndReason.Released, Acknowledge = release.Acknowledge, TrackInfo = release.TrackInfo };
            FloorArbitration.EndTalk(draft, talker, ended);
            return;
        }

        if (draft.Session.Waits(leg))
        {
            draft.Add(new FloorEvent { RequestDropped = new FloorRequestDropped { Leg = leg, Reason = FloorRequestDropReason.Released } });
        }

        if (draft.Session.Unpermitted.ContainsKey(leg))
        {
            draft.Add(new FloorEvent { MediaUnpermittedEnded = new FloorMediaUnpermittedEnded { Leg = leg } });
        }

        FloorMembership.TellState(draft, participant, release);
        FloorSuccession.FillFreeSlots(draft);
    }

    private static Decision TellQueuePosition(RequestQueuePosition request, long timeUs) =>
        Single(timeUs, new FloorEvent { QueuePositionTold = new FloorQueuePositionTold { Leg = request.Leg, TrackInfo = request.TrackInfo } });

    private static Decision RevokeOfOther(FloorState.Open open, FloorParticipant participant, RevokeFloorOfOther revoke, long timeUs)
    {
        var draft = new FloorDraft(open, timeUs);
        if (!FloorAuthority.MayRevoke(draft, participant))
        {
            var refused = new FloorRevokeRequestRefused { Leg = revoke.Leg, User = revoke.User };
            return Decision.Refuse(
                new Rejection { Code = RejectionCode.NotAuthorised, Detail = $"leg {revoke.Leg} may not revoke the floor of others" },
                [new DomainEvent { TimeUs = timeUs, Floor = new FloorEvent { RevokeRequestRefused = refused } }]);
        }

        FloorAuthority.Revoke(draft, revoke);
        return Decision.Accept(draft.Events);
    }

    // While initialising the floor is neither idle nor taken, and nobody was told anything.
    private static void Restate(FloorDraft draft)
    {
        if (draft.State is FloorState.Initialising)
        {
            return;
        }

        var number = draft.Session.NextMessageSequenceNumber;
        var restated = new FloorRestated { MessageSequenceNumber = draft.Taken?.Overriding is null ? number : MessageSequence.Next(number) };
        foreach (var talker in draft.Taken?.Talkers.Where(talker => talker.IsPermitted) ?? [])
        {
            restated.Grants.Add(new RestatedGrant { Leg = talker.Leg, DurationS = FloorDuration.Remaining(draft.Rules, talker, draft.NowUs) });
        }

        draft.Add(new FloorEvent { Restated = restated });
    }

    // A timer that was changed or stopped meanwhile has another due time or none.
    private static Decision Expire(FloorState.Open open, Command command)
    {
        var fired = new ActorTimer(command.Timer.Name, command.Timer.DueUs);
        return FloorTimers.Of(open).Contains(fired) ? Draft(open, command.TimeUs, draft => FloorTimers.Expired(draft, fired.Name)) : Decision.AlreadySo;
    }
}
