using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;
using Unknown = Mcptt.Domain.Ues.UeState.Unknown;

namespace Mcptt.Domain.Ues;

/// <summary>One actor per MCPTT ID: its clients' bindings and settings, their affiliations, and who hears of those.</summary>
public sealed class UeKind : ActorKind<UeState>
{
    public override ActorKindName Name => ActorKindName.Ue;

    public override UeState Initial(string id) => new Unknown(id, UeState.NoGroups);

    public override Decision Decide(UeState state, Command command) => UeDecider.Decide(state, command);

    public override UeState Evolve(UeState state, DomainEvent happened) => UeEvolver.Evolve(state, happened);

    public override IEnumerable<Effect> React(UeState state, DomainEvent happened) => UeReactor.React(state, happened);

    public override IEnumerable<ActorTimer> Timers(UeState state) =>
        state is not Known known
            ? []
            : known.Clients.Values.Select(client => new ActorTimer(UeTimers.Binding + client.Id, client.Registration.ExpiresAtUs))
                .Concat(known.Subscriptions.Select(pair => new ActorTimer(UeTimers.Subscription + pair.Key, pair.Value.ExpiresAtUs)));

    public override DomainSnapshot Save(UeState state)
    {
        var snapshot = new UeSnapshot();
        snapshot.ImplicitGroupIds.Add(state.ImplicitGroups);
        if (state is Known known)
        {
            snapshot.Profile = known.Profile;
            snapshot.Clients.Add(known.Clients.Values.Select(client => new RegisteredClient(client.Registration) { Client = client.Contact }));
            snapshot.Published.Add(known.Clients.Values.Where(client => !client.Published.IsEmpty).Select(ToPublished));
            snapshot.Affiliations.Add(UeViews.Statuses(known));
            snapshot.Subscriptions.Add(known.Subscriptions.Values);
        }

        return new DomainSnapshot { Ue = snapshot };
    }

    public override UeState Load(string id, DomainSnapshot snapshot)
    {
        var saved = snapshot.Ue;
        var groups = UeState.NoGroups.Union(saved.ImplicitGroupIds);
        return saved.Profile is null
            ? new Unknown(id, groups)
            : new Known(id, saved.Profile, groups)
            {
                Clients = UeState.NoClients.AddRange(saved.Clients.Select(client => KeyValuePair.Create(client.Client.ClientId, ToClient(client, saved)))),
                Subscriptions = UeState.NoSubscriptions.AddRange(saved.Subscriptions.Select(subscription => KeyValuePair.Create(subscription.Dialog.Key(), subscription))),
            };
    }

    private static AffiliationsPublished ToPublished(UeClient client)
    {
        var published = new AffiliationsPublished { ClientId = client.Id };
        published.GroupIds.Add(client.Published);
        return published;
    }

    private static UeClient ToClient(RegisteredClient registration, UeSnapshot saved)
    {
        var id = registration.Client.ClientId;
        var client = new UeClient(new RegisteredClient(registration) { Client = new ClientContact(registration.Client) { ManualAnswer = false } })
        {
            ManualAnswer = registration.Client.ManualAnswer,
        };
        return client with
        {
            Published = UeState.NoGroups.Union(saved.Published.Where(published => published.ClientId == id).SelectMany(published => published.GroupIds)),
            Affiliations = client.Affiliations.AddRange(saved.Affiliations
                .Where(status => status.ClientId == id)
                .Select(status => KeyValuePair.Create(status.GroupId, UeViews.Stage(status.Status)))),
        };
    }
}

internal static class UeTimers
{
    public const string Binding = "binding:";
    public const string Subscription = "subscription:";
}
