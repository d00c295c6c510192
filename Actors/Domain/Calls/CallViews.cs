using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>What others are shown of a call.</summary>
internal static class CallViews
{
    public static CallView View(CallState state)
    {
        var view = state switch
        {
            CallState.Started started => Of(started),
            CallState.Releasing releasing => new CallView { GroupId = releasing.GroupId, Phase = "releasing", StartedUs = releasing.StartedUs },
            CallState.Ended ended => new CallView { GroupId = ended.GroupId, Phase = "ended", StartedUs = ended.StartedUs, EndedUs = ended.EndedUs },
            _ => new CallView { Phase = "not-started" },
        };
        view.Call = state.Id;
        view.Legs.Add(state.Core.Legs.Values.Select(Of));
        return view;
    }

    private static CallView Of(CallState.Started started)
    {
        var view = new CallView
        {
            GroupId = started.Rules.GroupId,
            SessionType = started.Rules.SessionType,
            StartedUs = started.StartedUs,
            Emergency = started.Core.Condition.Emergency,
            ImminentPeril = started.Core.Condition.ImminentPeril,
            Phase = started switch
            {
                CallState.Opening => "opening",
                CallState.Gathering => "gathering",
                _ => "active",
            },
        };
        if (started is CallState.InSession session)
        {
            view.MediaNode = session.Placement.MediaNode;
            view.MediaAddress = session.Placement.Address;
            view.RtpPort = session.Placement.RtpPort;
            view.FloorPort = session.Placement.FloorPort;
        }

        return view;
    }

    private static LegView Of(CallLeg leg) =>
        new()
        {
            Leg = leg.Number,
            McpttId = leg.Member.Client.McpttId,
            ClientId = leg.Member.Client.ClientId,
            Outgoing = leg is CallLeg.Invited or CallLeg.Cancelling or CallLeg.InSession { Outgoing: true },
            Phase = leg switch
            {
                CallLeg.Waiting => "waiting",
                CallLeg.Invited => "invited",
                CallLeg.Cancelling => "cancelling",
                CallLeg.Leaving => "leaving",
                CallLeg.InSession { Media.SendOnly: true } => "held",
                _ => "in-session",
            },
        };
}
