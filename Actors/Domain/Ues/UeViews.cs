using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;

namespace Mcptt.Domain.Ues;

/// <summary>What others are shown of a user.</summary>
internal static class UeViews
{
    public static IEnumerable<AffiliationStatus> Statuses(Known state) =>
        from client in state.Clients.Values
        from pair in client.Affiliations
        select new AffiliationStatus { ClientId = client.Id, GroupId = pair.Key, Status = Name(pair.Value) };

    public static IEnumerable<Binding> Bindings(Known state) =>
        state.Clients.Values.Select(client => new Binding
        {
            Client = client.Contact,
            ExpiresAtUs = client.Registration.ExpiresAtUs,
            UserAgent = client.Registration.UserAgent,
        });

    public static UeView View(Known state)
    {
        // HA1 values open the account like the password does: they go to the digest check alone.
        var profile = new UserProfile(state.Profile);
        profile.Ha1.Clear();
        var view = new UeView { Profile = profile };
        view.Bindings.Add(Bindings(state));
        view.Affiliations.Add(Statuses(state));
        view.ImplicitGroupIds.Add(state.ImplicitGroups);
        return view;
    }

    public static string Name(AffiliationStage stage) =>
        stage switch
        {
            AffiliationStage.Affiliating => "affiliating",
            AffiliationStage.Affiliated => "affiliated",
            _ => "deaffiliating",
        };

    public static AffiliationStage Stage(string name) =>
        name switch
        {
            "affiliating" => AffiliationStage.Affiliating,
            "affiliated" => AffiliationStage.Affiliated,
            "deaffiliating" => AffiliationStage.Deaffiliating,
            _ => throw new InvalidOperationException($"a snapshot with the affiliation status \"{name}\""),
        };
}
