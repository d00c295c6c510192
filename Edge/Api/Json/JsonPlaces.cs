namespace Mcptt.Api.Json;

/// <summary>Where each field of a document stands, so that a fault found later still names its line.</summary>
public sealed class JsonPlaces
{
    private readonly Dictionary<string, (int Line, int Column)> _places;
    private readonly string _prefix;

    internal JsonPlaces()
        : this([], "") { }

    private JsonPlaces(Dictionary<string, (int Line, int Column)> places, string prefix)
    {
        _places = places;
        _prefix = prefix;
    }

    public static JsonPlaces None { get; } = new();

    /// <summary>The places of one document of a list: fields are named from there.</summary>
    public JsonPlaces Under(string prefix) => new(_places, _prefix + prefix);

    public JsonFault Fault(string field, string problem, string fix)
    {
        var full = _prefix.Length == 0 ? field : $"{_prefix}.{field}";
        var (line, column) = Find(full);
        return new JsonFault(full, problem, fix, line, column);
    }

    internal void Add(string path, (int Line, int Column) place) => _places.TryAdd(path, place);

    // A field that is not written stands where its object does.
    private (int Line, int Column) Find(string field)
    {
        while (true)
        {
            if (_places.TryGetValue(field, out var place))
            {
                return place;
            }

            var cut = field.AsSpan().LastIndexOfAny('.', '[');
            if (cut < 0)
            {
                return _places.GetValueOrDefault("");
            }

            field = field[..cut];
        }
    }
}
