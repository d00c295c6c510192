using System.Runtime.InteropServices;
using Mcptt.Host.Commands;

using var stop = new CancellationTokenSource();

// The first signal begins the drain, a second one ends the process at once, as the system does by itself.
void Drain(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Drain);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Drain);
return await McpttCommandLine.RunAsync(args, CommandContext.OfProcess(stop.Token));
