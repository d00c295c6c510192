using System.Text.RegularExpressions;

namespace Mcptt.Architecture.Tests;

/// <summary>Relative links of Markdown files to files of the tree.</summary>
internal static partial class DocumentLinks
{
    public static IEnumerable<string> Broken(string root, string path, string text)
    {
        var folder = Path.GetDirectoryName(Path.Combine(root, path))!;
        foreach (var target in Link().Matches(text).Select(match => match.Groups[1].Value))
        {
            var file = target.Split('#')[0];
            if (file.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, file)))
            {
                yield return $"{path}: {target}";
            }
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
