namespace Mcptt.Testing;

/// <summary>The sample inputs and golden bytes under Tests/Corpus.</summary>
public static class Corpus
{
    public static string Folder(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mcptt.Akka.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("Mcptt.Akka.sln is not above the test assembly"), "Tests", "Corpus", name);
    }

    public static byte[] Read(string folder, string file) => File.ReadAllBytes(Path.Combine(Folder(folder), file));
}
