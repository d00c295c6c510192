using Mcptt.Api.Json;
using Mcptt.Load.Profiles;

namespace Mcptt.Host.Commands.Load;

/// <summary>A profile file: JSON with comments, read strictly and checked.</summary>
internal static class ProfileFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Throws <see cref="UsageException"/> with everything that is wrong with it, each with its line.</summary>
    public static LoadProfile Read(FileInfo file)
    {
        var utf8 = Bytes(file);
        if (!StrictJson.TryRead<LoadProfile>(utf8, out var profile, out var places, out var faults))
        {
            throw new UsageException(string.Join('\n', faults.Select(fault => $"{file}: {fault}")));
        }

        Documents.ThrowIfFaulty(LoadProfileRules.Check(profile).Select(fault => $"{file}: {places.Fault(fault.Field, fault.Problem, fault.Fix)}"));
        return profile;
    }

    private static byte[] Bytes(FileInfo file)
    {
        try
        {
            return file.Length > MaxBytes ? throw new UsageException($"{file}: larger than {MaxBytes / 1024} KiB; that is no profile") : File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the profile cannot be read: {e.Message}; \"mcptt load example\" prints one");
        }
    }
}
