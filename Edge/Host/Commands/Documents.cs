using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Json;

namespace Mcptt.Host.Commands;

/// <summary>What the commands on groups, users and calls share: identities as arguments, models of answers.</summary>
internal static class Documents
{
    public static Argument<string> Identity(string description) => new("ID") { Description = description };

    public static Argument<string[]> Identities(string description) => new("ID") { Description = description, Arity = ArgumentArity.OneOrMore };

    public static string Normalise(string? written) =>
        Api.Models.Identities.TryNormalise(written ?? "", out var identity) ? identity : throw new UsageException($"\"{written}\" is no identity; {Api.Models.Identities.Fix}");

    public static void ThrowIfFaulty(IEnumerable<string> faults)
    {
        if (faults.ToList() is { Count: > 0 } found)
        {
            throw new UsageException(string.Join('\n', found));
        }
    }

    /// <summary>A newer server may tell more than this program knows.</summary>
    public static T Model<T>(JsonElement json)
        where T : class => json.Deserialize<T>(Lenient) ?? throw new ApiRefusedException("the server's answer is empty");

    private static JsonSerializerOptions Lenient { get; } =
        new(ApiJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };
}
