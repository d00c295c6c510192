using Microsoft.Win32.SafeHandles;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>The folder of archives, so that a test can end the world between any two steps. Names are without a folder.</summary>
internal interface IArchiveFiles
{
    /// <summary>As messages show it.</summary>
    string Folder { get; }

    /// <summary>Makes the folder and keeps others from writing to it. Throws <see cref="ArchiveException"/> when one does.</summary>
    IDisposable Lock();

    /// <summary>Somebody archives at this moment.</summary>
    bool IsLocked { get; }

    /// <summary>Names with an extension, in ordinal order; none where there is no folder.</summary>
    IReadOnlyList<string> List(string extension);

    SafeFileHandle Open(string name);

    Stream Create(string name);

    /// <summary>Ends when the bytes are on the disk.</summary>
    void Flush(Stream stream);

    /// <summary>Never over a file that is there.</summary>
    void Rename(string from, string to);

    /// <summary>Ends when the names are on the disk.</summary>
    void FlushFolder();

    void Delete(string name);
}
