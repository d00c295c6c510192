using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Models;

internal static class CallModelMapping
{
    public static CallModel ToModel(CallView view, FloorView? floor) =>
        new()
        {
            Call = view.Call,
            GroupId = view.GroupId,
            SessionType = view.SessionType == SessionType.Unspecified ? null : SessionTypeNames.Name(view.SessionType),
            Phase = view.Phase,
            Emergency = view.Emergency,
            ImminentPeril = view.ImminentPeril,
            StartedAt = view.StartedUs > 0 ? Wire.Time(view.StartedUs) : null,
            EndedAt = view.EndedUs > 0 ? Wire.Time(view.EndedUs) : null,
            Legs = [.. view.Legs.Select(ToModel)],
            Media = view.MediaNode.Length == 0 ? null : ToMedia(view),
            Floor = floor is null ? null : ToModel(floor),
        };

    private static LegModel ToModel(LegView leg) =>
        new()
        {
            Leg = leg.Leg,
            McpttId = leg.McpttId,
            ClientId = leg.ClientId,
            Phase = leg.Phase,
            Outgoing = leg.Outgoing,
        };

    private static MediaModel ToMedia(CallView view) =>
        new()
        {
            MediaNode = view.MediaNode,
            Address = view.MediaAddress,
            RtpPort = view.RtpPort,
            FloorPort = view.FloorPort,
        };

    private static FloorModel ToModel(FloorView floor) =>
        new()
        {
            Phase = floor.Phase,
            Holders = [.. floor.Holders.Select(holder => ToModel(holder.Leg, holder.McpttId, holder.Priority, holder.SinceUs))],
            Queue = [.. floor.Queue.Select(queued => ToModel(queued.Leg, queued.McpttId, queued.Priority, queued.SinceUs))],
        };

    private static FloorHolderModel ToModel(uint leg, string mcpttId, uint priority, long sinceUs) =>
        new()
        {
            Leg = leg,
            McpttId = mcpttId,
            Priority = priority,
            Since = Wire.Time(sinceUs),
        };
}
