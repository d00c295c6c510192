using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mcptt.Architecture.Tests;

/// <summary>ops/docs/conformance.md: which tests show which clause of which standard. One row per clause and test, so that two additions seldom meet.</summary>
internal static partial class ConformanceMatrix
{
    public const string Path = "ops/docs/conformance.md";

    private const string Head = """
        # Conformance

        Which tests show which clause: the `[Clause]` traits of the test assemblies. CI runs every test and fails if any that is listed here fails; it fails as well when this
        page differs from the traits. A class without a method stands for all of its tests. Written by

        ```sh
        MCPTT_WRITE_CONFORMANCE=1 dotnet test Tests/Architecture.Tests --filter Conformance
        ```

        The tests of one clause: `dotnet test --filter "Clause=TS24.380 6.3.4.4.7"`.

        """;

    public static string Render(IEnumerable<ClauseTrait> traits)
    {
        var page = new StringBuilder(Head);
        var standards = traits
            .Distinct()
            .GroupBy(trait => trait.Clause.Split(' ', 2)[0], StringComparer.Ordinal)
            .OrderBy(standard => SortKey(standard.Key), StringComparer.Ordinal);
        foreach (var standard in standards)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {standard.Key}\n\n| clause | test | in |\n|---|---|---|\n");
            var rows = standard
                .OrderBy(trait => SortKey(trait.Clause), StringComparer.Ordinal)
                .ThenBy(trait => trait.Project, StringComparer.Ordinal)
                .ThenBy(trait => trait.Test, StringComparer.Ordinal);
            foreach (var trait in rows)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {ClauseOf(trait)} | `{trait.Test}` | {trait.Project} |\n");
            }
        }

        return page.ToString();
    }

    public static IEnumerable<string> Violations(IEnumerable<ClauseTrait> traits)
    {
        foreach (var trait in traits)
        {
            if (trait.Tests == 0)
            {
                yield return $"{trait.Project} {trait.Test} has a clause and is no test";
            }

            if (!WellFormed().IsMatch(trait.Clause))
            {
                yield return $"{trait.Project} {trait.Test}: \"{trait.Clause}\" is no standard, blank, clause";
            }
        }
    }

    private static string ClauseOf(ClauseTrait trait) => trait.Clause.Split(' ', 2) is [_, var clause] ? clause : "";

    // 6.10 stands behind 6.9.
    private static string SortKey(string clause) => Numbers().Replace(clause, number => number.Value.PadLeft(8, '0'));

    [GeneratedRegex(@"^\S+( \S+)?$")]
    private static partial Regex WellFormed();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
