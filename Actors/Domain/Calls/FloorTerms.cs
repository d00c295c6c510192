namespace Mcptt.Domain.Calls;

/// <summary>What this side grants a member in a=fmtp:MCPTT (TS 24.380 14.3.3).</summary>
internal sealed record FloorTerms(bool Queueing, byte PriorityLimit, bool MayRequestImplicitly)
{
    /// <summary>A group without num-levels-priority-hierarchy does not limit priorities further.</summary>
    public const uint AllPriorityLevels = byte.MaxValue;

    public static FloorTerms Of(Mcptt.Protocol.Messages.CallRules rules, Mcptt.Protocol.Messages.CallMember member, bool createsSession)
    {
        var levels = rules.PriorityLevels == 0 ? AllPriorityLevels : rules.PriorityLevels;
        return new FloorTerms(rules.QueueDepth > 0, (byte)Math.Min(Math.Min(member.UserPriority, levels), byte.MaxValue), createsSession && !member.ReceiveOnly);
    }
}
