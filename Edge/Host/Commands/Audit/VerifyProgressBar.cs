using Mcptt.Actors.Audit;
using Spectre.Console;

namespace Mcptt.Host.Commands.Audit;

/// <summary>How far a verification is, on the terminal that errors go to; nothing where that is no terminal.</summary>
internal static class VerifyProgressBar
{
    public static async Task<VerifyReport> RunAsync(CommandContext context, Func<IProgress<VerifyProgress>?, Task<VerifyReport>> verify)
    {
        if (!context.ErrorIsTerminal)
        {
            return await verify(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async screen => await verify(new Bar(screen.AddTask("reading"))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value)
        {
            task.MaxValue = Math.Max(1, value.End);
            task.Value = Math.Clamp(value.Ordering, 0, value.End);
            task.Description = value.Pass == 1 ? $"{value.Rows:N0} events" : $"{value.Rows:N0} events, pass {value.Pass}";
        }
    }
}
