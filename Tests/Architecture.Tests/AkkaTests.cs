using System.Diagnostics;

namespace Mcptt.Architecture.Tests;

public sealed class AkkaTests
{
    [Fact]
    public void Nothing_outside_its_engine_and_the_choice_of_it_names_akka() =>
        Assert.Empty(
            Repository.Files("*.cs")
                .Where(path => !path.StartsWith("Tests/Architecture.Tests/", StringComparison.Ordinal))
                .SelectMany(path => AkkaRules.OfSources(path, File.ReadAllText(Path.Combine(Repository.Root, path))))
        );

    [Theory]
    [InlineData("using Akka.Actor;")]
    [InlineData("using Mcptt.Actors.Akka;")]
    [InlineData("    var system = global::Akka.Actor.ActorSystem.Create(\"x\");")]
    [InlineData("    Akka.Actor.IActorRef region;")]
    [InlineData("    private Mcptt.Actors.Akka.AkkaEngine _engine;")]
    public void A_file_that_names_akka_would_be_found(string line) => Assert.NotEmpty(AkkaRules.OfSources("Media/MediaNode.cs", line + "\n"));

    [Theory]
    [InlineData("// The columns of Akka.Persistence.Sql.")]
    [InlineData("    options => options.Akka.Host,")]
    public void A_comment_and_a_key_may_speak_of_it(string line) => Assert.Empty(AkkaRules.OfSources("Media/MediaNode.cs", line + "\n"));

    [Fact]
    public void The_choice_itself_may_name_it() => Assert.Empty(AkkaRules.OfSources(AkkaRules.Choice, "using Mcptt.Actors.Akka;\n"));

    [Fact]
    public void No_other_project_needs_a_package_of_akka_or_its_engine_in_the_usual_build() => Assert.Empty(AkkaRules.OfProjects(Repository.Projects));

    [Theory]
    [InlineData("""<PackageReference Include="Akka.Cluster" />""")]
    [InlineData("""<ProjectReference Include="../Actors/Akka/Mcptt.Actors.Akka.csproj" />""")]
    public void A_project_that_does_would_be_found(string reference) =>
        Assert.Single(AkkaRules.OfProjects([new Project("X", "X/X.csproj", $"<Project><ItemGroup>{reference}</ItemGroup></Project>")]));

    [Fact]
    public async Task A_build_with_akka_where_no_source_has_its_packages_says_what_is_missing_and_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-akka-");
        try
        {
            var start = new ProcessStartInfo("dotnet", ["restore", Path.Combine(Repository.Root, "Actors/Akka"), "-p:WithAkka=true", $"-p:RestoreSources={folder.FullName}", $"-p:BaseIntermediateOutputPath={folder.FullName}/obj/", "--no-dependencies"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };

            // Nothing of this machine's package folder, and nothing of the test runner's own build.
            start.Environment["NUGET_PACKAGES"] = Path.Combine(folder.FullName, "packages");
            start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
            foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            {
                start.Environment.Remove(name);
            }

            using var restore = Process.Start(start)!; // A new process, so never null.
            var errors = restore.StandardError.ReadToEndAsync();
            var output = await restore.StandardOutput.ReadToEndAsync() + await errors;
            await restore.WaitForExitAsync();

            Assert.NotEqual(0, restore.ExitCode);
            Assert.Contains("MCPTT0001", output);
            Assert.Contains("needs Akka.Cluster.Sharding 1.5.30", output);
            Assert.Contains("-p:RestoreAdditionalProjectSources=FOLDER-OR-URL", output);
            Assert.Contains("Unable to find package Akka.Cluster.Sharding", output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
