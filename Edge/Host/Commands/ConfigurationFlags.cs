using System.CommandLine;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>The flags that set configuration: short names for what is set often, --set for every key.</summary>
internal sealed class ConfigurationFlags
{
    private readonly Option<string?> _file = new("--config", "-c")
    {
        Description = $"Configuration file (also {ConfigurationEnvironment.File}) [default: {ConfigurationLoader.DefaultFile}, if it is there]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _open = new("--open") { Description = "No credentials, users become known by registering; for labs only (sip.open)" };

    private readonly Option<string[]> _set = new("--set") { Description = "Any key, for instance --set log.level=debug; may be repeated", HelpName = "KEY=VALUE" };

    private readonly List<(Option<string?> Option, string Key)> _short =
    [
        (Text("--node", "NAME", "Name of this node among others (node.name)"), "node.name"),
        (Text("--roles", "ROLES", "What this node does: edge,actors,media or some of them (node.roles)"), "node.roles"),
        (Text("--engine", "KIND", "local: this node alone; postgresql: several nodes over one PostgreSQL journal; akka: the same in an Akka.NET cluster (engine.kind)"), "engine.kind"),
        (Text("--data", "FOLDER", "Folder of everything that is kept (data.folder)"), "data.folder"),
        (Text("--sip", "LISTENERS", "Where SIP is taken, for instance udp:0.0.0.0:5060,tcp:0.0.0.0:5060 (sip.listeners)"), "sip.listeners"),
        (Text("--advertise", "ADDRESS", "Address that phones reach us by (sip.advertisedAddress)"), "sip.advertisedAddress"),
        (Text("--realm", "NAME", "Realm of digest authentication (sip.realm)"), "sip.realm"),
        (Text("--api", "ADDRESS:PORT", "Where the HTTP API is served (api.listener)"), "api.listener"),
        (Text("--media", "PIPELINE", "direct, or akka-streams where that is built in (media.pipeline)"), "media.pipeline"),
        (Text("--log-level", "LEVEL", "trace, debug, information, warning, error or critical (log.level)"), "log.level"),
    ];

    public static ConfigurationFlags AddTo(Command command)
    {
        var flags = new ConfigurationFlags();
        command.Options.Add(flags._file);
        command.Options.Add(flags._open);
        flags._short.ForEach(one => command.Options.Add(one.Option));
        command.Options.Add(flags._set);
        return flags;
    }

    public LoadedConfiguration Load(ParseResult parsed, CommandContext context) =>
        ConfigurationLoader.Load(parsed.GetValue(_file), context.Environment, [.. Settings(parsed)]);

    private IEnumerable<FlagSetting> Settings(ParseResult parsed)
    {
        // A pair without "=" is reported as the key that it is not.
        foreach (var pair in parsed.GetValue(_set) ?? [])
        {
            var parts = pair.Split('=', 2);
            yield return new FlagSetting(parts[0].Trim(), parts.ElementAtOrDefault(1)?.Trim() ?? "", "--set");
        }

        foreach (var (option, key) in _short)
        {
            if (parsed.GetValue(option) is { } text)
            {
                yield return new FlagSetting(key, text, option.Name);
            }
        }

        if (parsed.GetValue(_open))
        {
            yield return new FlagSetting("sip.open", "true", _open.Name);
        }
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
