using System.Runtime.CompilerServices;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Tests.Configuration;

public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void The_table_in_the_documentation_is_the_table_of_keys()
    {
        var expected = string.Join('\n', ConfigurationKeys.All.Select(Row));

        var rows = File.ReadAllLines(Path.Combine(Root(), "ops/docs/configuration.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.True(expected == string.Join('\n', rows), $"the table of ops/docs/configuration.md should be:\n{expected}\n");
    }

    private static string Row(ConfigurationKey key) =>
        $"| `{key.Name}` | {Default(key)} | {key.Values.Replace("|", "\\|", StringComparison.Ordinal)}{(key.Unit.Length > 0 ? $" {key.Unit}" : "")} | {key.Meaning} |";

    private static string Default(ConfigurationKey key) => key.Show(new ServerOptions())?.ToJsonString() is { } text && text != "\"\"" ? $"`{text}`" : "";

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mcptt.Akka.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Mcptt.Akka.sln is not above the test assembly");
    }
}
