using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Events of a user, in words.</summary>
internal static class UeEventWords
{
    private const string Bindings = "RFC 3261 10.3";
    private const string Affiliation = "TS 24.379 9.2.2.2.3";
    private const string Notification = "RFC 6665 4.2.2";

    public static Told? Tell(string user, UeEvent happened) =>
        happened.BodyCase switch
        {
            UeEvent.BodyOneofCase.UserProvisioned => new(happened.UserProvisioned.ByRegistration
                ? $"{user} became known by registering: this is an open lab."
                : $"{user} was provisioned{Words.Named(happened.UserProvisioned.Profile?.DisplayName)}."),
            UeEvent.BodyOneofCase.UserRemoved => new($"{user} was removed."),
            UeEvent.BodyOneofCase.ClientRegistered => Registered(user, happened.ClientRegistered),
            UeEvent.BodyOneofCase.ClientDeregistered => Deregistered(user, happened.ClientDeregistered),
            UeEvent.BodyOneofCase.ClientSettingsChanged => new(
                $"{user} lets calls be answered {(happened.ClientSettingsChanged.ManualAnswer ? "by hand" : "automatically")} on client {happened.ClientSettingsChanged.ClientId}.",
                "TS 24.379 7.3.3"),
            UeEvent.BodyOneofCase.AffiliationsPublished => new(
                $"{user} wants client {happened.AffiliationsPublished.ClientId} affiliated to {Words.List(happened.AffiliationsPublished.GroupIds, "no group")}.",
                Affiliation),
            UeEvent.BodyOneofCase.AffiliationsChanged => Changed(user, happened.AffiliationsChanged),
            UeEvent.BodyOneofCase.AffiliationSettled => Settled(user, happened.AffiliationSettled),
            UeEvent.BodyOneofCase.ImplicitAffiliationChanged => new(
                $"Clients of {user} are {(happened.ImplicitAffiliationChanged.Implicit ? "" : "no more ")}affiliated to {happened.ImplicitAffiliationChanged.GroupId} by the group's document.",
                "TS 24.379 9.2.2")
            {
                Group = happened.ImplicitAffiliationChanged.GroupId,
            },
            UeEvent.BodyOneofCase.AffiliationSubscribed => new(
                $"{Words.Address(happened.AffiliationSubscribed.Subscription?.Dialog?.Remote, "Somebody")} subscribed to the affiliations of {user}, until {Words.Time(happened.AffiliationSubscribed.Subscription?.ExpiresAtUs ?? 0)}.",
                Notification),
            UeEvent.BodyOneofCase.AffiliationSubscriptionEnded => new(
                $"{Words.Address(happened.AffiliationSubscriptionEnded.Dialog?.Remote, "Somebody")} is told no more of the affiliations of {user}: {Ended(happened.AffiliationSubscriptionEnded.Cause)}.",
                Notification),
            UeEvent.BodyOneofCase.AffiliationFetched => new(
                $"{Words.Address(happened.AffiliationFetched.Dialog?.Remote, "Somebody")} fetched the affiliations of {user} once.", Notification),
            _ => null,
        };

    private static Told Registered(string user, ClientRegistered registered)
    {
        var client = registered.Client ?? new();
        var contact = client.Client ?? new();
        var way = contact.Flow is { Remote.Length: > 0 } flow ? $" from {flow.Remote}" : "";
        var kind = contact.McpttClient ? "" : ", a plain SIP phone";
        return new($"{user} {(registered.ReachableAnew ? "registered" : "refreshed")} client {contact.ClientId}{way}{kind}{(client.ThirdParty ? ", through the core" : "")}, until {Words.Time(client.ExpiresAtUs)}.",
            client.ThirdParty ? "TS 24.229 5.4.1.7" : Bindings);
    }

    private static Told Deregistered(string user, ClientDeregistered gone) =>
        new(
            $"Client {gone.ClientId} of {user} is registered no more: " + gone.Cause switch
            {
                DeregistrationCause.Requested => "it asked for that.",
                DeregistrationCause.Expired => "its registration ran out.",
                DeregistrationCause.LoggedOff => "it logged off.",
                DeregistrationCause.Replaced => "another registration took its place.",
                DeregistrationCause.UserRemoved => "the user was removed.",
                _ => "no reason was given.",
            },
            gone.Cause == DeregistrationCause.LoggedOff ? "TS 24.379 7.3.3" : Bindings);

    private static Told Changed(string user, AffiliationsChanged changed)
    {
        var parts = new List<string>(2);
        if (changed.Affiliating.Count > 0)
        {
            parts.Add($"asks to be affiliated to {Words.List(changed.Affiliating, "")}");
        }

        if (changed.Deaffiliating.Count > 0)
        {
            parts.Add($"leaves {Words.List(changed.Deaffiliating, "")}");
        }

        return new($"Client {changed.ClientId} of {user} {(parts.Count > 0 ? string.Join(" and ", parts) : "keeps its affiliations")}.", Affiliation);
    }

    private static Told Settled(string user, AffiliationSettled settled)
    {
        var client = $"Client {settled.ClientId} of {user}";
        var sentence =
            settled.Unreachable ? $"{client} has no registration any more: {settled.GroupId} is told to forget it."
            : settled.Affiliated ? $"{client} is affiliated to {settled.GroupId}{(settled.ByGroup ? ", by its call" : "")}."
            : settled.Reason == RejectionCode.Unspecified ? $"{client} is not affiliated to {settled.GroupId} any more."
            : $"{client} was not affiliated to {settled.GroupId}: {RejectionWords.Of(settled.Reason)}.";
        var refused = settled is { Affiliated: false, Unreachable: false } && settled.Reason != RejectionCode.Unspecified;
        return new(sentence, refused ? RejectionWords.ClauseOf(settled.Reason) : Affiliation) { Group = settled.GroupId };
    }

    private static string Ended(SubscriptionEnd cause) =>
        cause switch
        {
            SubscriptionEnd.Requested => "that was asked for",
            SubscriptionEnd.Expired => "the subscription ran out",
            SubscriptionEnd.Replaced => "another subscription took its place",
            SubscriptionEnd.UserRemoved => "the user was removed",
            _ => "no reason was given",
        };
}
