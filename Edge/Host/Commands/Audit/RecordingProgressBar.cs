using Mcptt.Host.Recordings;
using Spectre.Console;

namespace Mcptt.Host.Commands.Audit;

/// <summary>How much of the recordings has been checked, on the terminal that errors go to; nothing where that is no terminal.</summary>
internal static class RecordingProgressBar
{
    public static async Task<List<CheckedRecording>> CheckAsync(
        CommandContext context, IReadOnlyList<RecordedSpeech> recordings, Func<RecordedSpeech, Task<CheckedRecording>> check)
    {
        if (!context.ErrorIsTerminal)
        {
            return await EachAsync(recordings, check, _ => { });
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(screen =>
            {
                var task = screen.AddTask($"checking {recordings.Count} recordings", maxValue: recordings.Sum(one => (double)one.Burst.Octets));
                return EachAsync(recordings, check, one => task.Increment(one.Burst.Octets));
            });
    }

    private static async Task<List<CheckedRecording>> EachAsync(IReadOnlyList<RecordedSpeech> recordings, Func<RecordedSpeech, Task<CheckedRecording>> check, Action<RecordedSpeech> done)
    {
        var results = new List<CheckedRecording>(recordings.Count);
        foreach (var one in recordings)
        {
            results.Add(await check(one));
            done(one);
        }

        return results;
    }
}
