using Spectre.Console;

namespace Mcptt.Host.Commands.Audit;

/// <summary>How far long work is, on the terminal that errors go to; nothing where that is no terminal.</summary>
internal static class ArchiveProgress
{
    public static async Task<T> RunAsync<TStep, T>(CommandContext context, Func<TStep, (string What, double Done, double Total)> tell, Func<IProgress<TStep>?, Task<T>> work)
    {
        if (!context.ErrorIsTerminal)
        {
            return await work(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async screen => await work(new Bar<TStep>(screen.AddTask("looking"), tell)));
    }

    private sealed class Bar<TStep>(ProgressTask task, Func<TStep, (string What, double Done, double Total)> tell) : IProgress<TStep>
    {
        public void Report(TStep value)
        {
            var (what, done, total) = tell(value);
            task.Description = what;
            task.IsIndeterminate = total == 0;
            task.MaxValue = Math.Max(1, total);
            task.Value = done;
        }
    }
}
