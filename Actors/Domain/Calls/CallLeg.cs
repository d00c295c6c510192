using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Calls;

/// <summary>One client in a call, by the state of its INVITE and dialog.</summary>
public abstract record CallLeg
{
    private CallLeg(uint number, CallMember member)
    {
        Number = number;
        Member = member;
    }

    public uint Number { get; }

    public CallMember Member { get; }

    public bool IsOf(string mcpttId, string clientId) => Member.Client.McpttId == mcpttId && Member.Client.ClientId == clientId;

    /// <summary>Its INVITE waits for our final answer.</summary>
    public sealed record Waiting(uint Number, CallMember Member, IncomingInvite Invite) : CallLeg(Number, Member);

    /// <summary>Our INVITE waits for its final answer.</summary>
    public sealed record Invited(uint Number, CallMember Member, MemberInvitation Invitation, string EffectId, long SinceUs) : CallLeg(Number, Member);

    /// <summary>Our INVITE is cancelled; its final answer, perhaps a 200 that crossed the CANCEL, is still to come.</summary>
    public sealed record Cancelling(uint Number, CallMember Member, MemberInvitation Invitation, string EffectId, long SinceUs) : CallLeg(Number, Member);

    /// <summary>It has a dialog and agreed media.</summary>
    public sealed record InSession(uint Number, CallMember Member, Dialog Dialog, LegMedia Media, string LocalSdp) : CallLeg(Number, Member)
    {
        /// <summary>We invited it.</summary>
        public bool Outgoing { get; init; }

        /// <summary>The ACK to our 200 has come; of an outgoing leg always true.</summary>
        public bool Confirmed { get; init; }

        /// <summary>Null: no session timer (RFC 4028).</summary>
        public SessionTimer? Timer { get; init; }

        public long RefreshedUs { get; init; }

        /// <summary>CSeq of our re-INVITE under way; 0: none.</summary>
        public uint RefreshCseq { get; init; }

        public long RefreshSentUs { get; init; }

        /// <summary>The condition of the call as this client was told it last.</summary>
        public CallCondition Told { get; init; }

        /// <summary>The same by our re-INVITE under way.</summary>
        public CallCondition Telling { get; init; }

        /// <summary>Its media is still where the session was: it has not agreed to where the session is now.</summary>
        public bool Behind { get; init; }

        /// <summary>re-INVITEs in a row by which it refused to follow.</summary>
        public uint MoveRefusals { get; init; }

        /// <summary>When our next re-INVITE is due other than by the session timer; 0: not.</summary>
        public long RefreshRetryUs { get; init; }
    }

    /// <summary>Out of the session, but its BYE must wait for the ACK to our 200 (RFC 3261 15).</summary>
    public sealed record Leaving(uint Number, CallMember Member, Dialog Dialog, long SinceUs) : CallLeg(Number, Member);
}
