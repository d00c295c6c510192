using System.Collections;
using System.Text.RegularExpressions;
using Mcptt.Api.Json;

namespace Mcptt.Host.Configuration;

/// <summary>Settings of the environment: MCPTT_SIP_REALM is sip.realm.</summary>
internal static partial class ConfigurationEnvironment
{
    /// <summary>Path of the configuration file.</summary>
    public const string File = ConfigurationKey.EnvironmentPrefix + "CONFIG";

    /// <summary>Address of the HTTP API, for the commands that use it.</summary>
    public const string Api = ConfigurationKey.EnvironmentPrefix + "API";

    private static readonly string[] NoSettings = [File, Api];

    public static IReadOnlyDictionary<string, string> Process { get; } =
        System
            .Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    public static (IReadOnlyList<ConfigurationSetting> Settings, IReadOnlyList<ConfigurationFault> Faults) Read(IReadOnlyDictionary<string, string> environment)
    {
        var settings = new List<ConfigurationSetting>();
        var faults = new List<ConfigurationFault>();
        foreach (var (name, text) in environment.Where(IsOurs).OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (ConfigurationKeys.All.FirstOrDefault(key => key.EnvironmentName == name) is { } known)
            {
                settings.Add(new ConfigurationSetting(known, known.FromText(text), $"environment {name}"));
            }
            else
            {
                faults.Add(new ConfigurationFault(name, "environment", "is no setting", Fix(name)));
            }
        }

        return (settings, faults);
    }

    private static bool IsOurs(KeyValuePair<string, string> variable) =>
        variable.Key.StartsWith(ConfigurationKey.EnvironmentPrefix, StringComparison.Ordinal)
        && !NoSettings.Contains(variable.Key)
        && !OfOthers().IsMatch(variable.Key);

    private static string Fix(string name) =>
        Suggestion.For(name, ConfigurationKeys.All.Select(key => key.EnvironmentName)) is { } meant ? $"did you mean {meant}?" : "unset it; \"mcptt config show\" lists the keys";

    // Kubernetes and container links put these there for a service whose name begins with "mcptt"; tests use the last.
    [GeneratedRegex("^MCPTT_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP).*)?)$|^MCPTT_TEST_")]
    private static partial Regex OfOthers();
}
