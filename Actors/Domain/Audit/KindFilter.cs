using System.Diagnostics.CodeAnalysis;

namespace Mcptt.Domain.Audit;

/// <summary>Kinds of events as people write them: a whole name, or the beginning of several ("floor", "call-member").</summary>
public static class KindFilter
{
    /// <summary>False: one of them begins no kind, and the fault names it and all there are.</summary>
    public static bool TryParse(IEnumerable<string> written, [NotNullWhen(true)] out IReadOnlySet<string>? kinds, out string fault)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in written.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var matches = EventKinds.All.Where(kind => kind.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (matches.Count == 0)
            {
                kinds = null;
                fault = $"no kind of event begins with \"{name}\"; there are: {string.Join(", ", EventKinds.All)}";
                return false;
            }

            found.UnionWith(matches);
        }

        kinds = found;
        fault = "";
        return true;
    }
}
