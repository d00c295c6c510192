using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mcptt.Actors.Audit.Archives;

internal sealed class ArchiveFolder(string folder) : IArchiveFiles
{
    private const string LockName = "archiving.lock";
    private const int BufferBytes = 128 * 1024;

    public string Folder { get; } = folder;

    public IDisposable Lock()
    {
        Directory.CreateDirectory(Folder);
        try
        {
            return new FileStream(PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (File.Exists(PathOf(LockName)))
        {
            throw new ArchiveException($"somebody else archives into {Folder} at this moment; wait until that is done ({failure.Message})", failure);
        }
    }

    public bool IsLocked
    {
        get
        {
            try
            {
                new FileStream(PathOf(LockName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite).Dispose();
                return false;
            }
            catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
            {
                // Nobody ever archived here, or whoever reads may not know.
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    public long Length(string name) => new FileInfo(PathOf(name)).Length;

    public IReadOnlyList<string> List(string extension)
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        // Windows lets "*.mca" match longer extensions.
        var names = Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => Path.GetExtension(name) == extension);
        return [.. names.Order(StringComparer.Ordinal)];
    }

    // Shared with Delete, so that a file that is being read can be moved to another disk.
    public SafeFileHandle Open(string name) =>
        File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);

    public Stream Create(string name) => new FileStream(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);

    public void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: false);

    // A rename is durable when its folder is. NTFS journals names by itself.
    public void FlushFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            UnixFolder.Flush(Folder);
        }
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>.NET opens no folders, so fsync on one needs the system's own calls.</summary>
    private static class UnixFolder
    {
        private const int ReadOnly = 0;

        public static void Flush(string folder)
        {
            var descriptor = Open(folder, ReadOnly);
            if (descriptor < 0)
            {
                throw Failure(folder);
            }

            try
            {
                if (Synchronise(descriptor) != 0)
                {
                    throw Failure(folder);
                }
            }
            finally
            {
                _ = Close(descriptor);
            }
        }

        private static IOException Failure(string folder) => new($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");

#pragma warning disable SYSLIB1054 // LibraryImport would need unsafe code in this project for three calls.
        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Synchronise(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
    }
}
