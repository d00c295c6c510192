namespace Mcptt.Api.Json;

/// <summary>Where each field of a document stands, so that a fault found later still names its line.</summary>
public sealed class JsonPlaces
{
    private readonly Dictionary<string, (int Line, int Column)> _places = [];

    public static JsonPlaces None { get; } = new();

    public JsonFault Fault(string field, string problem, string fix)
    {
        var (line, column) = Find(field);
        return new JsonFault(field, problem, fix, line, column);
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
