namespace Mcptt.Host.Composition;

/// <summary>
/// Keeps a second server away from a journal: with the local engine both would believe that every actor lives with them. The lock is
/// the system's, on a file beside the journal, so it is gone with the process however that ended.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    private const string Suffix = ".lock";

    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <summary>Throws <see cref="StartupException"/> when another process has it.</summary>
    public static JournalLock Take(string journalPath)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(journalPath)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the folder of the journal cannot be made: {failure.Message} (data.folder, data.journal)", failure);
        }

        try
        {
            return new JournalLock(new FileStream(journalPath + Suffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StartupException($"{failure.Message} Check who owns the folder of the journal (data.folder, data.journal).", failure);
        }
        catch (IOException failure)
        {
            throw new StartupException(
                $"the journal {journalPath} is in use by another process: {failure.Message}\nStop that one, or name another data.folder or data.journal",
                failure
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
