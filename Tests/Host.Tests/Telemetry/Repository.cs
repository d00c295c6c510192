using System.Runtime.CompilerServices;

namespace Mcptt.Host.Tests.Telemetry;

internal static class Repository
{
    public static string Path(string relative, [CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(File.Exists(here) ? System.IO.Path.GetDirectoryName(here)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Mcptt.Akka.sln")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder?.FullName ?? throw new InvalidOperationException("Mcptt.Akka.sln is not above the test assembly"), relative);
    }
}
