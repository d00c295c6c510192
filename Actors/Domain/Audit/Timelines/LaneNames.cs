namespace Mcptt.Domain.Audit.Timelines;

/// <summary>Names as a lane shows them: without the scheme, and without the domain where all have the same. The whole identity is in the lane's title.</summary>
internal sealed class LaneNames
{
    private readonly string _domain;
    private readonly HashSet<string> _ambiguous;

    public LaneNames(IReadOnlyCollection<TimelineLane> lanes)
    {
        var domains = lanes.Select(lane => DomainOf(lane.User)).Distinct(StringComparer.Ordinal).ToList();
        _domain = domains is [var only] ? only : "";
        _ambiguous = lanes.GroupBy(lane => lane.User).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
    }

    public string Of(TimelineLane lane)
    {
        var name = lane.User;
        name = name.StartsWith("sip:", StringComparison.Ordinal) ? name["sip:".Length..] : name;
        name = _domain.Length > 0 && name.Length > _domain.Length ? name[..^_domain.Length] : name;
        name = name.Length == 0 ? "unknown" : name;
        return _ambiguous.Contains(lane.User) ? $"{name} ({lane.Client})" : name;
    }

    private static string DomainOf(string user) => user.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? user[at..] : "";
}
