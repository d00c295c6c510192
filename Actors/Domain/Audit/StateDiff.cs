using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>One value that differs between two moments. Null: it was not there, or is not there any more.</summary>
public sealed record StateChange(string Path, string? Before, string? After);

/// <summary>What became different between two states of an actor.</summary>
public static class StateDiff
{
    public static IReadOnlyList<StateChange> Between(DomainSnapshot before, DomainSnapshot after)
    {
        // The order of the later state, with what is gone at its end.
        var earlier = new Dictionary<string, StateNode>(StateTree.Of(before).Leaves(), StringComparer.Ordinal);
        var changes = new List<StateChange>();
        foreach (var (path, now) in StateTree.Of(after).Leaves())
        {
            if (!earlier.Remove(path, out var then))
            {
                changes.Add(new StateChange(path, null, now.Value));
            }
            else if (then.Value != now.Value || then.Secret != now.Secret)
            {
                changes.Add(new StateChange(path, then.Value, now.Value));
            }
        }

        changes.AddRange(earlier.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new StateChange(pair.Key, pair.Value.Value, null)));
        return changes;
    }
}
