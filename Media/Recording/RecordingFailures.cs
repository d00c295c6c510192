using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Recording;

/// <summary>What a file system throws, as the reason that an auditor reads.</summary>
internal static class RecordingFailures
{
    // errno of Linux; IOException carries it in HResult.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    public static bool IsOfDisk(Exception failure) => failure is IOException or UnauthorizedAccessException or System.Security.SecurityException;

    public static RecordingFault FaultOf(Exception failure) =>
        failure is IOException { HResult: NoSpaceLeft or QuotaExceeded } ? RecordingFault.DiskFull : RecordingFault.IoError;
}
