using System.CommandLine;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Audit.Archives;
using Mcptt.Actors.Journals;
using Mcptt.Domain.Ports;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Commands.Audit;

/// <summary>The options by which every audit command finds its journal, and what happens when it cannot be read.</summary>
internal sealed class AuditSource
{
    private readonly Option<string?> _journal = new("--journal")
    {
        Description = "The journal to read: a file, or postgres://ROLE@HOST/DATABASE [default: data.journal of the configuration]",
        HelpName = "JOURNAL",
        Recursive = true,
    };

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = $"Configuration file that names the journal (also {ConfigurationEnvironment.File})",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly AuditArchives _archives = new();

    private AuditSource(CommandContext context) => Context = context;

    public CommandContext Context { get; }

    public static AuditSource AddTo(Command command, CommandContext context)
    {
        var source = new AuditSource(context);
        command.Options.Add(source._journal);
        command.Options.Add(source._config);
        source._archives.AddTo(command);
        return source;
    }

    /// <summary>
    /// Runs what a command does with the journal. What it throws becomes a message and an exit code: <see cref="UsageException"/> 2,
    /// <see cref="FailedException"/> and a journal that cannot be read 1, one that cannot be opened 4, <see cref="TamperedException"/> 5. SIGINT ends it with 0, for "--follow".
    /// </summary>
    public void SetAction(Command command, Func<ParseResult, IJournalReader, Screen, CancellationToken, Task> action) =>
        SetArchivesAction(
            command,
            async (parsed, journal, folder, screen, cancellationToken) =>
                await action(parsed, await AuditArchives.OverAsync(journal, folder, Context, cancellationToken), screen, cancellationToken));

    /// <summary>The same for what looks at the journal and at the folder of archives apart.</summary>
    public void SetArchivesAction(Command command, Func<ParseResult, IJournalReader, string, Screen, CancellationToken, Task> action) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(
            screen => OnReaderAsync(parsed, reader => action(parsed, reader, ArchiveFolder(parsed), screen, cancellationToken), cancellationToken), cancellationToken));

    /// <summary>The same for what changes the journal. The options are those of the configuration, with the folder of archives that is meant.</summary>
    public void SetJournalAction(Command command, Func<ParseResult, IJournal, ServerOptions, ILoggerFactory, Screen, CancellationToken, Task> action) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(screen => OnJournalAsync(parsed, action, screen, cancellationToken), cancellationToken));

    /// <summary>The same for what is asked of the audit reader.</summary>
    public void SetReaderAction(Command command, Func<ParseResult, IAuditReader, Screen, CancellationToken, Task> action) =>
        SetAction(
            command,
            async (parsed, journal, screen, cancellationToken) =>
            {
                using var loggers = LogSetup.Create(new ServerOptions { LogLevel = "warning" });
                await action(parsed, new AuditReader(journal, PartOptions.Kinds(new ServerOptions()), Context.Time, loggers), screen, cancellationToken);
            });

    /// <summary>Where the recordings of that journal are: as configured, or beside a journal file that was named.</summary>
    public string RecordingFolder(ParseResult parsed) =>
        parsed.GetValue(_journal) is { Length: > 0 } named && File.Exists(named) && parsed.GetValue(_config) is null
            ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(named)) ?? "", RecordingSettings.DefaultFolder)
            : ConfigurationLoader.Load(parsed.GetValue(_config), Context.Environment, []).Options.RecordingFolder;

    private string ArchiveFolder(ParseResult parsed) =>
        _archives.Folder(parsed, parsed.GetValue(_journal), ConfigurationLoader.Load(parsed.GetValue(_config), Context.Environment, []).Options);

    private async Task OnReaderAsync(ParseResult parsed, Func<IJournalReader, Task> action, CancellationToken cancellationToken)
    {
        using var journal = await AuditJournal.OpenAsync(Location(parsed), cancellationToken);
        await action(journal.Reader);
    }

    private async Task OnJournalAsync(
        ParseResult parsed, Func<ParseResult, IJournal, ServerOptions, ILoggerFactory, Screen, CancellationToken, Task> action, Screen screen, CancellationToken cancellationToken)
    {
        var location = Location(parsed);

        // Whoever only looks makes no journal where there is none.
        (await AuditJournal.OpenAsync(location, cancellationToken)).Dispose();
        var options = ConfigurationLoader.Load(parsed.GetValue(_config), Context.Environment, []).Options;
        options = options with { Retention = options.Retention with { ArchiveFolder = ArchiveFolder(parsed) } };
        using var loggers = LogSetup.Create(options with { LogLevel = "warning" });
        await using var journal = location.Create(loggers, Context.Time);
        await journal.OpenAsync(cancellationToken);
        await action(parsed, journal, options, loggers, screen, cancellationToken);
    }

    private async Task<int> RunAsync(Func<Screen, Task> action, CancellationToken cancellationToken)
    {
        var screen = new Screen(Context);
        try
        {
            await action(screen);
            return ExitCodes.Success;
        }
        catch (UsageException exception)
        {
            screen.Error(exception.Message);
            return ExitCodes.Usage;
        }
        catch (Exception exception) when (exception is FailedException or JournalReadException or AuditUnavailableException or ArchiveException or JournalPruneException)
        {
            screen.Error(exception.Message);
            return ExitCodes.Failed;
        }
        catch (TamperedException exception)
        {
            screen.Error(exception.Message);
            return ExitCodes.Tampered;
        }
        catch (Exception exception) when (exception is JournalOpenException or StartupException)
        {
            screen.Error(exception.Message);
            return ExitCodes.CannotStart;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }

    private JournalLocation Location(ParseResult parsed)
    {
        var loaded = ConfigurationLoader.Load(parsed.GetValue(_config), Context.Environment, []);
        var named = parsed.GetValue(_journal);
        if (loaded.Faults.Count == 0)
        {
            return named is { Length: > 0 } ? JournalLocation.Of(named, loaded.Options) : JournalLocation.Of(loaded.Options);
        }

        // A file can be read without any configuration.
        return named is { Length: > 0 }
            ? JournalLocation.Of(named, new ServerOptions())
            : throw new UsageException(string.Join('\n', ["the configuration is wrong; mend it, or name the journal with --journal", .. loaded.Faults.Select(fault => fault.ToString())]));
    }
}
