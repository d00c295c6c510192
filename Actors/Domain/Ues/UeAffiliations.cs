using Mcptt.Protocol.Messages;
using Known = Mcptt.Domain.Ues.UeState.Known;

namespace Mcptt.Domain.Ues;

/// <summary>
/// Affiliation (TS 24.379 9): per client, wanted because the client published the group or because the group's document
/// makes it implicit; settled by the group.
/// </summary>
internal static class UeAffiliations
{
    public static Decision Publish(Known known, Command command, PublishAffiliation publish)
    {
        if (!known.Clients.TryGetValue(publish.ClientId, out var client))
        {
            return UeBindings.NotRegistered(known, publish.ClientId);
        }

        if (publish.ExpiresS is not (0 or UeLimits.AffiliationExpiresSeconds))
        {
            return Decision.Reject(
                RejectionCode.IntervalTooBrief, $"affiliations are published with Expires {UeLimits.AffiliationExpiresSeconds} or 0", UeLimits.AffiliationExpiresSeconds);
        }

        var published = publish.ExpiresS == 0 ? UeState.NoGroups : UeState.NoGroups.Union(publish.GroupIds);
        if (TooMany(known, client, published) is { } tooMany)
        {
            return tooMany;
        }

        var events = new List<DomainEvent>();
        if (!published.SetEquals(client.Published))
        {
            var set = new AffiliationsPublished { ClientId = client.Id };
            set.GroupIds.Add(published);
            events.Add(UeDecider.Happened(command, new UeEvent { AffiliationsPublished = set }));
        }

        events.AddRange(Follow(known, command, client with { Published = published }));
        return Decision.Accept(events, new Accepted { Affiliation = new AffiliationAccepted() });
    }

    public static Decision SetImplicit(UeState state, Command command, SetImplicitAffiliation set)
    {
        var events = new List<DomainEvent>();
        if (state.ImplicitGroups.Contains(set.GroupId) != set.Implicit)
        {
            events.Add(UeDecider.Happened(command, new UeEvent
            {
                ImplicitAffiliationChanged = new ImplicitAffiliationChanged { GroupId = set.GroupId, Implicit = set.Implicit },
            }));
        }

        var after = events.Aggregate(state, UeEvolver.Evolve);
        if (after is Known known)
        {
            events.AddRange(known.Clients.Values.SelectMany(client => Follow(known, command, client, set.GroupId)));
        }

        return Decision.Accept(events);
    }

    /// <summary>
    /// The group's answer. An answer that a later wish has overtaken is passed over: the answer to that wish is on its way. That is
    /// why a refusal carries a reason and a confirmed departure none.
    /// </summary>
    public static Decision Outcome(UeState state, Command command, AffiliationOutcome outcome)
    {
        if (state is not Known known || !known.Clients.TryGetValue(outcome.ClientId, out var client))
        {
            return outcome.Affiliated ? Settle(command, outcome, byGroup: true, unreachable: true) : Decision.AlreadySo;
        }

        AffiliationStage? stage = client.Affiliations.TryGetValue(outcome.GroupId, out var found) ? found : null;
        return (stage, outcome.Affiliated) switch
        {
            (null, true) => Settle(command, outcome, byGroup: true),
            (AffiliationStage.Affiliating, true) => Settle(command, outcome),
            (AffiliationStage.Deaffiliating, false) => Settle(command, outcome),
            (AffiliationStage.Affiliating or AffiliationStage.Affiliated, false) when outcome.Reason != RejectionCode.Unspecified => Settle(command, outcome),
            _ => Decision.AlreadySo,
        };
    }

    private static Decision Settle(Command command, AffiliationOutcome outcome, bool byGroup = false, bool unreachable = false) =>
        Decision.Accept([UeDecider.Happened(command, new UeEvent
        {
            AffiliationSettled = new AffiliationSettled
            {
                ClientId = outcome.ClientId,
                GroupId = outcome.GroupId,
                Affiliated = outcome.Affiliated,
                Reason = outcome.Reason,
                ByGroup = byGroup,
                Unreachable = unreachable,
            },
        })]);

    // What must change for one client so that its affiliations become what is wanted; for one group, or for all.
    private static IEnumerable<DomainEvent> Follow(Known known, Command command, UeClient client, string? onlyGroup = null)
    {
        var wanted = client.Published.Union(known.ImplicitGroups);
        var changed = new AffiliationsChanged { ClientId = client.Id };
        changed.Affiliating.Add(wanted.Where(group => IsConcerned(group, onlyGroup)
            && (!client.Affiliations.TryGetValue(group, out var stage) || stage == AffiliationStage.Deaffiliating)));
        changed.Deaffiliating.Add(client.Affiliations
            .Where(pair => IsConcerned(pair.Key, onlyGroup) && pair.Value != AffiliationStage.Deaffiliating && !wanted.Contains(pair.Key))
            .Select(pair => pair.Key));
        return changed.Affiliating.Count + changed.Deaffiliating.Count == 0
            ? []
            : [UeDecider.Happened(command, new UeEvent { AffiliationsChanged = changed })];
    }

    private static bool IsConcerned(string group, string? onlyGroup) => onlyGroup is null || group == onlyGroup;

    // N2 limits the groups of a user, whichever of the clients wants them.
    private static Decision? TooMany(Known known, UeClient client, System.Collections.Immutable.ImmutableSortedSet<string> published)
    {
        var groups = published.Union(known.ImplicitGroups).Union(known.Clients.Values.Where(other => other.Id != client.Id).SelectMany(other => other.Published));
        var limit = known.Profile.MaxAffiliationsN2;
        if (limit != 0 && groups.Count > limit && published.Count > 0)
        {
            return Decision.Reject(RejectionCode.TooManyAffiliations, $"{groups.Count} groups, N2 is {limit}");
        }

        return published.Count > UeLimits.MaxPublishedGroups
            ? Decision.Reject(RejectionCode.TooManyAffiliations, $"{published.Count} groups in one PUBLISH, at most {UeLimits.MaxPublishedGroups}")
            : null;
    }
}
