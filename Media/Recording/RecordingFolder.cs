namespace Mcptt.Media.Recording;

/// <summary>
/// The folder of recordings: files that are being written lie in <c>under-way/{node}/</c>, beside each finished one that the call does not know
/// of yet a <c>.report</c>; finished files lie in <c>{date}/{call}/</c> and are never written again.
/// </summary>
internal sealed class RecordingFolder(RecordingOptions options, string node)
{
    public const string UnderWay = "under-way";
    public const string ReportExtension = ".report";

    /// <summary>So often a name that is taken gets another number behind it.</summary>
    private const int MaxCopies = 9;

    public string Root => options.Folder;

    public string Mine { get; } = Path.Combine(options.Folder, UnderWay, node);

    public void Create() => Directory.CreateDirectory(Mine);

    public string PathOf(RecordingName name) => Path.Combine(Mine, name.UnderWay);

    public static string ReportOf(string underWay) => underWay + ReportExtension;

    public string PathOf(string file) => Path.Combine([options.Folder, .. file.Split('/')]);

    /// <summary>Below zero: recording is to stop.</summary>
    public long OctetsToSpare() => options.FreeSpace(options.Folder) - options.MinFreeOctets;

    /// <summary>A finished name that is not taken, its folder made.</summary>
    public string Reserve(RecordingName name)
    {
        for (var copy = 1; copy <= MaxCopies; copy++)
        {
            var file = name.Finished(copy);
            var path = PathOf(file);
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!); // Two folders deep.
                return file;
            }
        }

        throw new IOException($"{name.Finished()} and {MaxCopies - 1} further names are taken");
    }

    /// <summary>What a run of this node before us left behind, oldest first. None when the folder cannot be read.</summary>
    public IReadOnlyList<string> LeftBehind(string extension) =>
        Directory.Exists(Mine) ? [.. Directory.EnumerateFiles(Mine, "*" + extension).Order(StringComparer.Ordinal)] : [];

    /// <summary>Finished files, oldest day first; read as it is gone through.</summary>
    public IEnumerable<(DateTimeOffset Day, string Call, string File)> Finished()
    {
        var days = Directory.Exists(Root) ? Directory.GetDirectories(Root).Select(Path.GetFileName).OfType<string>() : [];
        foreach (var day in days.Order(StringComparer.Ordinal))
        {
            if (!RecordingName.TryParseDay(day, out var date))
            {
                continue;
            }

            foreach (var (call, file) in FilesOf(day))
            {
                yield return (date, call, file);
            }
        }
    }

    /// <summary>Deletes a finished file and the folders that it leaves empty.</summary>
    public void Delete(string file)
    {
        File.Delete(PathOf(file));
        for (var folder = Path.GetDirectoryName(file); folder?.Length > 0 && !Directory.EnumerateFileSystemEntries(PathOf(folder)).Any(); folder = Path.GetDirectoryName(folder))
        {
            Directory.Delete(PathOf(folder));
        }
    }

    private IEnumerable<(string Call, string File)> FilesOf(string day) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, day), "*" + RecordingName.Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let call = Path.GetFileName(Path.GetDirectoryName(path)) ?? ""
        let file = $"{day}/{call}/{Path.GetFileName(path)}"
        where RecordingPath.TryLocate(Root, file, out _)
        select (call, file);
}
