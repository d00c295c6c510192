using System.Text.RegularExpressions;

namespace Mcptt.Architecture.Tests;

/// <summary>The rows of the page about the floor: how many each section has, and that the tests which they name are there.</summary>
internal static partial class FloorTable
{
    private static readonly (string Section, int Rows)[] Sections = [("2.2", 12), ("2.3", 24), ("2.4", 19), ("2.5", 10), ("2.6", 6), ("2.7", 11), ("2.8", 2), ("3", 22)];

    // What cannot be shown, with the reason in place of a test: MBMS is not there, and a sequence number never reaches the machine.
    private static readonly string[] WithoutDecider = ["2.2/8", "3/22"];
    private static readonly string[] WithoutWire = ["2.2/8"];

    private static readonly string[] DeciderFolders = ["Domain.Tests", "Ue.Tests"];
    private static readonly string[] WireFolders = ["Scenarios", "Media.Tests/Node", "Ue.Tests/Floor"];

    public static string Page => File.ReadAllText(Path.Combine(Repository.Root, "ops", "docs", "floor.md"));

    /// <summary>One sentence for each thing that is wrong; empty: the table is whole.</summary>
    public static IReadOnlyList<string> Faults(string page)
    {
        var rows = Row().Matches(page).Select(match => match.Groups[1].Value.Split(" | ").Select(cell => cell.Trim()).ToArray()).ToList();
        var expected = Sections.SelectMany(section => Enumerable.Range(1, section.Rows).Select(row => $"{section.Section}/{row}")).ToList();
        return
        [
            .. expected.Except(rows.Select(row => row[0])).Select(row => $"row {row} is missing"),
            .. rows.Select(row => row[0]).Except(expected).Select(row => $"there is no row {row}"),
            .. rows.CountBy(row => row[0]).Where(row => row.Value > 1).Select(row => $"row {row.Key} is there {row.Value} times"),
            .. rows.SelectMany(FaultsOf),
        ];
    }

    private static IEnumerable<string> FaultsOf(string[] row)
    {
        if (row is not [var number, { Length: > 0 }, { Length: > 0 }, var decided, var wire])
        {
            return [$"row {row[0]} has not number, text, clause and two cells of tests"];
        }

        return FaultsOf(number, decided, DeciderFolders, WithoutDecider).Concat(FaultsOf(number, wire, WireFolders, WithoutWire));
    }

    private static IEnumerable<string> FaultsOf(string row, string cell, string[] folders, string[] without)
    {
        var tests = Named().Matches(cell).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).ToList();
        return tests.Count == 0
            ? without.Contains(row) && cell.StartsWith("– ", StringComparison.Ordinal) ? [] : [$"row {row} names no test in {string.Join(", ", folders)}"]
            : tests.Where(test => !Exists(test.Class, test.Test, folders)).Select(test => $"row {row}: {test.Class}.{test.Test} is not in {string.Join(", ", folders)}");
    }

    private static bool Exists(string type, string test, string[] folders) =>
        folders
            .Select(folder => Path.Combine(Repository.Root, "Tests", folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, type + ".cs", SearchOption.AllDirectories))
            .Any(file => File.ReadAllText(file).Contains($" {test}(", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (\d[\d.]*/\d+ \| .*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Named();
}
