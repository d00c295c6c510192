using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Mcptt.Api.Json;

/// <summary>
/// Reads a JSON document (with comments and trailing commas) into a model and, unlike the serializer alone, names everything
/// that is wrong with it at once: unknown and repeated keys, missing ones, wrong types, each with its line.
/// </summary>
public static class StrictJson
{
    /// <summary>Faults beyond this number are not listed: who made so many has the wrong file.</summary>
    public const int MaxFaults = 20;

    public static bool TryRead<T>(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out T? value, out JsonPlaces places, out IReadOnlyList<JsonFault> faults)
        where T : class
    {
        utf8 = WithoutByteOrderMark(utf8);
        var walk = new JsonWalk(utf8);
        walk.Document(typeof(T));
        places = walk.Places;
        value = null;
        if (walk.Faults.Count > 0)
        {
            faults = walk.Faults;
            return false;
        }

        try
        {
            value = JsonSerializer.Deserialize<T>(utf8, ApiJson.Options);
            faults = value is null ? [new JsonFault("", "the document is null", "write an object", 1, 1)] : [];
            return value is not null;
        }
        catch (JsonException exception)
        {
            faults = [FromException(exception)];
            return false;
        }
    }

    internal static JsonFault FromException(JsonException exception)
    {
        var message = exception.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0].TrimEnd('.');
        return new JsonFault(
            (exception.Path ?? "").TrimStart('$', '.'),
            message,
            "correct the JSON at this place",
            (int)(exception.LineNumber ?? 0) + 1,
            (int)(exception.BytePositionInLine ?? 0) + 1
        );
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
