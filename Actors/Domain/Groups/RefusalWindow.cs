using System.Collections.Immutable;

namespace Mcptt.Domain.Groups;

/// <summary>
/// The minute that bounds how many refusals a group stores one by one. It begins with a refusal; the first one after its end
/// begins the next.
/// </summary>
public sealed record RefusalWindow(long FromUs, ImmutableSortedDictionary<string, uint> ByUser)
{
    private const long MinuteUs = 60_000_000;

    public static RefusalWindow None { get; } = new(0, ImmutableSortedDictionary.Create<string, uint>(StringComparer.Ordinal));

    public long EndUs => FromUs + MinuteUs;

    public uint Stored => (uint)ByUser.Values.Sum(refusals => refusals);

    /// <summary>It may have refused more than it stored.</summary>
    public bool IsFull => Stored >= GroupLimits.RefusalsPerMinute || ByUser.Values.Any(refusals => refusals >= GroupLimits.RefusalsPerUserAndMinute);

    public bool Takes(string mcpttId) =>
        Stored < GroupLimits.RefusalsPerMinute && ByUser.GetValueOrDefault(mcpttId) < GroupLimits.RefusalsPerUserAndMinute;

    /// <summary>One more. Another start is another minute.</summary>
    public RefusalWindow With(string mcpttId, long fromUs)
    {
        var current = fromUs == FromUs ? this : None with { FromUs = fromUs };
        return current with { ByUser = current.ByUser.SetItem(mcpttId, current.ByUser.GetValueOrDefault(mcpttId) + 1) };
    }
}
