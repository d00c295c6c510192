using System.CommandLine;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit ...</summary>
internal static class AuditCommand
{
    public static Command Create(CommandContext context)
    {
        var audit = new Command("audit", "Read the journal and its archives: what happened, who asked, who was refused and why. Only \"archive\" changes anything.");
        var source = AuditSource.AddTo(audit, context);
        audit.Subcommands.Add(AuditCallsCommand.Create(source));
        audit.Subcommands.Add(AuditShowCommand.Create(source));
        audit.Subcommands.Add(AuditTimelineCommand.Create(source));
        audit.Subcommands.Add(AuditLogCommand.Create(source));
        audit.Subcommands.Add(AuditReplayCommand.Create(source));
        audit.Subcommands.Add(AuditDiffCommand.Create(source));
        audit.Subcommands.Add(AuditAudioCommand.Create(source));
        audit.Subcommands.Add(AuditVerifyCommand.Create(source));
        audit.Subcommands.Add(AuditKeygenCommand.Create(context));
        audit.Subcommands.Add(AuditArchiveCommand.Create(source));
        audit.Subcommands.Add(AuditArchivesCommand.Create(source));
        return audit.WithExamples(
            "mcptt audit calls",
            "mcptt audit show 3f2a9c --at 14:03:07",
            "mcptt audit timeline 3f2a9c -o call.html",
            "mcptt audit log --from -2h --kind floor",
            "mcptt audit replay 3f2a9c0d1e2b3a4c5d6e7f80 --at 14:03:07 --journal /var/lib/mcptt/journal.db",
            "mcptt audit audio 3f2a9c -o call.wav");
    }
}
