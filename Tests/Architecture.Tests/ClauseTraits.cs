using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mcptt.Architecture.Tests;

/// <summary>One [Clause] of a test assembly. <paramref name="Tests"/> is how many facts and theories it stands for: a class stands for all of its own.</summary>
internal sealed record ClauseTrait(string Clause, string Project, string Test, int Tests);

/// <summary>The [Clause] traits of a built test assembly, read from its metadata: it is not loaded, so what it needs to run is not needed here.</summary>
internal static class ClauseTraits
{
    private const string ClauseAttribute = "ClauseAttribute";
    private const ushort Prolog = 1; // ECMA-335 II.23.3: every value of a custom attribute begins so.

    public static IReadOnlyList<ClauseTrait> Of(string project, string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var assembly = new PEReader(file);
        var metadata = assembly.GetMetadataReader();
        return [.. metadata.TypeDefinitions.SelectMany(type => OfType(project, metadata, metadata.GetTypeDefinition(type)))];
    }

    private static IEnumerable<ClauseTrait> OfType(string project, MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        var tests = 0;
        foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
        {
            var isTest = method.GetCustomAttributes().Any(handle => IsTest(TypeName(metadata, handle)));
            tests += isTest ? 1 : 0;
            foreach (var clause in Clauses(metadata, method.GetCustomAttributes()))
            {
                yield return new ClauseTrait(clause, project, $"{name}.{metadata.GetString(method.Name)}", isTest ? 1 : 0);
            }
        }

        foreach (var clause in Clauses(metadata, type.GetCustomAttributes()))
        {
            yield return new ClauseTrait(clause, project, name, tests);
        }
    }

    private static bool IsTest(string attribute) =>
        attribute.EndsWith("FactAttribute", StringComparison.Ordinal) || attribute.EndsWith("TheoryAttribute", StringComparison.Ordinal);

    private static IEnumerable<string> Clauses(MetadataReader metadata, CustomAttributeHandleCollection attributes) =>
        attributes.Where(handle => TypeName(metadata, handle) == ClauseAttribute).Select(handle => FirstText(metadata, handle));

    private static string TypeName(MetadataReader metadata, CustomAttributeHandle handle)
    {
        var constructor = metadata.GetCustomAttribute(handle).Constructor;
        var type = constructor.Kind == HandleKind.MemberReference
            ? metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent
            : metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType();
        return type.Kind switch
        {
            HandleKind.TypeReference => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name),
            HandleKind.TypeDefinition => metadata.GetString(metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name),
            _ => "", // A generic attribute: none of ours.
        };
    }

    private static string FirstText(MetadataReader metadata, CustomAttributeHandle handle)
    {
        var value = metadata.GetBlobReader(metadata.GetCustomAttribute(handle).Value);
        return value.ReadUInt16() == Prolog && value.ReadSerializedString() is { } text
            ? text
            : throw new BadImageFormatException("a [Clause] without text");
    }
}
