using System.Collections.Immutable;

namespace Mcptt.Domain.Audit.Stories;

/// <summary>One part of a story as a person reads it: a title, lines of text, and rows of a table where it has one.</summary>
public sealed record StoryTable(string Title, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    /// <summary>Above the table.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    public static StoryTable OfLines(string title, params IEnumerable<string> lines) => new(title, [], []) { Lines = [.. lines] };
}
