namespace Mcptt.Host.Commands;

/// <summary>What the program's exit code tells a script.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The server refused, or a check failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the configuration or a document is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The server's API cannot be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>The server could not start: a port, the journal, a folder.</summary>
    public const int CannotStart = 4;

    /// <summary>What is kept is missing, or is not what the journal says of it.</summary>
    public const int Tampered = 5;
}
