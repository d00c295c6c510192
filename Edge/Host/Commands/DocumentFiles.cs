using System.Text;
using Mcptt.Api.Json;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>Files of groups and users: JSON with comments, one document or a list of them. "-" is standard input.</summary>
internal static class DocumentFiles
{
    // The API takes no larger document, and a list of them is for people to read.
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The documents of a file, or what is wrong with it, every line beginning with the file's name.</summary>
    public static (IReadOnlyList<GroupModel> Documents, IReadOnlyList<string> Faults) ReadGroups(string path, TextReader standardInput) =>
        Read<GroupModel>(
            path,
            standardInput,
            (model, places) =>
            {
                var fits = GroupModelMapping.TryToDocument(model, null, places, out var document, out var faults);
                return (fits ? model with { GroupId = document!.GroupId } : model, faults); // It fits: there is a document.
            }
        );

    public static (IReadOnlyList<UserModel> Documents, IReadOnlyList<string> Faults) ReadUsers(string path, TextReader standardInput) =>
        Read<UserModel>(
            path,
            standardInput,
            (model, places) =>
            {
                var fits = UserModelMapping.TryToProfile(model, null, places, out var profile, out var faults);
                return (fits ? model with { McpttId = profile!.McpttId } : model, faults); // It fits: there is a profile.
            }
        );

    private static (IReadOnlyList<T> Documents, IReadOnlyList<string> Faults) Read<T>(
        string path,
        TextReader standardInput,
        Func<T, JsonPlaces, (T Model, IReadOnlyList<JsonFault> Faults)> check
    )
        where T : class
    {
        byte[] utf8;
        try
        {
            utf8 = Bytes(path, standardInput);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], [$"{path}: {exception.Message}"]);
        }

        var isList = FirstToken(utf8) == '[';
        List<T>? list = null;
        T? single = null;
        var readable = isList
            ? StrictJson.TryRead(utf8, out list, out var places, out var faults)
            : StrictJson.TryRead(utf8, out single, out places, out faults);
        if (!readable)
        {
            return ([], [.. faults.Select(fault => $"{path}: {fault}")]);
        }

        var read = list ?? [single!]; // Readable: one of the two is there.
        var checkedOnes = read.Select((model, index) => check(model, isList ? places.Under($"[{index}]") : places)).ToList();
        return ([.. checkedOnes.Select(one => one.Model)], [.. checkedOnes.SelectMany(one => one.Faults).Select(fault => $"{path}: {fault}")]);
    }

    private static byte[] Bytes(string path, TextReader standardInput)
    {
        if (path == "-")
        {
            return Encoding.UTF8.GetBytes(standardInput.ReadToEnd());
        }

        return new FileInfo(path).Length > MaxBytes ? throw new IOException($"the file is larger than {MaxBytes / 1024 / 1024} MiB") : File.ReadAllBytes(path);
    }

    // Comments may stand before it.
    private static char FirstToken(byte[] utf8)
    {
        try
        {
            var span = utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8.AsSpan(3) : utf8;
            var reader = new System.Text.Json.Utf8JsonReader(span, new System.Text.Json.JsonReaderOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip });
            return reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.StartArray ? '[' : '{';
        }
        catch (System.Text.Json.JsonException)
        {
            return '{';
        }
    }
}
