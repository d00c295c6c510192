namespace Mcptt.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Projects_reference_only_what_the_picture_allows() => Assert.Empty(ReferenceRules.Violations(Repository.Projects));

    [Fact]
    public void A_reference_from_domain_to_the_edge_would_be_found()
    {
        var domain = Repository.Projects.Single(project => project.Name == "Mcptt.Domain");
        var broken = domain with { Text = domain.Text.Replace("Mcptt.Protocol.csproj", "Mcptt.Edge.csproj", StringComparison.Ordinal) };

        Assert.Equal(["Mcptt.Domain references Mcptt.Edge"], ReferenceRules.Violations([broken]));
    }

    [Fact]
    public void A_project_outside_the_picture_would_be_found() =>
        Assert.Equal(["Mcptt.Extra is not in the picture"], ReferenceRules.Violations([new Project("Mcptt.Extra", "Extra/Mcptt.Extra.csproj", "<Project />")]));

    [Fact]
    public void No_project_lies_in_a_folder_above_another() => Assert.Empty(ReferenceRules.Nested(Repository.Projects.Select(project => project.Path)));

    [Fact]
    public void A_project_above_another_would_be_found() =>
        Assert.Equal(["Edge/ holds a project and lies above another"], ReferenceRules.Nested(["Edge/Edge.csproj", "Edge/Sip/Mcptt.Edge.csproj"]));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Mcptt.Akka.sln")).Replace('\\', '/');

        Assert.All(Repository.Projects, project => Assert.Contains(project.Path, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Transitive_project_references_are_off()
    {
        var properties = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));

        Assert.Contains("<DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences>", properties, StringComparison.Ordinal);
    }
}
