using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>Gathers the events of one command and knows the state after them, so that each rule sees what the one before it decided.</summary>
internal sealed class CallDraft(CallState state, Command command)
{
    private readonly List<DomainEvent> _events = [];

    public CallState State { get; private set; } = state;

    public Command Command => command;

    public long NowUs => command.TimeUs;

    public CallCore Core => State.Core;

    /// <summary>Decided by then; a rule that makes events asks for it where they would be impossible otherwise.</summary>
    public CallState.InSession Session => (CallState.InSession)State;

    public IEnumerable<CallLeg.InSession> Participants => Core.Legs.Values.OfType<CallLeg.InSession>();

    public IEnumerable<CallLeg.Invited> Invited => Core.Legs.Values.OfType<CallLeg.Invited>();

    public IEnumerable<CallLeg.Waiting> Waiting => Core.Legs.Values.OfType<CallLeg.Waiting>();

    public void Add(CallEvent body)
    {
        var happened = new DomainEvent { TimeUs = NowUs, Call = body };
        State = CallEvolver.Evolve(State, happened);
        _events.Add(happened);
    }

    public void Refuse(uint leg, IncomingInvite invite, RejectionCode code, string detail, uint minimumSeconds = 0) =>
        Add(new CallEvent
        {
            InviteRefused = new InviteRefused
            {
                Leg = leg,
                Request = invite.Request,
                LocalTag = leg == 0 ? DerivedIds.Tag(command.CommandId) : CallIdentity.Tag(Core.Id, leg),
                Rejection = new Rejection { Code = code, Detail = detail, MinimumS = minimumSeconds },
                McpttId = invite.McpttId,
                ClientId = invite.ClientId,
            },
        });

    public void Leave(CallLeg.InSession leg, LeaveCause cause)
    {
        var left = new ParticipantLeft { Leg = leg.Number, Cause = cause };
        var weEndIt = cause is not (LeaveCause.Bye or LeaveCause.Unspecified);
        if (weEndIt && (leg.Confirmed || cause == LeaveCause.NotAcknowledged))
        {
            left.Bye = leg.Dialog.Next();
        }
        else
        {
            left.ByeAfterAck = weEndIt;
        }

        Add(new CallEvent { ParticipantLeft = left });
    }

    /// <summary>The peer ended the dialog or does not know it (481): no BYE.</summary>
    public void Lost(CallLeg.InSession leg) => Add(new CallEvent { ParticipantLeft = new ParticipantLeft { Leg = leg.Number, Cause = LeaveCause.DialogLost } });

    public void Cancel(CallLeg.Invited leg, string reason) =>
        Add(new CallEvent { MemberInviteCancelled = new MemberInviteCancelled { Leg = leg.Number, Reason = reason } });

    /// <summary>What holds after every command is seen to here, so that no path forgets it.</summary>
    public Decision Done(Accepted? payload = null)
    {
        CallRefreshes.TellAll(this);
        CallMedia.EndOverlap(this);
        CallFloorBeginning.Check(this);
        return Decision.Accept(_events, payload);
    }
}

/// <summary>Names that a call gives (architecture.md, Identities).</summary>
internal static class CallIdentity
{
    public static string Tag(string callId, uint leg) => $"c{callId}l{leg}";

    public static string SipCallId(string callId, uint leg) => $"{callId}.{leg}@mcptt";

    /// <summary>From of what we send to a member: the group calls.</summary>
    public static string Local(string groupId, string callId, uint leg) => $"<{groupId}>;tag={Tag(callId, leg)}";
}
