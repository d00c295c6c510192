using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mcptt.Api.Json;

/// <summary>One pass over a document against the shape of a model.</summary>
internal ref struct JsonWalk
{
    private readonly JsonLines _lines;
    private Utf8JsonReader _reader;

    public JsonWalk(ReadOnlySpan<byte> utf8)
    {
        _lines = new JsonLines(utf8);
        _reader = new Utf8JsonReader(
            utf8,
            new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = ApiJson.MaxDepth }
        );
    }

    public List<JsonFault> Faults { get; } = [];

    public JsonPlaces Places { get; } = new();

    public void Document(Type type)
    {
        try
        {
            _reader.Read();
            Value(ApiJson.Options.GetTypeInfo(type), "", nullable: false);
            while (_reader.Read())
            {
                // Anything after the document is an error that the reader itself reports.
            }
        }
        catch (JsonException exception)
        {
            Faults.Add(StrictJson.FromException(exception));
        }
    }

    private void Value(JsonTypeInfo type, string path, bool nullable)
    {
        Places.Add(path, Here());
        if (_reader.TokenType == JsonTokenType.Null && nullable)
        {
            return;
        }

        switch (type.Kind, _reader.TokenType)
        {
            case (JsonTypeInfoKind.Object, JsonTokenType.StartObject):
                Object(type, path);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonTokenType.StartArray):
                Array(type, path);
                break;
            case (JsonTypeInfoKind.None, not (JsonTokenType.StartObject or JsonTokenType.StartArray)):
                Scalar(type.Type, path);
                break;
            default:
                Report(path, $"is {Describe(_reader.TokenType)}", $"write {Wanted(type)}");
                _reader.Skip();
                break;
        }
    }

    private void Object(JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var start = Here();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString() ?? "";
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            var property = type.Properties.FirstOrDefault(candidate => candidate.Name == name);
            if (property is null)
            {
                Report(inner, "unknown key", Suggestion.Phrase(name, [.. type.Properties.Select(candidate => candidate.Name)]));
            }
            else if (!seen.Add(name))
            {
                Report(inner, "appears twice", "keep one of them");
            }

            _reader.Read();
            if (property is null)
            {
                _reader.Skip();
            }
            else
            {
                Value(ApiJson.Options.GetTypeInfo(property.PropertyType), inner, property.IsSetNullable);
            }
        }

        foreach (var missing in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
        {
            Add(new JsonFault(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}", "is missing", "add it", start.Line, start.Column));
        }
    }

    private void Array(JsonTypeInfo type, string path)
    {
        var element = ApiJson.Options.GetTypeInfo(type.ElementType ?? typeof(object));
        for (var index = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; index++)
        {
            Value(element, $"{path}[{index}]", nullable: false);
        }
    }

    private void Scalar(Type declared, string path)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var fits = _reader.TokenType switch
        {
            JsonTokenType.String => type == typeof(string),
            JsonTokenType.True or JsonTokenType.False => type == typeof(bool),
            JsonTokenType.Number => type == typeof(decimal) ? _reader.TryGetDecimal(out _)
                : type == typeof(int) ? _reader.TryGetInt32(out _)
                : type == typeof(uint) && _reader.TryGetUInt32(out _),
            _ => false,
        };
        if (!fits)
        {
            var shown = _reader.TokenType == JsonTokenType.Number ? System.Text.Encoding.UTF8.GetString(_reader.ValueSpan) : Describe(_reader.TokenType);
            Report(path, $"is {shown}", $"write {Wanted(type)}");
        }
    }

    private void Report(string path, string problem, string fix)
    {
        var (line, column) = Here();
        Add(new JsonFault(path, problem, fix, line, column));
    }

    private readonly void Add(JsonFault fault)
    {
        if (Faults.Count < StrictJson.MaxFaults)
        {
            Faults.Add(fault);
        }
    }

    private readonly (int Line, int Column) Here() => _lines.Place(_reader.TokenStartIndex);

    private static string Describe(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a text",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "true or false",
            _ => "null",
        };

    private static string Wanted(JsonTypeInfo type) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => "an object { ... }",
            JsonTypeInfoKind.Enumerable => "a list [ ... ]",
            _ => Wanted(Nullable.GetUnderlyingType(type.Type) ?? type.Type),
        };

    private static string Wanted(Type type) =>
        type == typeof(string) ? "a text in quotes"
        : type == typeof(bool) ? "true or false"
        : type == typeof(decimal) ? "a number"
        : "a whole number from 0 to 4294967295";
}
