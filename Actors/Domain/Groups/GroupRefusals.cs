using Mcptt.Protocol.Messages;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

/// <summary>
/// Who was refused a call, as events (ADR 0009): as many as <see cref="GroupLimits.RefusalsPerMinute"/> says one by one, the others of that
/// minute in one event that counts them. Without a group there is nothing to protect and nothing is stored.
/// </summary>
internal static class GroupRefusals
{
    private const string MinuteTimer = "refusals";

    public static Decision Refuse(GroupState state, Command command, IncomingInvite invite, Rejection rejection)
    {
        var refusal = Decision.Refuse(rejection, []);
        if (state is not Present group || invite.McpttId.Length == 0)
        {
            return refusal;
        }

        var isOver = group.Refusals.EndUs <= command.TimeUs;
        var window = isOver ? RefusalWindow.None with { FromUs = command.TimeUs } : group.Refusals;
        if (!window.Takes(invite.McpttId))
        {
            return refusal.Counted();
        }

        var refused = Refused(group, command, invite, rejection, window.FromUs);
        return isOver && group.Refusals.IsFull
            ? Decision.Refuse(rejection, [Counted(group, command), refused]).TellingCount()
            : Decision.Refuse(rejection, [refused]);
    }

    public static Decision Fired(GroupState state, Command command) =>
        state is Present group && Timers(group).Contains(new ActorTimer(command.Timer.Name, command.Timer.DueUs))
            ? Decision.Accept([Counted(group, command)]).TellingCount()
            : Decision.AlreadySo;

    /// <summary>Only where something may have been counted.</summary>
    public static IEnumerable<ActorTimer> Timers(GroupState state) =>
        state is Present { Refusals.IsFull: true } group ? [new ActorTimer(MinuteTimer, group.Refusals.EndUs)] : [];

    private static DomainEvent Counted(Present group, Command command) =>
        GroupDecider.Happened(command, new GroupEvent
        {
            JoinRefusalsCounted = new GroupJoinRefusalsCounted { FromUs = group.Refusals.FromUs, Count = command.Unrecorded, Call = group.Call },
        });

    private static DomainEvent Refused(Present group, Command command, IncomingInvite invite, Rejection rejection, long windowFromUs) =>
        GroupDecider.Happened(command, new GroupEvent
        {
            JoinRefused = new GroupJoinRefused
            {
                McpttId = invite.McpttId,
                ClientId = invite.ClientId,
                Rejection = rejection,
                Call = group.Call,
                Remote = invite.Request.Flow?.Remote ?? "",
                Emergency = invite.Emergency,
                ImminentPeril = invite.ImminentPeril,
                WindowFromUs = windowFromUs,
            },
        });
}
