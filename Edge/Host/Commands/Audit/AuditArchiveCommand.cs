using System.CommandLine;
using System.Globalization;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Domain.Audit;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit archive</summary>
internal static class AuditArchiveCommand
{
    public static Command Create(AuditSource source)
    {
        var older = new Option<string?>("--older-than") { Description = "Calls whose last event is so old: 30d, 12h, 0s [default: retention.archiveAfterDays]", HelpName = "TIME" };
        var unsealed = new Option<bool>("--unsealed") { Description = "Also calls that no seal covers (retention.requireSeal=false)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be moved and change nothing" };
        var gentle = new Option<bool>("--gentle") { Description = "With the pauses that the server makes, so that calls are not disturbed" };
        var command = new Command(
            "archive",
            "Move calls that ended long ago out of the journal into archives, now, and not when the server does it.\nAudit commands read them there. What is interrupted is ended by the next run. A server may run meanwhile.");
        foreach (var option in (Option[])[older, unsealed, dryRun, gentle])
        {
            command.Options.Add(option);
        }

        source.SetJournalAction(
            command,
            async (parsed, journal, options, loggers, screen, cancellationToken) =>
            {
                var pruner = journal.Pruner ?? throw new UsageException("calls cannot be moved out of this journal");
                var archiving = Retention.Options(options);
                archiving = archiving with
                {
                    OlderThan = Age(parsed.GetValue(older), options, source.Context.Time),
                    RequireSeal = archiving.RequireSeal && !parsed.GetValue(unsealed),
                    Pause = parsed.GetValue(gentle) ? archiving.Pause : TimeSpan.Zero,
                };
                var archiver = new CallArchiver(journal, pruner, archiving, source.Context.Time, loggers.CreateLogger<CallArchiver>());
                var report = await ArchiveProgress.RunAsync<ArchivingProgress, ArchivingReport>(
                    source.Context,
                    static step => (What(step.Stage), step.Done, step.Total),
                    progress => parsed.GetValue(dryRun) ? archiver.LookAsync(progress, cancellationToken) : archiver.RunAsync(progress, cancellationToken));
                Print(screen, report, Path.GetFullPath(archiving.Folder), parsed.GetValue(dryRun));
            });
        return command.WithExamples("mcptt audit archive --older-than 30d --dry-run", "mcptt audit archive --older-than 30d", "mcptt audit archive --config /etc/mcptt/mcptt.json --gentle");
    }

    private static TimeSpan Age(string? text, ServerOptions options, TimeProvider time)
    {
        if (text is null)
        {
            return options.Retention.ArchiveAfterDays > 0
                ? TimeSpan.FromDays(options.Retention.ArchiveAfterDays)
                : throw new UsageException("how old must a call be? Write --older-than 30d, or set retention.archiveAfterDays");
        }

        var now = time.GetUtcNow();
        return AuditTimes.TryParse($"-{text.TrimStart('-')}", now, out var before) ? now - before : throw new UsageException($"--older-than \"{text}\" is no time; write 30d or 12h");
    }

    private static string What(ArchivingStage stage) =>
        stage switch
        {
            ArchivingStage.Looking => "looking for calls",
            ArchivingStage.Reading => "reading calls",
            ArchivingStage.Writing => "writing events",
            ArchivingStage.Verifying => "reading back",
            _ => "removing events",
        };

    private static void Print(Screen screen, ArchivingReport report, string folder, bool isDryRun)
    {
        screen.Line(
            report.Calls == 0 ? $"No call {(isDryRun ? "would be" : "was")} moved."
            : isDryRun ? $"{Count(report.Calls, "call")} with {Count(report.Rows, "event")} would be moved into {folder}."
            : $"{Count(report.Calls, "call")} with {Count(report.Rows, "event")} moved into {Count(report.Files.Count, "archive")} in {folder}: {report.FileBytes:N0} bytes for {report.JournalBytes:N0}.");
        foreach (var (count, why) in (IReadOnlyList<(long, string)>)
            [
                (report.NotSealed, "not sealed: see audit.sealKey, or --unsealed"),
                (report.NotEnded, "not ended"),
                (report.Recorded, "recordings of them are kept (recording.retentionDays)"),
                (report.Unreadable, "their history cannot be read: see the messages above and \"mcptt audit verify\""),
            ])
        {
            if (count > 0)
            {
                screen.Line($"{Count(count, "call")} old enough {(isDryRun ? "would stay" : "stay")}: {why}.");
            }
        }

        foreach (var file in report.Files)
        {
            screen.Line($"  {file}");
        }
    }

    private static string Count(long number, string one) => number == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{number:N0} {one}s");
}
