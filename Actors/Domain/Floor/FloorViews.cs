using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>The floor as the management API shows it.</summary>
internal static class FloorViews
{
    public static FloorView Of(FloorState state)
    {
        var view = new FloorView { Phase = PhaseOf(state) };
        if (state is FloorState.Open open)
        {
            view.Participants.Add(open.Session.Participants.Values);
            view.Queue.Add(open.Session.Queue.Select(request => new QueuedRequest
            {
                Leg = request.Leg,
                McpttId = open.Session.Participants[request.Leg].McpttId,
                Priority = request.Priority,
                SinceUs = request.SinceUs,
            }));
        }

        if (state is FloorState.Taken taken)
        {
            view.Holders.Add(taken.Talkers.Select(talker => new FloorHolder
            {
                Leg = talker.Leg,
                McpttId = taken.Session.Participants[talker.Leg].McpttId,
                SinceUs = talker.GrantedUs,
                Priority = talker.Request.Priority,
            }));
        }

        return view;
    }

    private static string PhaseOf(FloorState state) =>
        state switch
        {
            FloorState.Initialising => "initialising",
            FloorState.Idle => "idle",
            FloorState.Taken taken => taken.Talkers.Exists(talker => talker.IsPermitted) ? "taken" : "pending-revoke",
            _ => "closed",
        };
}
