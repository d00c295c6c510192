using System.Diagnostics.Metrics;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Host.Commands;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>What moves ended calls into archives, by the clock or by hand.</summary>
internal static class Retention
{
    public static ArchivingOptions Options(ServerOptions options) =>
        new()
        {
            Folder = options.ArchiveFolder,
            OlderThan = TimeSpan.FromDays(options.Retention.ArchiveAfterDays),
            RequireSeal = options.Retention.RequireSeal,
            Program = $"mcptt {McpttCommandLine.Version}",
        };

    /// <summary>Null: none is wanted, or the journal is not one that calls can be moved out of.</summary>
    public static RetentionJob? Job(ServerOptions options, JournalLocation location, IJournal journal, TimeProvider time, ILoggerFactory loggers, IMeterFactory? meters = null)
    {
        if (!options.HasActors || options.Retention.ArchiveAfterDays == 0 || journal.Pruner is not { } pruner)
        {
            return null;
        }

        var archiver = new CallArchiver(journal, pruner, Options(options), time, loggers.CreateLogger<CallArchiver>());
        var schedule = new RetentionSchedule(options.Retention.At, TimeSpan.FromHours(options.Retention.EveryHours));
        return new RetentionJob(archiver, schedule, time, loggers.CreateLogger<RetentionJob>(), location.Duty(JournalWork.Archiving), meters);
    }
}
