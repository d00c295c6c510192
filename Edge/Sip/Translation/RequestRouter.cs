using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>Every request that is neither ACK nor CANCEL: what RFC 3261 8.2 checks first, then the translation of its method.</summary>
internal sealed class RequestRouter(
    OwnAddresses own,
    RegisterTranslation registers,
    PublishTranslation publications,
    SubscribeTranslation subscriptions,
    InviteTranslation invites,
    DialogTranslation dialogs,
    Func<bool> isReady)
{
    private static readonly string[] KnownButNotAllowed = [SipMethods.Message, SipMethods.Refer, SipMethods.Prack, SipMethods.Notify];

    /// <summary>While the node drains, what is new goes elsewhere; calls under way go on.</summary>
    public bool IsDraining { get; set; }

    public async ValueTask<InviteOutcome> RouteAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        var message = request.Message;
        if (Check(message) is { } refusal)
        {
            return new(refusal, "");
        }

        return (message.Method, message.IsInDialog) switch
        {
            (SipMethods.Invite, false) => await invites.HandleAsync(request, cancellationToken),
            (SipMethods.Invite, true) => new(await dialogs.ReofferAsync(request, cancellationToken), ""),
            _ => new(await AnswerAsync(request, cancellationToken), ""),
        };
    }

    private async ValueTask<Answer> AnswerAsync(InboundRequest request, CancellationToken cancellationToken) =>
        request.Message.Method switch
        {
            SipMethods.Register => await registers.HandleAsync(request, cancellationToken),
            SipMethods.Publish => await publications.HandleAsync(request, cancellationToken),
            SipMethods.Subscribe => await subscriptions.HandleAsync(request, cancellationToken),
            SipMethods.Update => await dialogs.ReofferAsync(request, cancellationToken),
            SipMethods.Bye => await dialogs.ByeAsync(request, cancellationToken),
            SipMethods.Info => DialogTranslation.Info(request),
            SipMethods.Options => isReady() ? Options() : RejectionTable.Unavailable(),
            var method => Answer.Of(KnownButNotAllowed.Contains(method) ? 405 : 501, null, (SipHeaderNames.Allow, SipFeatures.Allow)),
        };

    private Answer? Check(RequestMessage message)
    {
        if (message.RequestUri is null)
        {
            return Answer.Of(416);
        }

        if (IsDraining && !message.IsInDialog)
        {
            return RejectionTable.Unavailable();
        }

        if (message.Vias.Any(own.IsOwnVia))
        {
            return Answer.Of(482);
        }

        // RFC 7332 4: a back-to-back element that starts new requests from this one is a hop.
        if (message is { IsInvite: true, IsInDialog: false, MaxForwards: 0 })
        {
            return Answer.Of(483);
        }

        return SipFeatures.NotUnderstood(message) is { Count: > 0 } tags
            ? Answer.Of(420, null, (SipHeaderNames.Unsupported, string.Join(", ", tags)))
            : null;
    }

    private static Answer Options() =>
        Answer.Of(
            200,
            null,
            (SipHeaderNames.Allow, SipFeatures.Allow),
            (SipHeaderNames.Accept, RequestBodies.Accepted),
            (SipHeaderNames.Supported, SipFeatures.Supported),
            (SipHeaderNames.AllowEvents, $"{PublishTranslation.PresenceEvent}, {PublishTranslation.PocSettingsEvent}"));
}
