using System.Diagnostics.CodeAnalysis;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Nodes;

namespace Mcptt.Api.Events;

/// <summary>What a client wants to hear of.</summary>
/// <param name="JournalKinds">Kinds of events of the journal; empty: none.</param>
/// <param name="ClusterKinds">Kinds of changes of the cluster.</param>
/// <param name="After">Only what stands after it in the journal; null: only what happens from now on.</param>
internal sealed record EventWish(IReadOnlySet<string> JournalKinds, IReadOnlySet<string> ClusterKinds, long? After)
{
    /// <summary>What is told to who names no kinds: calls, who talks, registrations. All else of the journal is told to who asks for it.</summary>
    public static IReadOnlyList<string> UsualKinds { get; } =
    [
        "call-started", "call-established", "call-ended", "call-member-joined", "call-participant-left", "call-condition-changed", "floor-granted", "floor-talk-ended", "floor-revoked",
        "floor-idled", "floor-talker-released", "registered", "deregistered",
    ];

    /// <param name="kinds">Whole names or beginnings of some, as people write them; none: the usual ones.</param>
    /// <param name="after">Ordering.</param>
    public static bool TryRead(IReadOnlyList<string> kinds, long? after, [NotNullWhen(true)] out EventWish? wish, out string fault)
    {
        var written = kinds.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        fault = "";
        if (written.Count == 0)
        {
            wish = new EventWish(UsualKinds.ToHashSet(StringComparer.Ordinal), ClusterChange.Kinds.ToHashSet(StringComparer.Ordinal), after);
            return true;
        }

        var ofCluster = ClusterChange.Kinds.Where(kind => written.Exists(name => kind.StartsWith(name, StringComparison.OrdinalIgnoreCase))).ToHashSet(StringComparer.Ordinal);
        var others = written.Where(name => !ClusterChange.Kinds.Any(kind => kind.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
        wish = KindFilter.TryParse(others, out var ofJournal, out fault) ? new EventWish(ofJournal, ofCluster, after) : null;
        fault += fault.Length > 0 ? $", {string.Join(", ", ClusterChange.Kinds)}" : "";
        return wish is not null;
    }

    /// <summary>Nothing that names a person or a call.</summary>
    public EventWish OfClusterOnly() => this with { JournalKinds = new HashSet<string>() };
}
