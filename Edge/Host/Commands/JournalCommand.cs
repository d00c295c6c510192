using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mcptt.Actors.Journals;
using Mcptt.Api.Json;
using Mcptt.Host.Composition;

namespace Mcptt.Host.Commands;

/// <summary>mcptt journal status|migrate: the tables of the journal, apart from what is in them.</summary>
internal static class JournalCommand
{
    public static Command Create(CommandContext context) =>
        new Command("journal", "Look at the journal's tables, make them, and bring them to this program's version.") { Status(context), Migrate(context) }.WithExamples(
            "mcptt journal status --config /etc/mcptt/mcptt.json",
            "mcptt journal migrate --set data.journal=postgres://mcptt_owner@db1/mcptt");

    private static Command Status(CommandContext context)
    {
        var command = new Command("status", "Tell version, size and last event of the journal. Exit code 1: \"mcptt journal migrate\" must be run first.");
        var flags = ConfigurationFlags.AddTo(command);
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        command.Options.Add(json);
        SetAction(
            command,
            flags,
            context,
            async (parsed, location, screen, cancellationToken) =>
            {
                var status = await location.Tables().ReadStatusAsync(cancellationToken);
                if (parsed.GetValue(json))
                {
                    screen.Json(JsonSerializer.SerializeToElement(Document(status), ApiJson.Options));
                }
                else
                {
                    screen.Table(["JOURNAL", status.Journal], Rows(status));
                }

                return status.Pending.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
            });
        return command.WithExamples("mcptt journal status", "mcptt journal status --set data.journal=postgres://mcptt@db1/mcptt --json");
    }

    private static Command Migrate(CommandContext context)
    {
        var command = new Command(
            "migrate",
            "Make the journal's tables or bring them to this program's version; nothing is done when they are.\nAll steps are one transaction. Stop servers of an older version first: they refuse newer tables at their next start.");
        var flags = ConfigurationFlags.AddTo(command);
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the SQL of what is missing and change nothing" };
        command.Options.Add(dryRun);
        SetAction(
            command,
            flags,
            context,
            async (parsed, location, screen, cancellationToken) =>
            {
                if (parsed.GetValue(dryRun))
                {
                    await PrintAsync(location, screen, cancellationToken);
                    return ExitCodes.Success;
                }

                var done = await location.Tables().MigrateAsync(cancellationToken);
                foreach (var step in done)
                {
                    screen.Line($"version {step.Version}: {step.What}");
                }

                screen.Line(done.Count == 0 ? $"{location.Name} is up to date" : $"{location.Name} is at version {done[^1].Version}");
                return ExitCodes.Success;
            });
        return command.WithExamples(
            "mcptt journal migrate --dry-run",
            "mcptt journal migrate --set data.journal=postgres://mcptt_owner@db1/mcptt --set data.journalPasswordFile=owner.password");
    }

    private static async Task PrintAsync(JournalLocation location, Screen screen, CancellationToken cancellationToken)
    {
        var pending = await location.Tables().ReadPendingAsync(cancellationToken);
        if (pending.Count == 0)
        {
            screen.Line($"-- {location.Name} is up to date");
        }

        foreach (var step in pending)
        {
            screen.Line($"-- version {step.Version}: {step.What}");
            screen.Line(step.Script);
        }
    }

    private static void SetAction(
        Command command, ConfigurationFlags flags, CommandContext context, Func<ParseResult, JournalLocation, Screen, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = new Screen(context);
            var loaded = flags.Load(parsed, context);
            if (!ConfigCommand.Report(loaded, context))
            {
                return ExitCodes.Usage;
            }

            try
            {
                return await action(parsed, JournalLocation.Of(loaded.Options), screen, cancellationToken);
            }
            catch (Exception failure) when (failure is JournalOpenException or StartupException)
            {
                screen.Error(failure.Message);
                return ExitCodes.CannotStart;
            }
        });

    private static IEnumerable<IReadOnlyList<string>> Rows(JournalStatus status)
    {
        yield return ["database", status.Database];
        yield return ["version", status.Pending.Count == 0 ? $"{status.Version}, up to date" : $"{status.Version}, this program needs {status.Newest}: run \"mcptt journal migrate\""];
        if (status.Version == 0)
        {
            yield break;
        }

        yield return ["events", Number(status.Events)];
        yield return ["last ordering", Number(status.LastOrdering)];
        yield return ["last event", status.LastWritten is { } at ? at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "none"];
        yield return ["live actors", Number(status.Live)];
        yield return ["snapshots", Number(status.Snapshots)];
        yield return ["size", $"{Number(status.Bytes / 1024)} KiB"];
    }

    private static JsonObject Document(JournalStatus status) =>
        new()
        {
            ["journal"] = status.Journal,
            ["database"] = status.Database,
            ["version"] = status.Version,
            ["newestVersion"] = status.Newest,
            ["pending"] = new JsonArray([.. status.Pending.Select(step => JsonValue.Create(step.What))]),
            ["events"] = status.Events,
            ["lastOrdering"] = status.LastOrdering,
            ["lastEvent"] = status.LastWritten,
            ["liveActors"] = status.Live,
            ["snapshots"] = status.Snapshots,
            ["bytes"] = status.Bytes,
        };

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
