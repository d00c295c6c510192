using Mcptt.Host.Commands;
using Mcptt.Ue.Events;

namespace Mcptt.Host.Phones;

/// <summary>Prints events as they happen: lines for people, or JSON Lines.</summary>
internal sealed class EventPrinter(CommandContext context, UePlan plan)
{
    private readonly Lock _oneLineAtATime = new();
    private long _printed;

    public void Say(string text) => Write(text);

    public async Task PrintAsync(UeEventLog events, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in events.ReadAsync(0, cancellationToken))
            {
                _printed++;
                if (plan.Json || plan.Verbose || happened is not FloorMessagePassed)
                {
                    Write(plan.Json ? EventLine.Json(happened, plan.Options.User.AddressOfRecord) : EventLine.Text(happened));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client stops.
        }
    }

    /// <summary>Ends printing when everything that has happened so far is printed.</summary>
    public async Task FinishAsync(UeEventLog events, CancellationTokenSource printing, Task printer)
    {
        while (_printed < events.End && !printing.IsCancellationRequested && !printer.IsCompleted)
        {
            await Task.Yield();
        }

        await printing.CancelAsync();
        await printer;
    }

    private void Write(string line)
    {
        lock (_oneLineAtATime)
        {
            context.Out.WriteLine(line);
            context.Out.Flush();
        }
    }
}
