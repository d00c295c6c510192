using System.CommandLine;
using Mcptt.Host.Composition;
using Mcptt.Host.Demo;

namespace Mcptt.Host.Commands;

/// <summary>mcptt demo: the real server and four clients in this process, over UDP on loopback.</summary>
internal static class DemoCommand
{
    /// <summary>It takes about 15 s; what takes longer than this hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(55);

    public static Command Create(CommandContext context)
    {
        var keep = new Option<bool>("--keep") { Description = "Keep the journal and a recording of each phone, and say where" };
        var journal = new Option<string>("--journal")
        {
            Description = "A PostgreSQL database for the journal instead of a SQLite file; tables are made where there are none",
            HelpName = "postgres://...",
            DefaultValueFactory = _ => "",
        };
        var command = new Command(
            "demo",
            "Start a server and four MCPTT clients on this machine and hold a group call: bursts, a queued request, a pre-emption.\n"
                + "Ends by itself in well under a minute, with 0 only if everything that it claims was measured to be true.")
        {
            keep,
            journal,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(keep), parsed.GetValue(journal) ?? "", cancellationToken));
        return command.WithExamples("mcptt demo", "mcptt demo --keep", "mcptt demo --journal postgres://mcptt:secret@127.0.0.1/demo");
    }

    private static async Task<int> RunAsync(CommandContext context, bool keep, string journal, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, context.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var folder = DemoFolder.Create(keep);
        var screen = new DemoScreen(context);
        try
        {
            var outcome = await new DemoRun(context.Time, folder, journal, screen).RunAsync(stop.Token);
            screen.Show(outcome);
            if (folder.Kept)
            {
                screen.Line($"kept: {folder.Path}");
            }

            return outcome.Checks.All(check => check.Holds) ? ExitCodes.Success : ExitCodes.Failed;
        }
        catch (FailedException e)
        {
            await context.Error.WriteLineAsync($"mcptt demo: {e.Message}");
            return ExitCodes.Failed;
        }
        catch (StartupException e)
        {
            await context.Error.WriteLineAsync($"mcptt demo: {e.Message}");
            return ExitCodes.CannotStart;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            var why = limit.IsCancellationRequested ? $"not finished within {Limit.TotalSeconds} s" : "stopped";
            await context.Error.WriteLineAsync($"mcptt demo: {why}");
            return ExitCodes.Failed;
        }
    }
}
