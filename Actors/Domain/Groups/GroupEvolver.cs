using Mcptt.Protocol.Messages;
using Absent = Mcptt.Domain.Groups.GroupState.Absent;
using Present = Mcptt.Domain.Groups.GroupState.Present;

namespace Mcptt.Domain.Groups;

internal static class GroupEvolver
{
    public static GroupState Evolve(GroupState state, DomainEvent happened) =>
        (state, happened.Group?.BodyCase) switch
        {
            (Absent, GroupEvent.BodyOneofCase.DocumentPut) => new Present(state.Id, happened.Group.DocumentPut.Document),
            (Present present, GroupEvent.BodyOneofCase.DocumentPut) => present with
            {
                Document = happened.Group.DocumentPut.Document,
                Members = Present.ByMcpttId(happened.Group.DocumentPut.Document),
            },
            (Present, GroupEvent.BodyOneofCase.DocumentRemoved) => new Absent(state.Id),
            (Present present, GroupEvent.BodyOneofCase.ClientAffiliated) => Affiliated(present, happened.Group.ClientAffiliated.Client),
            (Present present, GroupEvent.BodyOneofCase.ClientDeaffiliated) => Deaffiliated(present, happened.Group.ClientDeaffiliated),
            (_, GroupEvent.BodyOneofCase.AffiliationRefused) => state,
            (Present present, GroupEvent.BodyOneofCase.CallStarted) => present with { Call = happened.Group.CallStarted.Call },
            (Present, GroupEvent.BodyOneofCase.CallJoined) => state,
            (Present present, GroupEvent.BodyOneofCase.CallCleared) => present with { Call = "" },
            (_, GroupEvent.BodyOneofCase.CallRefused) => state,
            (Present present, GroupEvent.BodyOneofCase.JoinRefused) =>
                present with { Refusals = present.Refusals.With(happened.Group.JoinRefused.McpttId, happened.Group.JoinRefused.WindowFromUs) },
            (Present present, GroupEvent.BodyOneofCase.JoinRefusalsCounted) => present with { Refusals = RefusalWindow.None },
            _ => throw new InvalidOperationException(
                $"a group that is {state.GetType().Name} cannot have {happened.Group?.BodyCase.ToString() ?? happened.BodyCase.ToString()}"),
        };

    private static Present Affiliated(Present present, ClientContact client) =>
        present with { Affiliated = present.Affiliated.SetItem(ClientKey.Of(client), client) };

    private static Present Deaffiliated(Present present, GroupClientDeaffiliated left) =>
        present with { Affiliated = present.Affiliated.Remove(new ClientKey(left.McpttId, left.ClientId)) };
}
