using System.Runtime.CompilerServices;

namespace Mcptt.Actors.Journals;

/// <param name="IsLast">Behind it there is nothing now.</param>
internal readonly record struct JournalPage<TRow>(List<TRow> Rows, bool IsLast);

/// <summary>Rows that are read a page at a time, each page from behind the row before: no transaction is open between two, and no more than one page is in memory.</summary>
internal static class JournalPages
{
    /// <param name="read">One page, from a position on.</param>
    /// <param name="behind">Where the next page begins after a row.</param>
    public static async IAsyncEnumerable<TRow> ReadAsync<TPosition, TRow>(
        Func<TPosition, CancellationToken, ValueTask<JournalPage<TRow>>> read,
        TPosition from,
        Func<TRow, TPosition> behind,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var isLast = false; !isLast;)
        {
            var page = await read(from, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
                from = behind(row);
            }

            isLast = page.IsLast;
        }
    }

    /// <summary>A page of fewer than <paramref name="pageRows"/> is the last one.</summary>
    public static IAsyncEnumerable<TRow> ReadAsync<TPosition, TRow>(
        Func<TPosition, CancellationToken, ValueTask<List<TRow>>> read, int pageRows, TPosition from, Func<TRow, TPosition> behind, CancellationToken cancellationToken) =>
        ReadAsync(
            async (position, token) =>
            {
                var rows = await read(position, token);
                return new JournalPage<TRow>(rows, rows.Count < pageRows);
            },
            from,
            behind,
            cancellationToken);
}
