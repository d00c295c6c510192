using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Mcptt.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", "TestResults", ".git"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Project> Projects { get; } =
        [.. Files("*.csproj").Select(path => new Project(Path.GetFileNameWithoutExtension(path), path, File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>Paths relative to the root, with forward slashes, of what is neither generated nor built.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory
            .EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => NotSource.Contains(part)))
            .Order(StringComparer.Ordinal);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // A deterministic build maps source paths to /_/; then the tree is looked for from the test assembly upwards.
        var folder = new DirectoryInfo(File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mcptt.Akka.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Mcptt.Akka.sln is not above the test assembly");
    }
}

internal sealed record Project(string Name, string Path, string Text)
{
    public IReadOnlyList<string> References =>
        [.. XDocument.Parse(Text).Descendants("ProjectReference").Select(element => System.IO.Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value.Replace('\\', '/')))];

    public IReadOnlyList<string> Packages => [.. XDocument.Parse(Text).Descendants("PackageReference").Select(element => element.Attribute("Include")!.Value)];
}
