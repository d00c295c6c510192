using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Api.Json;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit archives</summary>
internal static class AuditArchivesCommand
{
    private const double Mebibyte = 1024 * 1024;

    public static Command Create(AuditSource source)
    {
        var command = new Command("archives", "List the archives: their calls, time span and size, and whether each is as it was written. Exit code 1: one is damaged, replaced or missing.");
        var quick = new Option<bool>("--quick") { Description = "Do not read the files through" };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        command.Options.Add(quick);
        command.Options.Add(json);
        source.SetArchivesAction(
            command,
            async (parsed, journal, folder, screen, cancellationToken) =>
            {
                var listed = await ArchiveProgress.RunAsync<(long Done, long Total), IReadOnlyList<ListedArchive>>(
                    source.Context,
                    static step => ("reading archives", step.Done, step.Total),
                    progress => ArchiveInventory.ReadAsync(journal, folder, !parsed.GetValue(quick), progress, cancellationToken));
                if (parsed.GetValue(json))
                {
                    screen.Json(JsonSerializer.SerializeToElement(listed.Select(Document), ApiJson.Options));
                }
                else
                {
                    Print(screen, folder, listed);
                }

                if (listed.Count(archive => !archive.IsSound) is > 0 and var bad)
                {
                    throw new FailedException($"{bad} of {listed.Count} archives are not what they should be");
                }
            });
        return command.WithExamples("mcptt audit archives", "mcptt audit archives --journal /backup/journal.db --archives /backup/archives --json");
    }

    private static void Print(Screen screen, string folder, IReadOnlyList<ListedArchive> listed)
    {
        if (listed.Count == 0)
        {
            screen.Line($"There are no archives in {Path.GetFullPath(folder)}.");
            return;
        }

        screen.Table(
            ["ARCHIVE", "CALLS", "EVENTS", "FROM", "TO", "SIZE", "STATE"],
            listed.Select(archive =>
                (IReadOnlyList<string>)[
                    archive.Name,
                    archive.Calls.ToString("N0", CultureInfo.InvariantCulture),
                    archive.Rows.ToString("N0", CultureInfo.InvariantCulture),
                    Minute(archive.First),
                    Minute(archive.Last),
                    Size(archive.Bytes),
                    archive.Detail.Length == 0 ? State(archive.State) : $"{State(archive.State)}: {archive.Detail}",
                ]));
    }

    private static object Document(ListedArchive archive) =>
        new
        {
            archive.Name,
            archive.Calls,
            Events = archive.Rows,
            archive.First,
            archive.Last,
            archive.Bytes,
            State = State(archive.State),
            archive.Detail,
        };

    private static string State(ArchiveState state) =>
        state switch
        {
            ArchiveState.Verified => "verified",
            ArchiveState.Named => "not read through",
            ArchiveState.NotNamed => "of another journal",
            ArchiveState.Replaced => "REPLACED",
            ArchiveState.Damaged => "DAMAGED",
            ArchiveState.Missing => "MISSING",
            _ => state.ToString(),
        };

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Size(long bytes) =>
        bytes < Mebibyte ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:N1} KiB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:N1} MiB");
}
