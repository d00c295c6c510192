using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;
using Unknown = Mcptt.Domain.Ues.UeState.Unknown;

namespace Mcptt.Domain.Ues;

internal static class UeEvolver
{
    public static UeState Evolve(UeState state, DomainEvent happened) =>
        (state, happened.Ue?.BodyCase) switch
        {
            (_, UeEvent.BodyOneofCase.ImplicitAffiliationChanged) => ImplicitChanged(state, happened.Ue.ImplicitAffiliationChanged),
            (Unknown unknown, UeEvent.BodyOneofCase.UserProvisioned) => new Known(unknown.Id, happened.Ue.UserProvisioned.Profile, unknown.ImplicitGroups),
            (Known known, UeEvent.BodyOneofCase.UserProvisioned) => known with { Profile = happened.Ue.UserProvisioned.Profile },
            (Known known, UeEvent.BodyOneofCase.UserRemoved) => new Unknown(known.Id, known.ImplicitGroups),
            (Known known, UeEvent.BodyOneofCase.ClientRegistered) => Registered(known, happened.Ue.ClientRegistered.Client),
            (Known known, UeEvent.BodyOneofCase.ClientDeregistered) => Notified(known, known.Clients[happened.Ue.ClientDeregistered.ClientId].Affiliations.Count > 0)
                with
            { Clients = known.Clients.Remove(happened.Ue.ClientDeregistered.ClientId) },
            (Known known, UeEvent.BodyOneofCase.ClientSettingsChanged) =>
                With(known, happened.Ue.ClientSettingsChanged.ClientId, client => client with { ManualAnswer = happened.Ue.ClientSettingsChanged.ManualAnswer }),
            (Known known, UeEvent.BodyOneofCase.AffiliationsPublished) => Published(known, happened.Ue.AffiliationsPublished),
            (Known known, UeEvent.BodyOneofCase.AffiliationsChanged) => Changed(known, happened.Ue.AffiliationsChanged),
            (Known known, UeEvent.BodyOneofCase.AffiliationSettled) => Settled(known, happened.Ue.AffiliationSettled),
            (Unknown unknown, UeEvent.BodyOneofCase.AffiliationSettled) when happened.Ue.AffiliationSettled.Unreachable => unknown,
            (Known known, UeEvent.BodyOneofCase.AffiliationSubscribed) => Subscribed(known, happened.Ue.AffiliationSubscribed.Subscription),
            (Known known, UeEvent.BodyOneofCase.AffiliationSubscriptionEnded) =>
                known with { Subscriptions = known.Subscriptions.Remove(happened.Ue.AffiliationSubscriptionEnded.Dialog.Key()) },
            (Known known, UeEvent.BodyOneofCase.AffiliationFetched) => known,
            _ => throw new InvalidOperationException($"a user that is {state.GetType().Name} cannot have {happened.Ue?.BodyCase.ToString() ?? happened.BodyCase.ToString()}"),
        };

    private static UeState ImplicitChanged(UeState state, ImplicitAffiliationChanged changed) =>
        state with { ImplicitGroups = changed.Implicit ? state.ImplicitGroups.Add(changed.GroupId) : state.ImplicitGroups.Remove(changed.GroupId) };

    private static Known Registered(Known known, RegisteredClient registration)
    {
        var client = known.Clients.TryGetValue(registration.Client.ClientId, out var before)
            ? before with { Registration = registration }
            : new UeClient(registration);
        return known with { Clients = known.Clients.SetItem(client.Id, client) };
    }

    private static Known Published(Known known, AffiliationsPublished published) =>
        With(known, published.ClientId, client => client with { Published = UeState.NoGroups.Union(published.GroupIds) });

    private static Known Changed(Known known, AffiliationsChanged changed) =>
        Notified(With(known, changed.ClientId, client => client with
        {
            Affiliations = client.Affiliations
                .SetItems(changed.Affiliating.Select(group => KeyValuePair.Create(group, AffiliationStage.Affiliating)))
                .SetItems(changed.Deaffiliating.Select(group => KeyValuePair.Create(group, AffiliationStage.Deaffiliating))),
        }));

    private static Known Settled(Known known, AffiliationSettled settled) =>
        settled.Unreachable
            ? known
            : Notified(With(known, settled.ClientId, client => client with
            {
                Affiliations = settled.Affiliated
                    ? client.Affiliations.SetItem(settled.GroupId, AffiliationStage.Affiliated)
                    : client.Affiliations.Remove(settled.GroupId),
                // What the group refused is not wanted any more: the client publishes it again if it still wants it.
                Published = settled.Affiliated ? client.Published : client.Published.Remove(settled.GroupId),
            }));

    private static Known Subscribed(Known known, AffiliationSubscription subscription) =>
        known with { Subscriptions = known.Subscriptions.SetItem(subscription.Dialog.Key(), subscription) };

    // Each subscriber gets a NOTIFY of such an event: the next request of its dialog (RFC 3261 12.2.1.1).
    private static Known Notified(Known known, bool any = true) =>
        any
            ? known with
            {
                Subscriptions = known.Subscriptions.SetItems(known.Subscriptions.Select(pair =>
                    KeyValuePair.Create(pair.Key, new AffiliationSubscription(pair.Value) { Dialog = pair.Value.Dialog.Next() }))),
            }
            : known;

    private static Known With(Known known, string clientId, Func<UeClient, UeClient> change) =>
        known with { Clients = known.Clients.SetItem(clientId, change(known.Clients[clientId])) };
}
