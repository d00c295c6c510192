using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

public static class SipEffectFlow
{
    /// <summary>By which way the effect leaves, the edge node included. Null: it names none, and any edge finds the way by its Route or Request-URI.</summary>
    public static Flow? FlowOf(this SipEffect effect) =>
        effect.BodyCase switch
        {
            SipEffect.BodyOneofCase.Invite => effect.Invite.Client?.Flow,
            SipEffect.BodyOneofCase.Cancel => effect.Cancel.Invite?.Client?.Flow,
            SipEffect.BodyOneofCase.Bye => effect.Bye.Dialog?.Flow,
            SipEffect.BodyOneofCase.Answer => effect.Answer.Request?.Flow,
            SipEffect.BodyOneofCase.Refuse => effect.Refuse.Request?.Flow,
            SipEffect.BodyOneofCase.Refresh => effect.Refresh.Dialog?.Flow,
            SipEffect.BodyOneofCase.Inform => effect.Inform.Dialog?.Flow,
            SipEffect.BodyOneofCase.NotifyAffiliation => effect.NotifyAffiliation.Dialog?.Flow,
            _ => null,
        };
}
