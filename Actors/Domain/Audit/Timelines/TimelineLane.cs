using System.Collections.Immutable;
using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Audit.Timelines;

/// <summary>One client of one user, with all the legs that it had; or a user who was refused and never had one.</summary>
internal sealed record TimelineLane(string User, string Client, ImmutableArray<StoryLeg> Legs)
{
    public bool WasInCall => Legs.Any(leg => leg.JoinedUs is not null);

    public bool IsPlainPhone => Legs.Any(leg => leg.IsPlainPhone);

    /// <summary>In the order in which they came; who never came is at the end.</summary>
    public static ImmutableArray<TimelineLane> Of(CallStory story)
    {
        var lanes = story.Legs
            .GroupBy(leg => (leg.User, leg.Client))
            .Select(legs => new TimelineLane(legs.Key.User, legs.Key.Client, [.. legs.OrderBy(leg => leg.Leg)]))
            .OrderBy(lane => lane.WasInCall ? 0 : 1)
            .ThenBy(lane => lane.Legs[0].Leg);
        var strangers = story.Refusals
            .Where(refusal => refusal is { Asked: StoryAsked.Join, Leg: 0, User.Length: > 0 })
            .Select(refusal => (refusal.User, refusal.Client))
            .Distinct()
            .Where(caller => !story.Legs.Any(leg => IsSame(leg, caller.User, caller.Client)))
            .Select(caller => new TimelineLane(caller.User, caller.Client, []));
        return [.. lanes, .. strangers];
    }

    public bool Has(uint leg) => Legs.Any(own => own.Leg == leg);

    /// <summary>A refusal without a leg is shown where the caller is.</summary>
    public bool Has(StoryRefusal refusal) =>
        refusal.Leg != 0 ? Has(refusal.Leg)
        : Legs.IsEmpty ? User == refusal.User && Client == refusal.Client
        : refusal.User.Length > 0 && Legs.Any(leg => IsSame(leg, refusal.User, refusal.Client));

    private static bool IsSame(StoryLeg leg, string user, string client) => leg.User == user && leg.Client == client;
}
