using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;

namespace Mcptt.Domain.Ues;

internal static class UeReactor
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public static IEnumerable<Effect> React(UeState state, DomainEvent happened) =>
        happened.Ue.BodyCase switch
        {
            UeEvent.BodyOneofCase.ClientRegistered when happened.Ue.ClientRegistered.ReachableAnew =>
                TellContact((Known)state, happened.Ue.ClientRegistered.Client.Client.ClientId),
            UeEvent.BodyOneofCase.ClientSettingsChanged => TellContact((Known)state, happened.Ue.ClientSettingsChanged.ClientId),
            UeEvent.BodyOneofCase.ClientDeregistered => Deregistered((Known)state, happened),
            UeEvent.BodyOneofCase.AffiliationsChanged => Changed((Known)state, happened),
            UeEvent.BodyOneofCase.AffiliationSettled => Settled(state, happened),
            UeEvent.BodyOneofCase.AffiliationSubscribed => [Notify((Known)state, happened.Ue.AffiliationSubscribed.Subscription, happened.TimeUs)],
            UeEvent.BodyOneofCase.AffiliationSubscriptionEnded => [NotifyOnce((Known)state, happened.Ue.AffiliationSubscriptionEnded.Dialog)],
            UeEvent.BodyOneofCase.AffiliationFetched => [NotifyOnce((Known)state, happened.Ue.AffiliationFetched.Dialog)],
            _ => [],
        };

    private static IEnumerable<Effect> TellContact(Known state, string clientId)
    {
        var client = state.Clients[clientId];
        return client.Affiliations.Where(pair => pair.Value != AffiliationStage.Deaffiliating).Select(pair => Affiliate(pair.Key, client));
    }

    private static IEnumerable<Effect> Deregistered(Known state, DomainEvent happened)
    {
        var ended = happened.Ue.ClientDeregistered;
        var told = ended.GroupIds.Select(group => Deaffiliate(group, state.Id, ended.ClientId, keepInCall: false));
        return ended.GroupIds.Count == 0 ? told : told.Concat(NotifyAll(state, happened.TimeUs));
    }

    private static IEnumerable<Effect> Changed(Known state, DomainEvent happened)
    {
        var changed = happened.Ue.AffiliationsChanged;
        var client = state.Clients[changed.ClientId];
        return changed.Affiliating.Select(group => Affiliate(group, client))
            .Concat(changed.Deaffiliating.Select(group => Deaffiliate(group, state.Id, changed.ClientId, keepInCall: false)))
            .Concat(NotifyAll(state, happened.TimeUs));
    }

    private static IEnumerable<Effect> Settled(UeState state, DomainEvent happened)
    {
        var settled = happened.Ue.AffiliationSettled;
        if (settled.Unreachable || state is not Known known)
        {
            return [Deaffiliate(settled.GroupId, state.Id, settled.ClientId, keepInCall: true)];
        }

        // The group knows this client from its INVITE alone: it is told the registered address, which has the Path.
        var notify = NotifyAll(known, happened.TimeUs);
        return settled.ByGroup ? notify.Prepend(Affiliate(settled.GroupId, known.Clients[settled.ClientId])) : notify;
    }

    private static IEnumerable<Effect> NotifyAll(Known state, long timeUs) =>
        state.Subscriptions.Values.Select(subscription => Notify(state, subscription, timeUs));

    private static Effect Notify(Known state, AffiliationSubscription subscription, long timeUs) =>
        Notification(state, subscription.Dialog, (uint)Math.Clamp((subscription.ExpiresAtUs - timeUs) / MicrosecondsPerSecond, 1, uint.MaxValue));

    private static Effect NotifyOnce(Known state, Dialog dialog) => Notification(state, dialog, 0);

    private static Effect Notification(Known state, Dialog dialog, uint expiresSeconds)
    {
        var notify = new NotifyAffiliation { McpttId = state.Id, Dialog = dialog, ExpiresS = expiresSeconds };
        notify.Status.Add(UeViews.Statuses(state));
        return new Effect { Sip = new SipEffect { NotifyAffiliation = notify } };
    }

    private static Effect Affiliate(string group, UeClient client) =>
        ToGroup(group, new GroupCommand { Affiliate = new Affiliate { Client = client.Contact } });

    private static Effect Deaffiliate(string group, string mcpttId, string clientId, bool keepInCall) =>
        ToGroup(group, new GroupCommand { Deaffiliate = new Deaffiliate { McpttId = mcpttId, ClientId = clientId, KeepInCall = keepInCall } });

    private static Effect ToGroup(string group, GroupCommand command) =>
        new() { Command = new Command { To = ActorAddresses.Group(group), Group = command } };
}
