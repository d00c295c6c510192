using System.CommandLine;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands.Audit;

/// <summary>Where audit commands find archives, and the journal together with them.</summary>
internal sealed class AuditArchives
{
    private readonly Option<string?> _folder = new("--archives")
    {
        Description = "Folder of archives [default: audit.archiveFolder of the configuration; beside a journal named by --journal: its folder's archives]",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public void AddTo(Command command) => command.Options.Add(_folder);

    /// <param name="journal">What --journal says; empty: nothing.</param>
    public string Folder(ParseResult parsed, string? journal, ServerOptions options)
    {
        if (parsed.GetValue(_folder) is { Length: > 0 } named)
        {
            return named;
        }

        // A copy of a data folder is read as a whole; a database has no folder.
        return options.Retention.ArchiveFolder.Length == 0 && journal is { Length: > 0 } && File.Exists(journal)
            ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(journal)) ?? "", RetentionSettings.DefaultFolder)
            : options.ArchiveFolder;
    }

    /// <summary>The journal as if nothing had been moved out of it; says on stderr which archives are not there.</summary>
    public static async ValueTask<IJournalReader> OverAsync(IJournalReader journal, string folder, CommandContext context, CancellationToken cancellationToken)
    {
        var whole = ArchivedJournal.Over(journal, folder);
        foreach (var missing in await whole.ReadMissingAsync(cancellationToken))
        {
            await context.Error.WriteLineAsync(
                $"mcptt: {missing.Calls} calls were moved into {missing.File}, and {Path.GetFullPath(folder)} does not have it: they are not shown (--archives)");
        }

        return whole;
    }
}
