using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Groups;

/// <summary>Which documents make sense. The reason names the key as the operator wrote it.</summary>
internal static class GroupDocuments
{
    /// <summary>Null: it does.</summary>
    public static string? WhyInvalid(GroupDocument? document, string groupId)
    {
        if (document is null || document.GroupId != groupId)
        {
            return $"group_id is \"{document?.GroupId}\", the group is {groupId}";
        }

        return WhyIdentityInvalid("group_id", groupId)
            ?? WhySettingsInvalid(document)
            ?? WhyNumbersInvalid(document)
            ?? WhyMembersInvalid(document);
    }

    private static string? WhySettingsInvalid(GroupDocument document)
    {
        if (document.SessionType is not (SessionType.Prearranged or SessionType.Chat))
        {
            return $"session_type is {document.SessionType}, not prearranged or chat";
        }

        if (document.DisplayName.Length > GroupLimits.MaxNameChars)
        {
            return $"display_name has {document.DisplayName.Length} characters, at most {GroupLimits.MaxNameChars}";
        }

        if (document.Codecs.Count > GroupLimits.MaxCodecs || document.Codecs.Any(codec => codec.Length == 0 || codec.Any(c => c <= ' ' || c == '/')))
        {
            return $"codecs: at most {GroupLimits.MaxCodecs} encoding names such as AMR-WB or PCMU";
        }

        return null;
    }

    private static string? WhyNumbersInvalid(GroupDocument document) =>
        Above("hang_timer_ms", document.HangTimerMs, GroupLimits.MaxHangTimerMs)
        ?? Above("acknowledgement_timeout_ms", document.AcknowledgementTimeoutMs, GroupLimits.MaxAcknowledgementTimeoutMs)
        ?? Above("talk_limit_ms", document.TalkLimitMs, GroupLimits.MaxTalkLimitMs)
        ?? Above("emergency_time_limit_ms", document.EmergencyTimeLimitMs, GroupLimits.MaxEmergencyTimeLimitMs)
        ?? Above("queue_depth", document.QueueDepth, GroupLimits.MaxQueueDepth)
        ?? Above("priority_levels", document.PriorityLevels, GroupLimits.MaxPriority)
        ?? Above("max_talkers", document.MaxTalkers, GroupLimits.MaxTalkers)
        ?? Above("members", (uint)document.Members.Count, GroupLimits.MaxMembers)
        ?? (document.MaxParticipants == 1 ? "max_participants is 1: a call needs two" : null)
        ?? (document.MinimumToStart > 0 && document.MinimumToStart >= Math.Max(1, document.Members.Count)
            ? $"minimum_to_start is {document.MinimumToStart}, more than the {Math.Max(0, document.Members.Count - 1)} members whom one of them can call"
            : null)
        ?? (document.AudioCutIn && document.MaxTalkers > 1 ? "audio_cut_in and max_talkers above 1 exclude each other" : null);

    private static string? WhyMembersInvalid(GroupDocument document)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in document.Members)
        {
            var why = WhyIdentityInvalid("mcptt_id", member.McpttId)
                ?? Above($"user_priority of {member.McpttId}", member.UserPriority, GroupLimits.MaxPriority)
                ?? (seen.Add(member.McpttId) ? null : $"member {member.McpttId} is there twice");
            if (why is not null)
            {
                return why;
            }
        }

        return null;
    }

    private static string? WhyIdentityInvalid(string key, string identity)
    {
        var isUri = identity.StartsWith("sip:", StringComparison.Ordinal) || identity.StartsWith("tel:", StringComparison.Ordinal) || identity.StartsWith("sips:", StringComparison.Ordinal);
        var isClean = identity.Length <= GroupLimits.MaxIdentityChars && !identity.Any(c => c <= ' ' || c is '<' or '>' or '"' or ';' or '?');
        return isUri && isClean && identity.Length > "sip:".Length ? null : $"{key} \"{identity}\" is not a sip: or tel: URI without parameters";
    }

    private static string? Above(string key, uint value, uint limit) => value > limit ? $"{key} is {value}, at most {limit}" : null;
}
