using System.Text.RegularExpressions;

namespace Mcptt.Architecture.Tests;

/// <summary>Who may name Akka.NET: its engine, that engine's tests and benchmarks, and the one file of the program that chooses it. Everything else is built and runs without its packages.</summary>
internal static partial class AkkaRules
{
    public const string Choice = "Edge/Host/Composition/AkkaChoice.cs";

    private const string Project = "Mcptt.Actors.Akka";

    private static readonly string[] Homes = ["Actors/Akka/", "Tests/Akka/", "Tests/Benchmarks/Akka/"];

    public static IEnumerable<string> OfSources(string path, string text) =>
        path == Choice || IsHome(path)
            ? []
            : NamesAkka().Matches(WithoutComments().Replace(text, "")).Select(match => $"{path}: \"{match.Value.Trim()}\": only Actors/Akka and {Choice} name Akka.NET");

    public static IEnumerable<string> OfProjects(IEnumerable<Project> projects) =>
        from project in projects
        where !IsHome(project.Path)
        from name in project.Packages.Where(package => package == "Akka" || package.StartsWith("Akka.", StringComparison.Ordinal)).Concat(project.References.Where(reference => reference == Project && !IsConditional(project)))
        select $"{project.Name} names {name}";

    private static bool IsHome(string path) => Homes.Any(home => path.StartsWith(home, StringComparison.Ordinal));

    // The usual build must not know of the engine: a reference to it stands under a condition.
    private static bool IsConditional(Project project) => ConditionalReference().IsMatch(project.Text);

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+)?(global::)?(Mcptt\.Actors\.)?Akka\b[^\r\n]*|global::Akka\b|\bMcptt\.Actors\.Akka\b|\bAkka\.(Actor|Cluster|Configuration|Coordination|DistributedData|Event|Hosting|IO|Pattern|Persistence|Remote|Routing|Serialization|Streams|TestKit|Util)\b", RegexOptions.Multiline)]
    private static partial Regex NamesAkka();

    [GeneratedRegex(@"//[^\r\n]*|""[^""\r\n]*""")]
    private static partial Regex WithoutComments();

    [GeneratedRegex(@"<ItemGroup Condition=""'\$\(WithAkka\)' == 'true'"">\s*<ProjectReference Include=""[./]*Actors/Akka/Mcptt\.Actors\.Akka\.csproj"" />\s*</ItemGroup>")]
    private static partial Regex ConditionalReference();
}
