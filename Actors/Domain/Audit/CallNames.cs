using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Whose leg is whose in one call, and its group: collected from the events of the call and of its floor, because most name a leg only.</summary>
public sealed class CallNames
{
    private ImmutableDictionary<uint, string> _users = ImmutableDictionary<uint, string>.Empty;

    public string Group { get; private set; } = "";

    public IReadOnlyDictionary<uint, string> Users => _users;

    /// <summary>Empty when no event that was taken says so.</summary>
    public string UserOf(uint leg) => _users.GetValueOrDefault(leg, "");

    /// <summary>For a sentence: the MCPTT ID, or the leg's number.</summary>
    public string Who(uint leg) => _users.TryGetValue(leg, out var user) ? user : leg == 0 ? "somebody" : $"leg {leg}";

    /// <summary>An event of the call actor or of its floor actor; others change nothing.</summary>
    public void Take(DomainEvent happened)
    {
        if (happened.Call is { } call)
        {
            Take(call);
        }
        else if (happened.Floor is { } floor)
        {
            Take(floor);
        }
    }

    private void Take(CallEvent call)
    {
        switch (call.BodyCase)
        {
            case CallEvent.BodyOneofCase.Initiated:
                Group = call.Initiated.Rules?.GroupId ?? "";
                Name(FirstLeg, call.Initiated.Originator?.Client?.McpttId ?? call.Initiated.Invite?.McpttId);
                break;
            case CallEvent.BodyOneofCase.JoinReceived:
                Name(call.JoinReceived.Leg, call.JoinReceived.Member?.Client?.McpttId ?? call.JoinReceived.Invite?.McpttId);
                break;
            case CallEvent.BodyOneofCase.MembersInvited:
                foreach (var invitation in call.MembersInvited.Invitations)
                {
                    Name(invitation.Leg, invitation.Member?.Client?.McpttId);
                }

                break;
        }
    }

    private void Take(FloorEvent floor)
    {
        switch (floor.BodyCase)
        {
            case FloorEvent.BodyOneofCase.Opened:
                Group = floor.Opened.Rules?.GroupId ?? "";
                break;
            case FloorEvent.BodyOneofCase.ParticipantAdded:
                Name(floor.ParticipantAdded.Participant);
                break;
            case FloorEvent.BodyOneofCase.ParticipantChanged:
                Name(floor.ParticipantChanged.Participant);
                break;
        }
    }

    // ops/docs/architecture.md: the originator is leg 1.
    private const uint FirstLeg = 1;

    private void Name(FloorParticipant? participant) => Name(participant?.Leg ?? 0, participant?.McpttId);

    private void Name(uint leg, string? user)
    {
        if (!string.IsNullOrEmpty(user))
        {
            _users = _users.SetItem(leg, user);
        }
    }
}
