namespace Mcptt.Architecture.Tests;

public sealed class SourceTests
{
    [Fact]
    public void Sources_keep_to_the_rules() =>
        Assert.Empty(
            Repository.Files("*.cs")
                .Where(path => !path.StartsWith("Tests/Architecture.Tests/", StringComparison.Ordinal))
                .SelectMany(path => SourceRules.Violations(path, File.ReadAllText(Path.Combine(Repository.Root, path))))
        );

    [Theory]
    [InlineData("#region Fields")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("// TODO: later")]
    [InlineData("Assert.True(true);")]
    [InlineData("[Fact(Skip = \"flaky\")]")]
    [InlineData("try { Send(); } catch (Exception) { }")]
    [InlineData("internal sealed class CallManager;")]
    [InlineData("private async void Run()")]
    public void A_line_that_breaks_a_rule_would_be_found(string line) => Assert.Single(SourceRules.Violations("X.cs", line + "\n"));

    [Fact]
    public void A_long_file_would_be_found() =>
        Assert.Single(SourceRules.Violations("X.cs", string.Concat(Enumerable.Repeat("// a line\n", SourceRules.MaxFileLines + 1))));

    [Fact]
    public void An_open_end_with_its_issue_number_is_allowed() => Assert.Empty(SourceRules.Violations("X.cs", "// TODO (#12) when the media node moves\n"));

    [Fact]
    public void Every_link_in_the_readme_and_docs_leads_somewhere()
    {
        var broken = Repository
            .Files("*.md")
            .SelectMany(path => DocumentLinks.Broken(Repository.Root, path, File.ReadAllText(Path.Combine(Repository.Root, path))));

        Assert.Empty(broken);
    }

    [Fact]
    public void A_broken_link_would_be_found() => Assert.Single(DocumentLinks.Broken(Repository.Root, "README.md", "see [there](ops/docs/nowhere.md)"));
}
