using System.Diagnostics.CodeAnalysis;
using Mcptt.Api.Json;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

/// <summary>Between <see cref="GroupModel"/> and the message. What only the group can judge, the group actor judges.</summary>
public static class GroupModelMapping
{
    private const uint MaxPriority = 255;

    // TS 24.380 8.2.3.5: positions 254 and 255 have another meaning.
    private const uint MaxQueueDepth = 253;
    private const int MaxDisplayNameLength = 256;
    private const int MaxCodecs = 16;

    /// <summary>The name of the document counts unless <paramref name="groupId"/> names it already; they must not contradict.</summary>
    public static bool TryToDocument(
        GroupModel model,
        string? groupId,
        JsonPlaces places,
        [NotNullWhen(true)] out GroupDocument? document,
        out IReadOnlyList<JsonFault> faults
    )
    {
        var check = new FaultList(places);
        var id = check.Identity("groupId", model.GroupId, groupId);
        var type = SessionTypeOf(model, check);
        CheckNumbers(model, check);
        var members = Members(model, check);
        faults = check.Faults;
        document = faults.Count > 0 ? null : Build(model, id, type, members);
        return document is not null;
    }

    public static GroupModel ToModel(GroupDocument document) =>
        new()
        {
            GroupId = document.GroupId,
            DisplayName = Wire.OrNull(document.DisplayName),
            Disabled = document.Disabled,
            SessionType = SessionTypeNames.Name(document.SessionType),
            Members = [.. document.Members.Select(ToModel)],
            MaxParticipants = document.MaxParticipants,
            HangTimerSeconds = Wire.Seconds(document.HangTimerMs),
            MaxDurationSeconds = Wire.Seconds(document.MaxDurationMs),
            AcknowledgementTimeoutSeconds = Wire.Seconds(document.AcknowledgementTimeoutMs),
            ProceedWithoutRequired = document.ProceedWithoutRequired,
            MinimumToStart = document.MinimumToStart,
            TalkLimitSeconds = Wire.Seconds(document.TalkLimitMs),
            QueueDepth = document.QueueDepth,
            PriorityLevels = document.PriorityLevels,
            AudioCutIn = document.AudioCutIn,
            Broadcast = document.Broadcast,
            DualFloor = document.DualFloor,
            MaxTalkers = document.MaxTalkers,
            Temporary = document.Temporary,
            EmergencyTimeLimitSeconds = Wire.Seconds(document.EmergencyTimeLimitMs),
            AcknowledgeFloor = document.AcknowledgeFloor,
            Codecs = [.. document.Codecs],
            Recorded = document.Recorded,
        };

    public static GroupStateModel ToState(string groupId, GroupView view) =>
        new() { GroupId = groupId, Affiliated = [.. view.Affiliated.Select(Wire.Client)], Call = Wire.OrNull(view.Call) };

    public static GroupSummaryModel ToSummary(GroupView view) =>
        new()
        {
            GroupId = view.Document.GroupId,
            DisplayName = Wire.OrNull(view.Document.DisplayName),
            SessionType = SessionTypeNames.Name(view.Document.SessionType),
            Disabled = view.Document.Disabled,
            Members = view.Document.Members.Count,
            Affiliated = view.Affiliated.Count,
            Call = Wire.OrNull(view.Call),
        };

    private static GroupMemberModel ToModel(GroupMember member) =>
        new()
        {
            McpttId = member.McpttId,
            UserPriority = member.UserPriority,
            ReceiveOnly = member.ReceiveOnly,
            Required = member.Required,
            MayNotInitiate = member.MayNotInitiate,
            MayNotJoin = member.MayNotJoin,
            ImplicitAffiliation = member.ImplicitAffiliation,
            MultiTalkerAllowed = member.MultiTalkerAllowed,
            MayStartEmergency = member.Rights?.StartEmergency ?? false,
            MayCancelEmergency = member.Rights?.CancelEmergency ?? false,
            MayStartImminentPeril = member.Rights?.StartImminentPeril ?? false,
            MayCancelImminentPeril = member.Rights?.CancelImminentPeril ?? false,
            MayCancelQueued = member.Rights?.CancelQueued ?? false,
            MayRevokeFloor = member.Rights?.RevokeFloor ?? false,
        };

    private static SessionType SessionTypeOf(GroupModel model, FaultList check)
    {
        if (!SessionTypeNames.OfGroups.Contains(model.SessionType))
        {
            check.Add("sessionType", $"\"{model.SessionType}\" is no session type of a group", Suggestion.Phrase(model.SessionType, [.. SessionTypeNames.OfGroups]));
        }

        return SessionTypeNames.TryParse(model.SessionType, out var type) ? type : SessionType.Unspecified;
    }

    private static void CheckNumbers(GroupModel model, FaultList check)
    {
        check.Seconds("hangTimerSeconds", model.HangTimerSeconds);
        check.Seconds("maxDurationSeconds", model.MaxDurationSeconds);
        check.Seconds("acknowledgementTimeoutSeconds", model.AcknowledgementTimeoutSeconds);
        check.Seconds("talkLimitSeconds", model.TalkLimitSeconds);
        check.Seconds("emergencyTimeLimitSeconds", model.EmergencyTimeLimitSeconds);
        check.AtMost("priorityLevels", model.PriorityLevels, MaxPriority);
        check.AtMost("queueDepth", model.QueueDepth, MaxQueueDepth);
        check.TextLength("displayName", model.DisplayName, MaxDisplayNameLength);
        check.AtMost("codecs", (uint)model.Codecs.Count, MaxCodecs);
        for (var index = 0; index < model.Codecs.Count; index++)
        {
            if (model.Codecs[index].Length == 0 || !model.Codecs[index].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '+'))
            {
                check.Add($"codecs[{index}]", $"\"{model.Codecs[index]}\" is no encoding name", "write one as in SDP, for instance \"AMR-WB\" or \"PCMU\"");
            }
        }
    }

    private static List<GroupMember> Members(GroupModel model, FaultList check)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var members = new List<GroupMember>(model.Members.Count);
        for (var index = 0; index < model.Members.Count; index++)
        {
            var member = model.Members[index];
            var field = $"members[{index}]";
            check.AtMost($"{field}.userPriority", member.UserPriority, MaxPriority);
            var id = check.Identity($"{field}.mcpttId", member.McpttId, null);
            if (id.Length > 0 && !seen.Add(id))
            {
                check.Add($"{field}.mcpttId", $"{id} is a member twice", "keep one of the entries");
            }

            members.Add(
                new GroupMember
                {
                    McpttId = id,
                    UserPriority = member.UserPriority,
                    ReceiveOnly = member.ReceiveOnly,
                    Required = member.Required,
                    MayNotInitiate = member.MayNotInitiate,
                    MayNotJoin = member.MayNotJoin,
                    ImplicitAffiliation = member.ImplicitAffiliation,
                    MultiTalkerAllowed = member.MultiTalkerAllowed,
                    Rights = Rights(member),
                }
            );
        }

        return members;
    }

    // Absent where there are none, so that a document says the same however it was written.
    private static CallRights? Rights(GroupMemberModel member)
    {
        var rights = new CallRights
        {
            StartEmergency = member.MayStartEmergency,
            CancelEmergency = member.MayCancelEmergency,
            StartImminentPeril = member.MayStartImminentPeril,
            CancelImminentPeril = member.MayCancelImminentPeril,
            CancelQueued = member.MayCancelQueued,
            RevokeFloor = member.MayRevokeFloor,
        };
        return rights.Equals(new CallRights()) ? null : rights;
    }

    private static GroupDocument Build(GroupModel model, string id, SessionType type, List<GroupMember> members) =>
        new()
        {
            GroupId = id,
            DisplayName = model.DisplayName ?? "",
            Disabled = model.Disabled,
            SessionType = type,
            Members = { members },
            MaxParticipants = model.MaxParticipants,
            HangTimerMs = Wire.Milliseconds(model.HangTimerSeconds),
            MaxDurationMs = Wire.Milliseconds(model.MaxDurationSeconds),
            AcknowledgementTimeoutMs = Wire.Milliseconds(model.AcknowledgementTimeoutSeconds),
            ProceedWithoutRequired = model.ProceedWithoutRequired,
            MinimumToStart = model.MinimumToStart,
            TalkLimitMs = Wire.Milliseconds(model.TalkLimitSeconds),
            QueueDepth = model.QueueDepth,
            PriorityLevels = model.PriorityLevels,
            AudioCutIn = model.AudioCutIn,
            Broadcast = model.Broadcast,
            DualFloor = model.DualFloor,
            MaxTalkers = model.MaxTalkers,
            Temporary = model.Temporary,
            EmergencyTimeLimitMs = Wire.Milliseconds(model.EmergencyTimeLimitSeconds),
            AcknowledgeFloor = model.AcknowledgeFloor,
            Codecs = { model.Codecs },
            Recorded = model.Recorded,
        };
}
