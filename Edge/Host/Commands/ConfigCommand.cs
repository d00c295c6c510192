using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Api.Json;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>mcptt config check|show</summary>
internal static class ConfigCommand
{
    private const string Hidden = "(set, hidden)";

    public static Command Create(CommandContext context)
    {
        var config = new Command("config", "Check and show the configuration that \"serve\" would run with.") { Check(context), Show(context) };
        return config.WithExamples("mcptt config check --config /etc/mcptt/mcptt.json", "mcptt config show --json");
    }

    /// <summary>Writes every fault; true when there is none.</summary>
    public static bool Report(LoadedConfiguration loaded, CommandContext context)
    {
        foreach (var fault in loaded.Faults)
        {
            context.Error.WriteLine($"mcptt: configuration: {fault}");
        }

        return loaded.Faults.Count == 0;
    }

    private static Command Check(CommandContext context)
    {
        var command = new Command("check", "Tell everything that is wrong with the configuration. Exit code 0: nothing is.");
        var flags = ConfigurationFlags.AddTo(command);
        command.SetAction(parsed =>
        {
            if (!Report(flags.Load(parsed, context), context))
            {
                return ExitCodes.Usage;
            }

            context.Out.WriteLine("The configuration is valid.");
            return ExitCodes.Success;
        });
        return command.WithExamples("mcptt config check --config /etc/mcptt/mcptt.json");
    }

    private static Command Show(CommandContext context)
    {
        var command = new Command("show", "Show every key with its value in effect and where it was set; secrets are hidden.");
        var flags = ConfigurationFlags.AddTo(command);
        var json = new Option<bool>("--json") { Description = "Print JSON, fit as a configuration file except for secrets" };
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var loaded = flags.Load(parsed, context);
            if (!Report(loaded, context))
            {
                return ExitCodes.Usage;
            }

            var screen = new Screen(context);
            if (parsed.GetValue(json))
            {
                screen.Json(JsonSerializer.SerializeToElement(AsDocument(loaded.Options), ApiJson.Options));
                return ExitCodes.Success;
            }

            screen.Table(
                ["KEY", "VALUE", "SET BY", "MEANING"],
                ConfigurationKeys.All.Select(key =>
                    (IReadOnlyList<string>)[key.Name, Text(key, loaded.Options), loaded.Origins.GetValueOrDefault(key.Name, "default"), key.Meaning]
                )
            );
            return ExitCodes.Success;
        });
        return command.WithExamples("mcptt config show", "mcptt config show --json > mcptt.json");
    }

    private static JsonObject AsDocument(ServerOptions options)
    {
        var document = new JsonObject();
        foreach (var section in ConfigurationKeys.All.Where(key => !key.IsSecret).GroupBy(key => key.Name.Split('.')[0]))
        {
            document[section.Key] = new JsonObject(section.Select(key => KeyValuePair.Create(key.Name[(section.Key.Length + 1)..], key.Show(options))));
        }

        return document;
    }

    private static string Text(ConfigurationKey key, ServerOptions options)
    {
        var value = key.Show(options);
        var isEmpty = value is JsonValue single && single.TryGetValue<string>(out var text) && text.Length == 0;
        isEmpty |= key.IsSecret && value is JsonArray { Count: 0 };
        return isEmpty ? ""
            : key.IsSecret ? Hidden
            : value is JsonValue plain && plain.TryGetValue<string>(out var shown) ? shown
            : value?.ToJsonString(ApiJson.Options) ?? "";
    }
}
