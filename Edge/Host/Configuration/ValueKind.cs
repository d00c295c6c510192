using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Api.Json;

namespace Mcptt.Host.Configuration;

/// <summary>How a value is written, in the file and in the environment or a flag, and what is wrong with one that does not fit.</summary>
internal abstract record ValueKind<T>(string Description)
{
    /// <summary>Null problem: it fits.</summary>
    public abstract Reading<T> Read(JsonElement element);

    public abstract JsonNode? Write(T value);

    /// <summary>The same value as text, where there are no types.</summary>
    public virtual JsonElement FromText(string text) => JsonSerializer.SerializeToElement(text);

    protected static Reading<T> Wrong(string problem, string fix) => new(default!, problem, fix); // The value is not looked at beside a problem.

    protected static JsonElement LiteralOrText(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}

internal readonly record struct Reading<T>(T Value, string? Problem = null, string Fix = "");

internal sealed record TextKind(string Description = "text", Func<string, bool>? Fits = null, string Fix = "") : ValueKind<string>(Description)
{
    public override Reading<string> Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return Wrong($"{element.GetRawText()} is no text", "write it in quotes");
        }

        var text = element.GetString() ?? "";
        return Fits is null || Fits(text) ? new(text) : Wrong($"\"{text}\" does not fit", Fix);
    }

    public override JsonNode? Write(string value) => JsonValue.Create(value);
}

internal sealed record ChoiceKind(IReadOnlyList<string> Choices) : ValueKind<string>(string.Join(", ", Choices))
{
    public override Reading<string> Read(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : element.GetRawText();
        return Choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found
            ? new(found)
            : Wrong($"\"{text}\" is not possible", Suggestion.Phrase(text, [.. Choices]));
    }

    public override JsonNode? Write(string value) => JsonValue.Create(value);
}

internal sealed record FlagKind() : ValueKind<bool>("true or false")
{
    public override Reading<bool> Read(JsonElement element) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? new(element.GetBoolean()) : Wrong($"{element.GetRawText()} is neither true nor false", "write true or false");

    public override JsonNode? Write(bool value) => JsonValue.Create(value);

    public override JsonElement FromText(string text) => LiteralOrText(text.ToLowerInvariant());
}

internal sealed record NumberKind(long Least, long Most) : ValueKind<long>($"{Least} to {Most}")
{
    public override Reading<long> Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= Least && number <= Most
            ? new(number)
            : Wrong($"{element.GetRawText()} is not possible", $"write a whole number from {Least} to {Most}");

    public override JsonNode? Write(long value) => JsonValue.Create(value);

    public override JsonElement FromText(string text) => LiteralOrText(text);
}

internal sealed record SecondsKind(decimal Least, decimal Most) : ValueKind<TimeSpan>($"{Least} to {Most}")
{
    public override Reading<TimeSpan> Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var seconds) && seconds >= Least && seconds <= Most
            ? new(TimeSpan.FromMilliseconds((double)(seconds * 1000)))
            : Wrong($"{element.GetRawText()} is not possible", $"write seconds from {Least} to {Most}");

    public override JsonNode? Write(TimeSpan value) => JsonValue.Create((decimal)value.TotalMilliseconds / 1000);

    public override JsonElement FromText(string text) => LiteralOrText(text);
}

internal sealed record ParsedKind<T>(string Description, Func<string, T?> Parse, string Fix) : ValueKind<T>(Description)
    where T : class
{
    public override Reading<T> Read(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : element.GetRawText();
        return Parse(text) is { } value ? new(value) : Wrong($"\"{text}\" does not fit", Fix);
    }

    public override JsonNode? Write(T value) => JsonValue.Create(value.ToString());
}

internal sealed record ListKind<T>(ValueKind<T> Element, bool MayBeEmpty = true) : ValueKind<IReadOnlyList<T>>($"list of {Element.Description}")
{
    // A list this long is a mistake; each listener is a socket.
    private const int MaxEntries = 64;

    public override Reading<IReadOnlyList<T>> Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return Wrong($"{element.GetRawText()} is no list", "write [ \"...\", \"...\" ]");
        }

        var values = new List<T>();
        foreach (var entry in element.EnumerateArray())
        {
            var reading = Element.Read(entry);
            if (reading.Problem is not null)
            {
                return Wrong(reading.Problem, reading.Fix);
            }

            values.Add(reading.Value);
        }

        return values.Count > MaxEntries ? Wrong($"has {values.Count} entries", $"at most {MaxEntries} are possible")
            : values.Count == 0 && !MayBeEmpty ? Wrong("is empty", $"write at least one ({Element.Description})")
            : new(values);
    }

    public override JsonNode? Write(IReadOnlyList<T> value) => new JsonArray([.. value.Select(Element.Write)]);

    public override JsonElement FromText(string text) =>
        text.TrimStart().StartsWith('[')
            ? LiteralOrText(text)
            : JsonSerializer.SerializeToElement(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
