namespace Mcptt.Host.Commands;

/// <summary>Files that a command makes and never overwrites: keys and certificates.</summary>
internal static class NewFiles
{
    public const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode ForAll = ForOwner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Throws <see cref="IOException"/> when it is there.</summary>
    public static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var file = new StreamWriter(path, options);
        file.WriteLine(text);
    }

    /// <summary>Throws <see cref="UsageException"/> when a private key would lie where it may be committed.</summary>
    public static void CheckNoWorkTree(string path)
    {
        for (var folder = Directory.GetParent(Path.GetFullPath(path)); folder is not null; folder = folder.Parent)
        {
            // A file in a linked work tree or a submodule.
            if (Path.Exists(Path.Combine(folder.FullName, ".git")))
            {
                throw new UsageException($"{path} lies in the git work tree {folder.FullName}: a private key must never be committed; choose another folder");
            }
        }
    }
}
