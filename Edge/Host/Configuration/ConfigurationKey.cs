using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mcptt.Host.Configuration;

/// <summary>One thing that can be configured: its key, what it means, and how it gets into <see cref="ServerOptions"/>.</summary>
internal abstract class ConfigurationKey(string name, string unit, string meaning)
{
    public const string EnvironmentPrefix = "MCPTT_";

    public string Name { get; } = name;

    /// <summary>Empty where the value has none.</summary>
    public string Unit { get; } = unit;

    public string Meaning { get; } = meaning;

    /// <summary>Never shown.</summary>
    public bool IsSecret { get; init; }

    public abstract string Values { get; }

    /// <summary>"sip.maxHops" is MCPTT_SIP_MAX_HOPS.</summary>
    public string EnvironmentName { get; } =
        EnvironmentPrefix
        + string.Concat(name.Select(letter => letter == '.' ? "_" : char.IsUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString()));

    public abstract JsonElement FromText(string text);

    /// <summary>Null: applied.</summary>
    public abstract (string Problem, string Fix)? Apply(JsonElement value, ref ServerOptions options);

    public abstract JsonNode? Show(ServerOptions options);
}

internal sealed class ConfigurationKey<T>(
    string name,
    string unit,
    string meaning,
    ValueKind<T> kind,
    Func<ServerOptions, T> get,
    Func<ServerOptions, T, ServerOptions> set
) : ConfigurationKey(name, unit, meaning)
{
    public override string Values => kind.Description;

    public override JsonElement FromText(string text) => kind.FromText(text);

    public override (string Problem, string Fix)? Apply(JsonElement value, ref ServerOptions options)
    {
        var reading = kind.Read(value);
        if (reading.Problem is not null)
        {
            return (reading.Problem, reading.Fix);
        }

        options = set(options, reading.Value);
        return null;
    }

    public override JsonNode? Show(ServerOptions options) => kind.Write(get(options));
}
