using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mcptt.Architecture.Tests;

/// <summary>
/// What a pure assembly may not touch, read from its metadata: I/O, clocks, random numbers, threads, the environment.
/// A type that is named anywhere in the assembly stands in its reference table, so nothing hides from this.
/// </summary>
internal static class PurityRules
{
    private static readonly string[] ForbiddenNamespaces =
    [
        "System.IO.Pipes", "System.IO.Pipelines", "System.Net.Sockets", "System.Net.Http", "System.Diagnostics.Process", "System.Data", "Microsoft.Data.Sqlite", "Microsoft.AspNetCore",
        "Microsoft.Extensions", "System.Threading.Channels", "System.Timers", "Akka",
    ];

    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.IO.FileInfo", "System.Console", "System.Random", "System.TimeProvider",
        "System.Diagnostics.Stopwatch", "System.Threading.Thread", "System.Threading.Timer", "System.Threading.Monitor", "System.Security.Cryptography.RandomNumberGenerator",
    ];

    // An enum of names; and what every iterator that the compiler writes asks for.
    private static readonly string[] Harmless = ["System.Net.Sockets.AddressFamily", "System.Environment.get_CurrentManagedThreadId", "System.Environment.get_NewLine"];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Threading.Tasks.Task.Run",
        "System.Threading.Tasks.Task.Delay",
    ];

    public static IReadOnlyList<string> Violations(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var assembly = new PEReader(file);
        var metadata = assembly.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => FullName(metadata, handle)).ToList();
        var found = types.Where(IsForbiddenType).ToList();
        found.AddRange(metadata.MemberReferences.Select(handle => MemberName(metadata, handle)).Where(IsForbiddenMember));
        return [.. found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static bool IsForbiddenMember(string name) =>
        !Harmless.Contains(name) && (ForbiddenMembers.Contains(name) || name.StartsWith("System.Environment.", StringComparison.Ordinal));

    private static bool IsForbiddenType(string name) =>
        !Harmless.Contains(name) && (ForbiddenTypes.Contains(name) || ForbiddenNamespaces.Any(space => name == space || name.StartsWith(space + ".", StringComparison.Ordinal)));

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name);
    }

    private static string MemberName(MetadataReader metadata, MemberReferenceHandle handle)
    {
        var member = metadata.GetMemberReference(handle);
        return member.Parent.Kind == HandleKind.TypeReference
            ? FullName(metadata, (TypeReferenceHandle)member.Parent) + "." + metadata.GetString(member.Name)
            : metadata.GetString(member.Name);
    }
}
