namespace Mcptt.Host.Configuration;

/// <summary>One thing wrong with the configuration: which key, where it was set, what is wrong, what to do.</summary>
internal sealed record ConfigurationFault(string Key, string Origin, string Problem, string Fix)
{
    public override string ToString() => $"{Key}{(Origin.Length > 0 ? $" ({Origin})" : "")}: {Problem}; {Fix}";
}
