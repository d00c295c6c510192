using System.Collections.Immutable;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ues;

/// <summary>One user. Groups may ask for a user's implicit affiliation before the user is provisioned: that is kept either way.</summary>
public abstract record UeState
{
    private UeState(string id, ImmutableSortedSet<string> implicitGroups)
    {
        Id = id;
        ImplicitGroups = implicitGroups;
    }

    public string Id { get; }

    public ImmutableSortedSet<string> ImplicitGroups { get; init; }

    /// <summary>Nobody has this MCPTT ID.</summary>
    public sealed record Unknown(string Id, ImmutableSortedSet<string> ImplicitGroups) : UeState(Id, ImplicitGroups);

    public sealed record Known(string Id, UserProfile Profile, ImmutableSortedSet<string> ImplicitGroups) : UeState(Id, ImplicitGroups)
    {
        /// <summary>By client id.</summary>
        public ImmutableSortedDictionary<string, UeClient> Clients { get; init; } = NoClients;

        /// <summary>Who wants to hear of affiliations, by the key that Dialogs makes of Call-ID and remote tag.</summary>
        public ImmutableSortedDictionary<string, AffiliationSubscription> Subscriptions { get; init; } = NoSubscriptions;
    }

    internal static readonly ImmutableSortedDictionary<string, UeClient> NoClients =
        ImmutableSortedDictionary.Create<string, UeClient>(StringComparer.Ordinal);

    internal static readonly ImmutableSortedDictionary<string, AffiliationSubscription> NoSubscriptions =
        ImmutableSortedDictionary.Create<string, AffiliationSubscription>(StringComparer.Ordinal);

    public static readonly ImmutableSortedSet<string> NoGroups = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

public enum AffiliationStage
{
    Affiliating,
    Affiliated,
    Deaffiliating,
}

/// <summary>A registered client with what it wants (published groups) and how far that got (affiliations).</summary>
public sealed record UeClient(RegisteredClient Registration)
{
    public bool ManualAnswer { get; init; }

    public ImmutableSortedSet<string> Published { get; init; } = UeState.NoGroups;

    public ImmutableSortedDictionary<string, AffiliationStage> Affiliations { get; init; } =
        ImmutableSortedDictionary.Create<string, AffiliationStage>(StringComparer.Ordinal);

    public string Id => Registration.Client.ClientId;

    /// <summary>What groups are told: the address and how it wants to be invited.</summary>
    public ClientContact Contact => new(Registration.Client) { ManualAnswer = ManualAnswer };
}
