using System.CommandLine;

namespace Mcptt.Host.Commands.Audit;

/// <summary>mcptt audit ...</summary>
internal static class AuditCommand
{
    public static Command Create(CommandContext context)
    {
        var audit = new Command("audit", "Read the journal: what happened, who asked, who was refused and why. Nothing is changed by it.");
        AuditSource.AddTo(audit, context);
        return audit.WithExamples("mcptt audit --journal /var/lib/mcptt/journal.db ...");
    }
}
