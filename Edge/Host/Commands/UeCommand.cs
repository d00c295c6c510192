using System.CommandLine;
using Mcptt.Host.Phones;
using Mcptt.Ue;
using Mcptt.Ue.Script;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Commands;

/// <summary>mcptt ue: one MCPTT client, driven by flags, by a script, or by hand.</summary>
internal static class UeCommand
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    public static Command Create(CommandContext context)
    {
        var command = new Command(
            "ue",
            "A scriptable MCPTT client: registers, affiliates, calls a group, pushes to talk, plays and records.\n"
                + "Without --call, --script or --duration it takes commands from standard input (type \"help\").\n"
                + "Exit code 0: everything that was ordered and expected came true; 1: something did not.");
        var options = UeCommandOptions.AddTo(command, context);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!options.TryRead(parsed, out var plan, out var fault))
            {
                await context.Error.WriteLineAsync($"mcptt ue: {fault}");
                return ExitCodes.Usage;
            }

            return await RunAsync(plan, context, cancellationToken);
        });
        return command.WithExamples(
            "mcptt ue --server 127.0.0.1 --user sip:alice@example.org --password secret --group sip:brigade@example.org --affiliate",
            "mcptt ue --server 127.0.0.1 --user sip:bob@example.org --password secret --group sip:brigade@example.org --affiliate --call --play hello.wav",
            "mcptt ue --server 127.0.0.1 --user sip:carol@example.org --group sip:brigade@example.org --affiliate --record heard.wav --duration 30s --json",
            "mcptt ue --server 127.0.0.1 --user sip:bob@example.org --script burst.ue",
            "printf 'register\\ncall sip:brigade@example.org\\npress\\nexpect granted within 1s\\nwait 2s\\nrelease\\nhangup\\n' | mcptt ue ... --script -");
    }

    private static async Task<int> RunAsync(UePlan plan, CommandContext context, CancellationToken cancellationToken)
    {
        await using var ue = UeClient.Create(plan.Options, context.Time, NullLoggerFactory.Instance);
        using var printing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var screen = new EventPrinter(context, plan);
        var printer = screen.PrintAsync(ue.Events, printing.Token);
        try
        {
            await ue.StartAsync(cancellationToken);
            var runner = new ScriptRunner(ue, context.Time, screen.Say);
            var failure = await runner.RunAsync(plan.Script, cancellationToken)
                ?? (plan.Interactive ? await new UeConsole(context, runner, screen).RunAsync(cancellationToken) : null);
            await EndAsync(ue);
            if (failure is null)
            {
                return ExitCodes.Success;
            }

            await context.Error.WriteLineAsync($"mcptt ue: {failure}");
            return ExitCodes.Failed;
        }
        catch (System.Net.Sockets.SocketException e)
        {
            await context.Error.WriteLineAsync($"mcptt ue: {plan.Options.LocalAddress}: {e.Message}; name an address of this machine with --local");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(ue);
            return ExitCodes.Success;
        }
        finally
        {
            await screen.FinishAsync(ue.Events, printing, printer);
        }
    }

    // Whatever the script left standing is given back, so that the server does not ring a phone that is gone.
    private static async Task EndAsync(UeClient ue)
    {
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await ue.LeaveAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The server does not answer: its own timers end the binding and the leg.
        }
    }
}
