namespace Mcptt.Architecture.Tests;

/// <summary>The committed matrix is what the traits say.</summary>
public sealed class ConformanceTests
{
    private const string WriteVariable = "MCPTT_WRITE_CONFORMANCE";

    private static readonly Lazy<IReadOnlyList<ClauseTrait>> Traits = new(() => [.. TestProjects().SelectMany(project => ClauseTraits.Of(Short(project), AssemblyOf(project)))]);

    [Fact]
    public void Committed_matrix_is_what_the_clause_traits_say()
    {
        var path = Path.Combine(Repository.Root, ConformanceMatrix.Path);
        var said = ConformanceMatrix.Render(Traits.Value);
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 })
        {
            File.WriteAllText(path, said);
        }

        var committed = (File.Exists(path) ? File.ReadAllText(path) : "").ReplaceLineEndings("\n");
        Assert.True(
            committed == said,
            $"{ConformanceMatrix.Path} differs from the [Clause] traits. Write it anew and commit it:\n"
            + $"  {WriteVariable}=1 dotnet test Tests/Architecture.Tests --filter Conformance\n"
            + string.Join('\n', Difference(committed, said)));
    }

    [Fact]
    public void Every_clause_stands_on_a_test_and_names_its_standard() => Assert.Empty(ConformanceMatrix.Violations(Traits.Value));

    [Fact]
    public void Every_test_project_is_asked()
    {
        Assert.Contains(TestProjects(), project => project.Name == "Mcptt.Scenarios");
        Assert.All(TestProjects(), project => Assert.True(File.Exists(AssemblyOf(project)), $"{project.Name} was not built: this project's references do not name it"));
    }

    [Theory]
    [InlineData("RFC3261 17.2.1", 0)]
    [InlineData("RFC3261 clause 17.2.1", 1)]
    [InlineData("", 1)]
    public void A_clause_that_shows_nothing_would_be_found(string clause, int tests) =>
        Assert.Single(ConformanceMatrix.Violations([new ClauseTrait(clause, "X.Tests", "XTests.Nothing", tests)]));

    [Fact]
    public void Clauses_stand_in_the_order_of_their_numbers_and_under_their_standard()
    {
        ClauseTrait[] traits = [Of("TS24.380 6.10"), Of("TS24.380 6.9"), Of("TS24.379 10.1"), Of("RFC3261 9.1"), Of("RFC3261 9.1"), Of("TS24.380 6.9.1")];

        var rows = ConformanceMatrix.Render(traits).Split('\n').SkipWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(line => line.Length > 0);

        Assert.Equal(
            ["## RFC3261", "9.1", "## TS24.379", "10.1", "## TS24.380", "6.9", "6.9.1", "6.10"],
            rows.Where(row => row[0] == '#' || char.IsAsciiDigit(row[2])).Select(row => row[0] == '#' ? row : row.Split('|')[1].Trim()));
    }

    private static ClauseTrait Of(string clause) => new(clause, "X.Tests", "XTests.Something", 1);

    private static IEnumerable<Project> TestProjects() =>
        Repository.Projects.Where(project => project.Text.Contains("<IsTestProject>true</IsTestProject>", StringComparison.Ordinal));

    private static string Short(Project project) => Path.GetDirectoryName(project.Path)!.Replace('\\', '/')["Tests/".Length..];

    // Beside ours: the same configuration and framework.
    private static string AssemblyOf(Project project)
    {
        var ours = Path.GetRelativePath(Path.Combine(Repository.Root, "Tests", "Architecture.Tests"), AppContext.BaseDirectory);
        return Path.Combine(Repository.Root, Path.GetDirectoryName(project.Path)!, ours, project.Name + ".dll");
    }

    private static IEnumerable<string> Difference(string committed, string said)
    {
        var (before, after) = (committed.Split('\n'), said.Split('\n'));
        return before.Except(after, StringComparer.Ordinal).Select(line => "- " + line).Concat(after.Except(before, StringComparer.Ordinal).Select(line => "+ " + line)).Take(20);
    }
}
