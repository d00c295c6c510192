namespace Mcptt.Architecture.Tests;

/// <summary>Who may reference whom: the picture of ops/docs/architecture.md as a table. A project that is not in it may not exist.</summary>
internal static class ReferenceRules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Mcptt.Protocol"] = [],
        ["Mcptt.Domain"] = ["Mcptt.Protocol"],
        ["Mcptt.Actors"] = ["Mcptt.Protocol", "Mcptt.Domain"],
        ["Mcptt.Actors.Cluster"] = ["Mcptt.Protocol", "Mcptt.Domain", "Mcptt.Actors"],
        ["Mcptt.Actors.Akka"] = ["Mcptt.Protocol", "Mcptt.Domain", "Mcptt.Actors", "Mcptt.Media"],
        ["Mcptt.Media"] = ["Mcptt.Protocol", "Mcptt.Domain"],
        ["Mcptt.Edge"] = ["Mcptt.Protocol", "Mcptt.Domain"],
        ["Mcptt.Api"] = ["Mcptt.Protocol", "Mcptt.Domain"],
        ["Mcptt.Ue"] = ["Mcptt.Protocol", "Mcptt.Domain", "Mcptt.Edge"],
        ["Mcptt.Load"] = ["Mcptt.Protocol", "Mcptt.Ue"],
        ["Mcptt.Host"] = ["Mcptt.Protocol", "Mcptt.Domain", "Mcptt.Actors", "Mcptt.Actors.Cluster", "Mcptt.Actors.Akka", "Mcptt.Media", "Mcptt.Edge", "Mcptt.Api", "Mcptt.Ue", "Mcptt.Load"],
    };

    public static IEnumerable<string> Violations(IEnumerable<Project> projects)
    {
        foreach (var project in projects.Where(project => !project.Path.StartsWith("Tests/", StringComparison.Ordinal)))
        {
            if (!Allowed.TryGetValue(project.Name, out var allowed))
            {
                yield return $"{project.Name} is not in the picture";
                continue;
            }

            foreach (var reference in project.References.Except(allowed, StringComparer.Ordinal))
            {
                yield return $"{project.Name} references {reference}";
            }
        }
    }

    /// <summary>A project above another would compile the other's files too.</summary>
    public static IEnumerable<string> Nested(IEnumerable<string> projectPaths)
    {
        var folders = projectPaths.Select(path => path[..(path.LastIndexOf('/') + 1)]).ToList();
        return folders
            .Where(folder => folders.Any(other => other != folder && other.StartsWith(folder, StringComparison.Ordinal)))
            .Select(folder => $"{folder} holds a project and lies above another");
    }
}
