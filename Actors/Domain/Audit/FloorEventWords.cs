using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Events of the floor of a call, in words.</summary>
internal static class FloorEventWords
{
    public static Told? Tell(FloorEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            FloorEvent.BodyOneofCase.Opened => Opened(happened.Opened),
            FloorEvent.BodyOneofCase.PlacementChanged => new(
                happened.PlacementChanged.NextMediaNode.Length == 0
                    ? $"The floor goes on at media node {happened.PlacementChanged.MediaNode}."
                    : $"Media node {happened.PlacementChanged.NextMediaNode} learns who may talk; the floor still goes by {happened.PlacementChanged.MediaNode}.")
            {
                Group = happened.PlacementChanged.Rules?.GroupId ?? "",
            },
            FloorEvent.BodyOneofCase.Closed => new("The floor is closed: nobody may talk any more.", "TS 24.380 6.3.4.7"),
            FloorEvent.BodyOneofCase.Initialised => new("All parts of the temporary group are there: the floor begins.", "TS 24.380 6.3.4"),
            FloorEvent.BodyOneofCase.ParticipantAdded => Participant(happened.ParticipantAdded.Participant ?? new(), "takes part in floor control"),
            FloorEvent.BodyOneofCase.ParticipantChanged => Participant(happened.ParticipantChanged.Participant ?? new(), "takes part with other values"),
            FloorEvent.BodyOneofCase.ParticipantRemoved => Of(
                happened.ParticipantRemoved.Leg, $"{names.Who(happened.ParticipantRemoved.Leg)} takes no part in floor control any more.", "TS 24.380 6.3.5.7"),
            FloorEvent.BodyOneofCase.ConditionSet => Condition(happened.ConditionSet),
            FloorEvent.BodyOneofCase.InactivityReported => new("Nobody talked until T4 ran out: the call is told.", "TS 24.380 6.3.4.3.5"),
            FloorEvent.BodyOneofCase.Restated => new("After a restart everybody was told again who may talk."),
            _ => TellRequest(happened, names) ?? TellTalk(happened, names) ?? TellMany(happened, names),
        };

    // Who asked, and what became of it.
    private static Told? TellRequest(FloorEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            FloorEvent.BodyOneofCase.Granted => Granted(happened.Granted, names),
            FloorEvent.BodyOneofCase.GrantRepeated => Of(
                happened.GrantRepeated.Leg,
                $"{names.Who(happened.GrantRepeated.Leg)} was told again of having the floor, for {happened.GrantRepeated.DurationS} s more.",
                "TS 24.380 6.3.4.4.9"),
            FloorEvent.BodyOneofCase.GrantAcknowledged => Of(
                happened.GrantAcknowledged.Leg, $"{names.Who(happened.GrantAcknowledged.Leg)} acknowledged the grant.", "TS 24.380 11.1.3"),
            FloorEvent.BodyOneofCase.Denied => Denied(happened.Denied, names),
            FloorEvent.BodyOneofCase.RevokeRequestRefused => Of(
                happened.RevokeRequestRefused.Leg,
                $"{names.Who(happened.RevokeRequestRefused.Leg)} asked that the floor be revoked from {Words.Or(happened.RevokeRequestRefused.User, "somebody")} and may not do so: ignored.",
                "TS 24.380 8.2.17"),
            FloorEvent.BodyOneofCase.RequestKept => Of(
                happened.RequestKept.Request?.Leg ?? 0,
                $"{names.Who(happened.RequestKept.Request?.Leg ?? 0)} asked for the floor while the others were still being invited; the request is kept.",
                "TS 24.380 6.3.4.3.3"),
            FloorEvent.BodyOneofCase.RequestQueued => Queued(happened.RequestQueued, names),
            FloorEvent.BodyOneofCase.RequestDropped => Dropped(happened.RequestDropped, names),
            FloorEvent.BodyOneofCase.QueuePositionTold => Of(
                happened.QueuePositionTold.Leg, $"{names.Who(happened.QueuePositionTold.Leg)} asked for the position in the queue and was told.", "TS 24.380 6.3.5.4.6"),
            FloorEvent.BodyOneofCase.QueuedRequestsCancelled => Of(
                happened.QueuedRequestsCancelled.Leg,
                $"{names.Who(happened.QueuedRequestsCancelled.Leg)} cancelled the queued requests of {Words.List(happened.QueuedRequestsCancelled.CancelledUsers, "nobody")}.",
                "TS 24.380 8.2.15"),
            _ => null,
        };

    // A burst, from its first packet to its end.
    private static Told? TellTalk(FloorEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            FloorEvent.BodyOneofCase.TalkStarted => Of(
                happened.TalkStarted.Leg, $"{names.Who(happened.TalkStarted.Leg)} begins to talk: the first packet of voice came.", "TS 24.380 6.3.4.4.3"),
            FloorEvent.BodyOneofCase.TalkEnded => Ended(happened.TalkEnded, names),
            FloorEvent.BodyOneofCase.Revoked => Of(
                happened.Revoked.Leg,
                $"The floor is revoked from {names.Who(happened.Revoked.Leg)}: {FloorCauseWords.OfRevoke(happened.Revoked.Cause)}"
                    + (happened.Revoked.ByLeg > 0 ? $" by {names.Who(happened.Revoked.ByLeg)}" : "")
                    + $" (Floor Revoke cause {happened.Revoked.Cause}).",
                FloorCauseWords.ClauseOfRevoke(happened.Revoked.Cause)),
            FloorEvent.BodyOneofCase.RevokeRepeated => Of(
                happened.RevokeRepeated.Leg, $"{names.Who(happened.RevokeRepeated.Leg)} was told again to stop talking (T8).", "TS 24.380 6.3.5.6.2"),
            FloorEvent.BodyOneofCase.MediaUnpermitted => Of(
                happened.MediaUnpermitted.Leg,
                $"{names.Who(happened.MediaUnpermitted.Leg)} sends voice without the floor; nobody hears it (Floor Revoke cause 3, {Words.Count((int)happened.MediaUnpermitted.RevokesSent, "time")}).",
                "TS 24.380 6.3.5.4.7"),
            FloorEvent.BodyOneofCase.MediaUnpermittedEnded => Of(
                happened.MediaUnpermittedEnded.Leg, $"{names.Who(happened.MediaUnpermittedEnded.Leg)} sends no voice without the floor any more.", "TS 24.380 6.3.5.7"),
            FloorEvent.BodyOneofCase.Idled => new("The floor is free; everybody was told.", "TS 24.380 6.3.4.3.2"),
            FloorEvent.BodyOneofCase.IdleRepeated => new("Everybody was told again that the floor is free (T7).", "TS 24.380 6.3.4.3.4"),
            FloorEvent.BodyOneofCase.StateTold => Of(
                happened.StateTold.Leg, $"{names.Who(happened.StateTold.Leg)} was told who has the floor.", "TS 24.380 6.3.5.2.2"),
            FloorEvent.BodyOneofCase.MediaFlowControlled => Of(
                happened.MediaFlowControlled.Leg,
                $"{names.Who(happened.MediaFlowControlled.Leg)} asked for {(happened.MediaFlowControlled.Stopped ? "no voice: it hears nothing until it asks again" : "voice again")}.",
                "TS 24.380 8.2.16"),
            _ => null,
        };

    // Dual floor, several talkers, acknowledgements.
    private static Told? TellMany(FloorEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            FloorEvent.BodyOneofCase.OverrideEnded => new("Who talked over the other has ended.", "TS 24.380 6.3.6.3.6"),
            FloorEvent.BodyOneofCase.OverrideBecameFloor => Of(
                happened.OverrideBecameFloor.Leg,
                $"The first talker has ended; {names.Who(happened.OverrideBecameFloor.Leg)}, who talked over the other, has the floor alone.",
                "TS 24.380 6.3.6.3"),
            FloorEvent.BodyOneofCase.TalkerReleased => new($"{happened.TalkerReleased.McpttId} is no talker any more; the others were told.", "TS 24.380 6.3.4.4.6")
            {
                User = happened.TalkerReleased.McpttId,
                Leg = happened.TalkerReleased.Leg,
            },
            FloorEvent.BodyOneofCase.AcknowledgementAwaited => new(
                $"Told {Words.Count((int)happened.AcknowledgementAwaited.Sent, "time")}, an acknowledgement is awaited of {Words.List([.. happened.AcknowledgementAwaited.Legs.Select(names.Who)], "nobody")}.",
                "TS 24.380 8.2"),
            FloorEvent.BodyOneofCase.Acknowledged => Of(happened.Acknowledged.Leg, $"{names.Who(happened.Acknowledged.Leg)} acknowledged what it was told.", "TS 24.380 8.2"),
            _ => null,
        };

    private static Told Opened(FloorOpened opened)
    {
        var rules = opened.Rules ?? new();
        var traits = new List<string>();
        traits.Add(rules.QueueDepth > 0 ? $"a queue of {rules.QueueDepth}" : "no queue");
        traits.AddRange(rules.AudioCutIn ? ["audio cut-in"] : []);
        traits.AddRange(rules.Broadcast ? ["broadcast"] : []);
        traits.AddRange(rules.DualFloor ? ["dual floor"] : []);
        traits.AddRange(rules.MaxTalkers > 1 ? [$"{rules.MaxTalkers} talkers at once"] : []);
        return new($"The floor is open at media node {opened.MediaNode}: {string.Join(", ", traits)}; a burst lasts {Words.Seconds(rules.T2Ms)} at most.", "TS 24.380 6.3.4.2.2")
        {
            Group = rules.GroupId,
        };
    }

    private static Told Participant(FloorParticipant participant, string what)
    {
        var traits = participant.ReceiveOnly ? "listens only" : $"priority {participant.UserPriority}";
        var way = participant.FloorChannel ? "" : ", a plain phone whose voice speaks for it";
        return new($"{participant.McpttId} {what}: {traits}{(participant.Queueing ? ", may queue" : "")}{way}.", "TS 24.380 6.3.5.2.2")
        {
            User = participant.McpttId,
            Leg = participant.Leg,
        };
    }

    private static Told Condition(FloorConditionSet condition) =>
        new(
            condition.Emergency ? "The call is in an emergency." : condition.ImminentPeril ? "The call is in imminent peril." : "The call is in no emergency any more.",
            "TS 24.380 6.3.5.4.8");

    private static Told Granted(FloorGranted granted, CallNames names)
    {
        var request = granted.Request ?? new();
        var over = granted.Overriding ? ", talking over who has it already" : "";
        return Of(
            request.Leg,
            $"{names.Who(request.Leg)} has the floor{over}: {FloorCauseWords.Rank(request)}, for {granted.DurationS} s at most.",
            granted.Overriding ? "TS 24.380 6.3.6.3.2" : "TS 24.380 6.3.4.4.2");
    }

    private static Told Queued(FloorRequestQueued queued, CallNames names)
    {
        var request = queued.Request ?? new();
        return Of(
            request.Leg,
            $"{names.Who(request.Leg)} asked for the floor and waits at position {queued.Position}: {FloorCauseWords.Rank(request)}{(request.Preemptive ? ", pre-emptive" : "")}.",
            request.Preemptive ? "TS 24.380 6.3.4.4.7" : "TS 24.380 6.3.5.4.4");
    }

    private static Told Denied(FloorDenied denied, CallNames names)
    {
        var asked = denied.Manner switch
        {
            FloorRequestManner.Implicit => "asked for the floor with the INVITE",
            FloorRequestManner.Speech => "spoke, which asks for the floor,",
            _ => "asked for the floor",
        };
        var cause = denied.Manner == FloorRequestManner.Unspecified ? $"Floor Deny cause {denied.Cause}" : $"cause {denied.Cause}, without a Floor Deny";
        return Of(denied.Leg, $"{names.Who(denied.Leg)} {asked} and was denied: {FloorCauseWords.OfDeny(denied.Cause)} ({cause}).", "TS 24.380 8.2.6.2");
    }

    private static Told Dropped(FloorRequestDropped dropped, CallNames names) =>
        Of(
            dropped.Leg,
            $"{names.Who(dropped.Leg)} waits for the floor no more: " + dropped.Reason switch
            {
                FloorRequestDropReason.Released => "the request was taken back.",
                FloorRequestDropReason.Cancelled => "somebody who may do so cancelled it.",
                FloorRequestDropReason.NotEligible => "the member may only listen now.",
                FloorRequestDropReason.WaitedTooLong => "it waited too long.",
                _ => "no reason was given.",
            },
            "TS 24.380 6.3.5.4.5");

    private static Told Ended(FloorTalkEnded ended, CallNames names)
    {
        var (why, clause) = ended.Reason switch
        {
            FloorTalkEndReason.Released => ("released the floor", "TS 24.380 6.3.4.4.6"),
            FloorTalkEndReason.MediaEnded => ("sent no voice until T1 ran out", "TS 24.380 6.3.4.4.4"),
            FloorTalkEndReason.Revoked => ("did not stop until T3 ran out", "TS 24.380 6.3.4.5.4"),
            FloorTalkEndReason.LeftCall => ("left the call", "TS 24.380 6.3.4.4.6"),
            _ => ("ended for no reason that was given", ""),
        };
        return Of(ended.Leg, $"{names.Who(ended.Leg)} has the floor no more: {why}.", clause);
    }

    private static Told Of(uint leg, string sentence, string clause) => new(sentence, clause) { Leg = leg };
}
