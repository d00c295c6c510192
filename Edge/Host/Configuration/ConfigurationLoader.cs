namespace Mcptt.Host.Configuration;

/// <summary>Puts the configuration together: defaults, then the file, then the environment, then flags; and tells everything that is wrong at once.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Read from the working folder when no file is named and it is there.</summary>
    public const string DefaultFile = "mcptt.json";

    public static LoadedConfiguration Load(string? file, IReadOnlyDictionary<string, string> environment, IReadOnlyList<FlagSetting> flags)
    {
        var path = file ?? (environment.TryGetValue(ConfigurationEnvironment.File, out var named) ? named : File.Exists(DefaultFile) ? DefaultFile : null);
        var written = path is null ? null : ConfigurationFile.Read(path);
        return Combine(written, environment, flags);
    }

    public static LoadedConfiguration Combine(ConfigurationFile? file, IReadOnlyDictionary<string, string> environment, IReadOnlyList<FlagSetting> flags)
    {
        var fromEnvironment = ConfigurationEnvironment.Read(environment);
        var faults = new List<ConfigurationFault>([.. file?.Faults ?? [], .. fromEnvironment.Faults]);
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = new ServerOptions();
        foreach (var setting in (IEnumerable<ConfigurationSetting>)[.. file?.Settings ?? [], .. fromEnvironment.Settings, .. FromFlags(flags, faults)])
        {
            if (setting.Key.Apply(setting.Value, ref options) is { } wrong)
            {
                faults.Add(new ConfigurationFault(setting.Key.Name, setting.Origin, setting.Key.IsSecret ? "the value does not fit" : wrong.Problem, wrong.Fix));
            }

            origins[setting.Key.Name] = setting.Origin;
        }

        // Rules between keys make sense only when each value for itself does.
        if (faults.Count == 0)
        {
            faults.AddRange(ConfigurationRules.Check(options, origins));
        }

        return new LoadedConfiguration(options, origins, faults);
    }

    private static IEnumerable<ConfigurationSetting> FromFlags(IReadOnlyList<FlagSetting> flags, List<ConfigurationFault> faults)
    {
        foreach (var flag in flags)
        {
            if (ConfigurationKeys.Find(flag.Key) is { } key)
            {
                yield return new ConfigurationSetting(key, key.FromText(flag.Text), $"flag {flag.Flag}");
            }
            else
            {
                var names = ConfigurationKeys.All.Select(known => known.Name).ToList();
                var fix = Api.Json.Suggestion.For(flag.Key, names) is { } meant ? $"did you mean \"{meant}\"?" : "\"mcptt config show\" lists the keys";
                faults.Add(new ConfigurationFault(flag.Key, $"flag {flag.Flag}", "is no key", fix));
            }
        }
    }
}

/// <summary>A value given on the command line.</summary>
internal sealed record FlagSetting(string Key, string Text, string Flag);

internal sealed record LoadedConfiguration(ServerOptions Options, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<ConfigurationFault> Faults);
