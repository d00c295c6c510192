namespace Mcptt.Host.Demo;

/// <summary>A fresh folder for journal and recordings; removed at the end unless it is to be kept.</summary>
internal sealed class DemoFolder : IDisposable
{
    private DemoFolder(string path, bool kept) => (Path, Kept) = (path, kept);

    public string Path { get; }

    public bool Kept { get; }

    public static DemoFolder Create(bool keep) => new(Directory.CreateTempSubdirectory("mcptt-demo-").FullName, keep);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Kept)
        {
            return;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // What is left in the system's temporary folder is the system's to clear.
        }
    }
}
