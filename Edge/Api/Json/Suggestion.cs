namespace Mcptt.Api.Json;

/// <summary>The known name that somebody most likely meant.</summary>
public static class Suggestion
{
    // Two edits turn a mistyped name into the right one often enough; three already suggest unrelated short names.
    private const int MaxDistance = 2;

    public static string? For(string typed, IEnumerable<string> known) =>
        known
            .Select(name => (Name: name, Distance: Distance(typed.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(MaxDistance, candidate.Name.Length / 4))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    /// <summary>"did you mean "x"?" or the list of what there is.</summary>
    public static string Phrase(string typed, IReadOnlyCollection<string> known) =>
        For(typed, known) is { } name ? $"did you mean \"{name}\"?" : $"known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}";

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var substitution = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(substitution, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
