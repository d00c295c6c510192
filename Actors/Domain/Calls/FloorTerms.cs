namespace Mcptt.Domain.Calls;

/// <summary>What this side grants a member in a=fmtp:MCPTT (TS 24.380 14.3.3).</summary>
internal sealed record FloorTerms(bool Queueing, byte PriorityLimit, bool MayRequestImplicitly)
{
    /// <summary>A group without num-levels-priority-hierarchy does not limit priorities further.</summary>
    public const uint AllPriorityLevels = byte.MaxValue;

    /// <param name="rules">The call's.</param>
    /// <param name="member">Whose terms they are.</param>
    /// <param name="mayAskImplicitly">The INVITE creates the session, or declares an emergency or imminent peril (6.3.5.3.9): others never ask for the floor.</param>
    public static FloorTerms Of(Mcptt.Protocol.Messages.CallRules rules, Mcptt.Protocol.Messages.CallMember member, bool mayAskImplicitly)
    {
        var levels = rules.PriorityLevels == 0 ? AllPriorityLevels : rules.PriorityLevels;
        return new FloorTerms(rules.QueueDepth > 0, (byte)Math.Min(Math.Min(member.UserPriority, levels), byte.MaxValue), mayAskImplicitly && !member.ReceiveOnly);
    }
}
