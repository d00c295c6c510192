using Mcptt.Host.Configuration;

namespace Mcptt.Host.Composition;

/// <summary>The password of the journal's PostgreSQL role: from a file, else from the configuration or environment.</summary>
internal static class JournalPassword
{
    // A password file holds one line; a larger one is another file by mistake.
    private const int MaxBytes = 4096;

    /// <summary>Empty: none is set. Throws <see cref="StartupException"/> when the file cannot be read.</summary>
    public static string Read(ServerOptions options)
    {
        if (options.JournalPasswordFile.Length == 0)
        {
            return options.JournalPassword;
        }

        try
        {
            if (new FileInfo(options.JournalPasswordFile).Length > MaxBytes)
            {
                throw new StartupException($"{options.JournalPasswordFile} is larger than {MaxBytes} bytes; name the file whose first line is the password (data.journalPasswordFile)");
            }

            return File.ReadLines(options.JournalPasswordFile).FirstOrDefault() is { Length: > 0 } password
                ? password
                : throw new StartupException($"{options.JournalPasswordFile} is empty; write the password into its first line (data.journalPasswordFile)");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the password of the journal cannot be read: {failure.Message} (data.journalPasswordFile)", failure);
        }
    }
}
